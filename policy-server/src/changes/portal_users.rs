//! Portal users: who may come into the portal. Nothing here sends mail.

use deskbell_protocol::ProblemKind;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::{EndUserId, OrganizationId, PortalUserId},
        portal_user::{PortalUserState, sign_in_key},
    },
    problems::Refused,
    store::PortalUser,
};

/// A new portal user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewPortalUser {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The end user; absent: the organization itself.
    pub end_user_id: Option<EndUserId>,
    /// What they type to sign in, which no other has.
    pub sign_in_name: String,
}

/// The changes of state that need no invitation.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WantedState {
    /// In use for the tray.
    Enabled,
    /// Shut out.
    Deactivated,
}

/// What may change.
#[derive(Debug, Deserialize)]
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

/// Enables or deactivates a portal user.
pub async fn change(
    app: &App,
    actor: &Actor,
    id: PortalUserId,
    change: PortalUserChange,
) -> Result<PortalUser, Refused> {
    let mut row = app.store.portal_user(id).await?.ok_or_else(|| Refused::not_found("portal user"))?;
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
    let record = record(app, actor, AuditAction::PortalUserChanged, row.id.0, &detail);
    app.store.save_portal_user(row.clone(), record).await?;
    Ok(row)
}
