//! Many people at once: looked at first, then each as if by hand (NAB-21 to NAB-26, ZOH-24 to ZOH-28).

use std::collections::{HashMap, HashSet};

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use super::{
    portal_user_steps::{can_invite, group_lets_in, invite, invite_again, invite_end_user, set_shut_out},
    portal_users::WantedState,
};
use crate::{
    app::App,
    domain::{
        audit::Actor,
        ids::{EndUserId, PortalUserId},
        portal_user::{PortalUserEvent, PortalUserState, Standing, sign_in_key, step},
    },
    problems::Refused,
    store::{EndUser, PortalUser},
};

/// How many people one batch may be about.
pub const MAX_BATCH: usize = 1000;

/// What is done to each of them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum BatchStep {
    /// They are let into the portal, and each is mailed a link.
    Invite,
    /// Who has not accepted is mailed another link.
    InviteAgain,
    /// They are shut out at once, and who has an address is told by mail.
    Deactivate,
    /// That is taken back, without mail.
    Reactivate,
}

/// People who were chosen: end users, who need not be portal users yet, or portal users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Chosen {
    /// End users.
    #[serde(default)]
    #[schemars(length(max = MAX_BATCH))]
    pub end_user_ids: Vec<EndUserId>,
    /// Portal users.
    #[serde(default)]
    #[schemars(length(max = MAX_BATCH))]
    pub portal_user_ids: Vec<PortalUserId>,
}

/// One of them, and what would become of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Reviewed {
    /// The end user, unless the portal user is a whole organization.
    pub end_user_id: Option<EndUserId>,
    /// The portal user, if they are one.
    pub portal_user_id: Option<PortalUserId>,
    /// What they are called.
    pub name: String,
    /// Where mail would go.
    pub email: Option<String>,
    /// Why nothing happens to them; absent: it does.
    pub skipped: Option<String>,
}

impl BatchStep {
    /// As it stands in addresses and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on buttons.
    pub fn title(self) -> &'static str {
        match self {
            Self::Invite => "Invite to the portal",
            Self::InviteAgain => "Invite again",
            Self::Deactivate => "Deactivate",
            Self::Reactivate => "Reactivate, no mail",
        }
    }

    fn event(self) -> PortalUserEvent {
        match self {
            Self::Invite => PortalUserEvent::Invite,
            Self::InviteAgain => PortalUserEvent::InviteAgain,
            Self::Deactivate => PortalUserEvent::Deactivate,
            Self::Reactivate => PortalUserEvent::Reactivate,
        }
    }

    fn is_mailed(self) -> bool {
        matches!(self, Self::Invite | Self::InviteAgain)
    }
}

/// Says for each what `batch_step` would do, in the order of their names. The rules are those of a single step.
pub async fn review(app: &App, batch_step: BatchStep, chosen: &Chosen) -> Result<Vec<Reviewed>, Refused> {
    let mut people = Vec::new();
    for (end_user, portal_user) in load(app, chosen).await? {
        let organization = end_user.as_ref().map(|row| row.organization_id);
        let organization = organization.or(portal_user.as_ref().map(|row| row.organization_id));
        if let Some(organization) = organization.filter(|_| batch_step.is_mailed()) {
            can_invite(app, organization)?;
        }
        let email = portal_user.as_ref().and_then(|row| row.email.clone());
        // An invitation takes the end user's address along (see `invite`).
        let of_end_user = end_user.as_ref().filter(|_| batch_step.is_mailed()).and_then(|row| row.email.clone());
        let email = email.or(of_end_user);
        let skipped = obstacle(app, batch_step, portal_user.as_ref(), email.as_deref());
        people.push(Reviewed {
            end_user_id: end_user.as_ref().map(|row| row.id),
            portal_user_id: portal_user.as_ref().map(|row| row.id),
            name: match (end_user, portal_user) {
                (Some(row), _) => row.name,
                (None, Some(row)) => row.sign_in_name,
                (None, None) => String::new(),
            },
            email,
            skipped,
        });
    }
    people.sort_by_cached_key(|person| (person.name.to_lowercase(), person.end_user_id.map(|id| id.0)));
    if batch_step.is_mailed() {
        skip_repeated_addresses(&mut people);
    }
    Ok(people)
}

