//! Portal users: who may come into the portal. Nothing here sends mail.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{end_users::end_user, expected::Seen, fields::Fields, organizations::organization, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{EndUserId, OrganizationId, PolicyId, PortalUserId},
        portal_user::{PortalUserState, sign_in_key},
        reach::Reach,
    },
    problems::Refused,
    store::{EndUser, PortalUser, end_users::NewPortalUserRow},
};

/// A new portal user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPortalUser {
    /// Whose.
    #[serde(alias = "customer_id")]
    pub organization_id: OrganizationId,
    /// The end user; absent: the organization itself.
    #[serde(alias = "contact_id")]
    pub end_user_id: Option<EndUserId>,
    /// What they type to sign in, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub sign_in_name: String,
}

/// The changes of state that need no invitation.
#[derive(Debug, Clone, Copy, Deserialize, JsonSchema)]
#[schemars(rename = "WantedPortalUserState")]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    /// In use for the tray.
    Enabled,
    /// Shut out.
    Deactivated,
}

/// What may change.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalUserChange {
    /// The wanted state.
    pub state: WantedState,
}

/// Enables an end user for the tray, without mail (decision C6).
pub async fn make(app: &App, actor: &Actor, new: NewPortalUser) -> Result<PortalUser, Refused> {
    let mut fields = Fields::default();
    let sign_in_name = fields.check("/sign_in_name", &new.sign_in_name, contact::name);
    fields.done()?;
    let row = PortalUser {
        id: PortalUserId(app.new_id()),
        organization_id: new.organization_id,
        end_user_id: new.end_user_id,
        sign_in_key: sign_in_key(&sign_in_name),
        sign_in_name,
        state: PortalUserState::Enabled,
        created_at: app.now(),
    };
    let detail = json!({"end_user_id": row.end_user_id, "state": row.state});
    let record = record(app, actor, AuditAction::PortalUserMade, row.id.0, &detail);
    app.store.insert_portal_user(row.clone(), record).await?;
    Ok(row)
}

/// Enables an end user for the tray, without mail (decision C6), under a sign-in name that is free. Somebody who is a
/// portal user stays what they are.
pub async fn enable_for_tray(app: &App, actor: &Actor, id: EndUserId) -> Result<PortalUser, Refused> {
    let end_user = end_user(app, id).await?;
    if app.store.portal_user_of(id).await?.is_none() {
        app.store.insert_portal_users(vec![enabled(app, actor, &end_user)]).await?;
    }
    let made = app.store.portal_user_of(id).await?;
    made.ok_or_else(|| Refused::new(ProblemKind::Conflict, "No sign-in name is free for this end user."))
}

/// Enables every end user of an organization who has an asset in use and is no portal user, all in one step, and says how
/// many were. Those who were deactivated stay so.
pub async fn enable_all_for_tray(app: &App, actor: &Actor, id: OrganizationId) -> Result<usize, Refused> {
    organization(app, id).await?;
    enable_within(app, actor, &Reach::of(Some(id))).await
}

/// Enables every end user with an asset that a policy reaches who is no portal user, and tells how many those were.
pub async fn enable_below_for_tray(app: &App, actor: &Actor, policy: PolicyId) -> Result<usize, Refused> {
    enable_within(app, actor, &app.fleet.reach(policy)).await
}

async fn enable_within(app: &App, actor: &Actor, reach: &Reach) -> Result<usize, Refused> {
    let end_users = app.store.end_users_to_enable(reach).await?;
    let new = end_users.iter().map(|end_user| enabled(app, actor, end_user)).collect();
    Ok(app.store.insert_portal_users(new).await?)
}

/// What an end user becomes: with the address as sign-in name, or with the name and what makes it unique.
fn enabled(app: &App, actor: &Actor, end_user: &EndUser) -> NewPortalUserRow {
    let row = PortalUser {
        id: PortalUserId(app.new_id()),
        organization_id: end_user.organization_id,
        end_user_id: Some(end_user.id),
        sign_in_name: String::new(),
        sign_in_key: String::new(),
        state: PortalUserState::Enabled,
        created_at: app.now(),
    };
    let unique = format!("{} {}", end_user.name, &end_user.id.0.simple().to_string()[24..]);
    let names = end_user.email.iter().cloned().chain([unique, end_user.id.to_string()]);
    let names = names.filter_map(|name| contact::name(&name).ok());
    let detail = json!({"end_user_id": row.end_user_id, "state": row.state});
    NewPortalUserRow {
        names: names.map(|name| (sign_in_key(&name), name)).collect(),
        record: record(app, actor, AuditAction::PortalUserMade, row.id.0, &detail),
        row,
    }
}

/// Enables or deactivates a portal user.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<PortalUserId>>,
    change: PortalUserChange,
) -> Result<PortalUser, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_portal_user(id, |row| {
        expected.check(row)?;
        let before = row.state;
        row.state = match (change.state, before) {
            (WantedState::Deactivated, _) => PortalUserState::Deactivated,
            (WantedState::Enabled, PortalUserState::Enabled | PortalUserState::Deactivated) => PortalUserState::Enabled,
            (WantedState::Enabled, PortalUserState::Invited | PortalUserState::Active | PortalUserState::Expired) => {
                return Err(Refused::new(
                    ProblemKind::Conflict,
                    "This portal user has been invited; only a deactivated one can be enabled.",
                ));
            }
        };
        let detail = json!({"before": before, "after": row.state});
        Ok(record(app, actor, AuditAction::PortalUserChanged, id.0, &detail))
    });
    saved.await?.ok_or_else(|| Refused::not_found("portal user"))
}
