//! Invitations by e-mail address, as one types them: to end users who have the address, and to new ones (ZOH-06, ZOH-07).

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::Deserialize;

use super::{
    end_users::{self, NewEndUser},
    fields::Fields,
    organizations::organization,
    portal_user_batch::{BatchStep, Chosen, MAX_BATCH, Reviewed, apply},
    portal_user_steps::can_invite,
};
use crate::{
    app::App,
    domain::{audit::Actor, contact, ids::OrganizationId, portal_user::sign_in_key},
    problems::Refused,
};

/// Whom to invite.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"emails": ["jane@example.com", "joe@example.com"]}]))]
#[serde(deny_unknown_fields)]
pub struct Invitations {
    /// Their addresses, at most 1,000; one that stands there twice is mailed once.
    #[schemars(length(min = 1, max = MAX_BATCH))]
    pub emails: Vec<String>,
}

/// Invites the end users of an organization who have these addresses; whoever is not there yet becomes one, under the address as
/// name. Nothing is done while one of the addresses is none. Where several have an address, none of them is meant.
pub async fn invite_addresses(
    app: &App,
    actor: &Actor,
    id: OrganizationId,
    invitations: Invitations,
) -> Result<Vec<Reviewed>, Refused> {
    organization(app, id).await?;
    can_invite(app, id)?;
    let emails = addresses(&invitations.emails)?;
    let (mut chosen, mut skipped) = (Vec::new(), Vec::new());
    for email in emails {
        let mut found = app.store.end_users_called(id, &email).await?;
        let key = sign_in_key(&email);
        found.retain(|row| row.email.as_deref().map(sign_in_key).as_ref() == Some(&key));
        if found.is_empty() {
            found = end_users::make_if_new(app, actor, new_end_user(id, &email)).await?;
        }
        match &found[..] {
            [one] => chosen.push(one.id),
            _ => skipped.push(Reviewed {
                end_user_id: None,
                portal_user_id: None,
                name: email.clone(),
                email: Some(email),
                skipped: Some("Several end users have this address; choose one of them.".into()),
            }),
        }
    }
    let mut people = Vec::new();
    if !chosen.is_empty() {
        let chosen = Chosen { end_user_ids: chosen, portal_user_ids: Vec::new() };
        people = apply(app, actor, BatchStep::Invite, &chosen).await?;
    }
    people.extend(skipped);
    Ok(people)
}

/// Each address once, or what is wrong with which.
fn addresses(typed: &[String]) -> Result<Vec<String>, Refused> {
    if typed.is_empty() || typed.len() > MAX_BATCH {
        return Err(Refused::field("/emails", "must be one address at least, and 1,000 at most"));
    }
    let (mut fields, mut known, mut emails) = (Fields::default(), HashSet::new(), Vec::new());
    for (place, text) in typed.iter().enumerate() {
        let email = fields.check(&format!("/emails/{place}"), text, |text| {
            contact::email(text).map_err(|detail| format!("{detail}; {text} is none"))
        });
        if known.insert(sign_in_key(&email)) {
            emails.push(email);
        }
    }
    fields.done()?;
    Ok(emails)
}

fn new_end_user(id: OrganizationId, email: &str) -> NewEndUser {
    NewEndUser {
        organization_id: id,
        name: email.to_owned(),
        email: Some(email.to_owned()),
        phone: None,
        site_id: None,
        language: None,
        external_id: None,
        portal_access: None,
    }
}
