//! End users: the people who work with managed computers.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    portal_user_steps::{NO_ADDRESS, can_invite, group_lets_in, invite, invite_end_user, set_shut_out},
    portal_users::WantedState,
    record,
    removal::NotRemoved,
    sites::wished_site,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{EndUserId, OrganizationId, SiteId},
        language::Language,
        portal_user::PortalUserState,
        search::search_key,
    },
    problems::Refused,
    store::EndUser,
};

/// A new end user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndUser {
    /// Whose.
    #[serde(alias = "customer_id")]
    pub organization_id: OrganizationId,
    /// Their name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Their address; others may have the same (decision C11).
    pub email: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Where they work, if it is known: a site of the organization.
    pub site_id: Option<SiteId>,
    /// In which language they are mailed; absent: the MSP's.
    pub language: Option<Language>,
    /// What the MSP's other program calls them, if it does.
    pub external_id: Option<String>,
    /// Whether they are let into the portal, which mails them an invitation (RES-20).
    pub portal_access: Option<bool>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndUserChange {
    /// Their name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Wish<String>,
    /// Where they can be called.
    #[serde(default)]
    pub phone: Wish<String>,
    /// Where they work: a site of the organization.
    #[serde(default)]
    pub site_id: Wish<SiteId>,
    /// In which language they are mailed; null: the MSP's.
    #[serde(default)]
    pub language: Wish<Language>,
    /// What the MSP's other program calls them.
    #[serde(default)]
    pub external_id: Wish<String>,
    /// Whether they are let into the portal: switched on, it mails an invitation, as "invite" does; switched off, it deactivates.
    pub portal_access: Option<bool>,
}

/// Makes an end user.
pub async fn make(app: &App, actor: &Actor, new: NewEndUser) -> Result<EndUser, Refused> {
    let (site_id, portal_access) = (new.site_id, new.portal_access);
    let mut row = new_row(app, new)?;
    if portal_access == Some(true) {
        can_invite(app, row.organization_id)?;
    }
    wished_site(app, site_id.map_or(Wish::Keep, Wish::Set)).await?.put(row.organization_id, &mut row.site_id)?;
    let record = record(app, actor, AuditAction::EndUserMade, row.id.0, &json!({}));
    app.store.insert_end_user(row.clone(), record).await?;
    set_portal_access(app, actor, row.id, portal_access).await?;
    Ok(row)
}

/// Makes an end user with an address that nobody of the organization has, and gives whoever has it then, also where others
/// do the same at the same time.
pub(super) async fn make_if_new(app: &App, actor: &Actor, new: NewEndUser) -> Result<Vec<EndUser>, Refused> {
    let row = new_row(app, new)?;
    let record = record(app, actor, AuditAction::EndUserMade, row.id.0, &json!({}));
    Ok(app.store.insert_end_user_with_new_address(row, record).await?)
}

fn new_row(app: &App, new: NewEndUser) -> Result<EndUser, Refused> {
    let mut fields = Fields::default();
    let row = EndUser {
        id: EndUserId(app.new_id()),
        organization_id: new.organization_id,
        search_key: search_key(&[&new.name, new.email.as_deref().unwrap_or_default()]),
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        phone: fields.check_optional("/phone", new.phone, contact::phone),
        site_id: None,
        language: new.language,
        external_id: fields.check_optional("/external_id", new.external_id, contact::external_id),
        created_at: app.now(),
    };
    if new.portal_access == Some(true) && row.email.is_none() {
        fields.fault("/email", NO_ADDRESS.into());
    }
    fields.done()?;
    Ok(row)
}

/// Changes an end user; the menus that show the name follow.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<EndUserId>>,
    change: EndUserChange,
) -> Result<EndUser, Refused> {
    let (Seen { id, expected }, site) = (seen.into(), wished_site(app, change.site_id).await?);
    if change.portal_access == Some(true) {
        can_invite(app, end_user(app, id).await?.organization_id)?;
        group_lets_in(app, app.store.portal_user_of(id).await?.as_ref())?;
    }
    let saved = app.store.change_end_user(id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
        }
        fields.change_optional("/email", &mut row.email, change.email, contact::email);
        fields.change_optional("/phone", &mut row.phone, change.phone, contact::phone);
        fields.change_optional("/external_id", &mut row.external_id, change.external_id, contact::external_id);
        if change.portal_access == Some(true) && row.email.is_none() {
            fields.fault("/email", NO_ADDRESS.into());
        }
        fields.done()?;
        change.language.put(&mut row.language);
        site.put(row.organization_id, &mut row.site_id)?;
        row.search_key = search_key(&[&row.name, row.email.as_deref().unwrap_or_default()]);
        Ok::<_, Refused>(record(app, actor, AuditAction::EndUserChanged, id.0, &json!({})))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("end user"))?;
    app.catch_up().await;
    set_portal_access(app, actor, id, change.portal_access).await?;
    Ok(row)
}

/// The same commands as those of a portal user, and the same mails (RES-21).
async fn set_portal_access(app: &App, actor: &Actor, id: EndUserId, wanted: Option<bool>) -> Result<(), Refused> {
    let Some(wanted) = wanted else { return Ok(()) };
    match (wanted, app.store.portal_user_of(id).await?) {
        (true, Some(row)) if row.state == PortalUserState::Deactivated => {
            set_shut_out(app, actor, row.id, WantedState::Enabled).await?;
            invite(app, actor, row.id).await?;
        }
        (true, _) => {
            invite_end_user(app, actor, id).await?;
        }
        (false, Some(row)) => {
            set_shut_out(app, actor, row.id, WantedState::Deactivated).await?;
        }
        (false, None) => {}
    }
    Ok(())
}

/// Removes an end user of whom nothing would be lost.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<EndUserId>>) -> Result<EndUser, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_end_user(id, |row| {
        expected.check(row)?;
        let detail = json!({"organization_id": row.organization_id});
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::EndUserRemoved, id.0, &detail))
    });
    let needed = "This end user has assets, now or in the past, logins, tickets or a portal user. Deactivate the portal user \
                  to shut them out.";
    let row = removed.await.map_err(|error| error.because(needed))?;
    row.ok_or_else(|| Refused::not_found("end user"))
}

/// The end user with this id.
pub async fn end_user(app: &App, id: EndUserId) -> Result<EndUser, Refused> {
    app.store.end_user(id).await?.ok_or_else(|| Refused::not_found("end user"))
}