/// Does `batch_step` to each whom the review does not skip. Who is refused in between is skipped with the reason.
pub async fn apply(app: &App, actor: &Actor, batch_step: BatchStep, chosen: &Chosen) -> Result<Vec<Reviewed>, Refused> {
    let mut people = review(app, batch_step, chosen).await?;
    for person in people.iter_mut().filter(|person| person.skipped.is_none()) {
        match take(app, actor, batch_step, person).await {
            Ok(row) => person.portal_user_id = Some(row.id),
            Err(Refused::Failed(cause)) => return Err(Refused::Failed(cause)),
            Err(Refused::Problem(problem)) => person.skipped = Some(problem.detail),
        }
    }
    Ok(people)
}

async fn take(app: &App, actor: &Actor, batch_step: BatchStep, person: &Reviewed) -> Result<PortalUser, Refused> {
    let portal_user = person.portal_user_id.ok_or_else(|| Refused::not_found("portal user"));
    match (batch_step, person.end_user_id) {
        (BatchStep::Invite, Some(id)) => invite_end_user(app, actor, id).await,
        (BatchStep::Invite, None) => invite(app, actor, portal_user?).await,
        (BatchStep::InviteAgain, _) => invite_again(app, actor, portal_user?).await,
        (BatchStep::Deactivate, _) => set_shut_out(app, actor, portal_user?, WantedState::Deactivated).await,
        (BatchStep::Reactivate, _) => set_shut_out(app, actor, portal_user?, WantedState::Enabled).await,
    }
}

/// Why nothing would happen to somebody.
fn obstacle(app: &App, batch_step: BatchStep, portal_user: Option<&PortalUser>, email: Option<&str>) -> Option<String> {
    use PortalUserState::{Active, Deactivated, Expired, Invited};
    let standing = portal_user.map(|row| Standing { state: row.state, accepted: row.accepted_at.is_some() });
    if let Err(refusal) = step(standing, batch_step.event()) {
        return Some(refusal.to_string());
    }
    let said = match (batch_step, standing.map(|standing| standing.state)) {
        (BatchStep::Invite, Some(Invited | Expired)) => "Was invited before; invite them again.",
        (BatchStep::Invite, Some(Active)) => "Can sign in already.",
        (BatchStep::Deactivate, Some(Deactivated)) => "Is deactivated already.",
        (BatchStep::Reactivate, state) if state != Some(Deactivated) => "Is not deactivated.",
        (BatchStep::Invite | BatchStep::InviteAgain, _) if email.is_none() => "Has no e-mail address.",
        (BatchStep::Invite | BatchStep::InviteAgain, _) if group_lets_in(app, portal_user).is_err() => {
            "Their group lets nobody sign in."
        }
        _ => return None,
    };
    Some(said.to_owned())
}

/// Of those with the same address, the first is mailed.
fn skip_repeated_addresses(people: &mut [Reviewed]) {
    let mut mailed = HashMap::new();
    for person in people.iter_mut().filter(|person| person.skipped.is_none()) {
        let Some(key) = person.email.as_deref().map(sign_in_key) else { continue };
        match mailed.get(&key) {
            Some(first) => person.skipped = Some(format!("Has the same address as {first}, who is mailed.")),
            None => {
                mailed.insert(key, person.name.clone());
            }
        }
    }
}

/// Everybody who was chosen, once.
async fn load(app: &App, chosen: &Chosen) -> Result<Vec<(Option<EndUser>, Option<PortalUser>)>, Refused> {
    let end_users: HashSet<_> = chosen.end_user_ids.iter().copied().collect();
    let portal_users: HashSet<_> = chosen.portal_user_ids.iter().copied().collect();
    if end_users.len() + portal_users.len() > MAX_BATCH {
        return Err(Refused::new(ProblemKind::Invalid, format!("Choose at most {MAX_BATCH} people at once.")));
    }
    if end_users.is_empty() && portal_users.is_empty() {
        return Err(Refused::new(ProblemKind::Invalid, "Choose somebody first."));
    }
    let rows = app.store.chosen_portal_users(&end_users, &portal_users).await?;
    let of_rows = rows.iter().filter_map(|row| row.end_user_id);
    let ids: Vec<_> = end_users.iter().copied().chain(of_rows).collect();
    let found = app.store.chosen_end_users(&ids).await?.into_iter();
    let mut owners: HashMap<_, _> = found.map(|row| (row.id, row)).collect();
    let known: HashSet<_> = rows.iter().map(|row| row.id).collect();
    if !portal_users.is_subset(&known) || !end_users.iter().all(|id| owners.contains_key(id)) {
        return Err(Refused::field("/chosen", "must name people who are there"));
    }
    let mut people: Vec<_> =
        rows.into_iter().map(|row| (row.end_user_id.and_then(|id| owners.remove(&id)), Some(row))).collect();
    people.extend(owners.into_values().map(|row| (Some(row), None)));
    Ok(people)
}
