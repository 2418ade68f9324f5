//! The link of an organization without portal users: switched off, and on again as another one (decision C3).

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::record;
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::OrganizationId,
    },
    problems::Refused,
    store::Organization,
};

/// Whether the link lets in.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"enabled": false}]))]
#[serde(deny_unknown_fields)]
pub struct LinkChange {
    /// Switched on again, it is another link: the earlier one stays dead.
    pub enabled: bool,
}

/// Switches an organization's link. Off, whoever came by it is out at once; on, there must be no portal user.
pub async fn switch(app: &App, actor: &Actor, id: OrganizationId, change: LinkChange) -> Result<Organization, Refused> {
    let saved = app.store.switch_link(id, |row, has_portal_users| {
        if change.enabled && has_portal_users {
            let detail = "This organization has portal users, who sign in. Deactivate them first.";
            return Err(Refused::new(ProblemKind::Conflict, detail));
        }
        if change.enabled && !row.link_enabled {
            row.link_generation += 1;
        }
        row.link_enabled = change.enabled;
        let action =
            if change.enabled { AuditAction::OrganizationLinkEnabled } else { AuditAction::OrganizationLinkDisabled };
        let detail = json!({"generation": row.link_generation});
        Ok::<_, Refused>(record(app, actor, action, id.0, &detail))
    });
    saved.await?.ok_or_else(|| Refused::not_found("organization"))
}
