//! Portals: what end users see and whether they do.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{expected::Seen, fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        department::AutoInvite,
        ids::PortalId,
        portal_user::InvitationBrings,
    },
    problems::Refused,
    store::Portal,
};

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalChange {
    /// The name at the top of each page.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub display_name: Option<String>,
    /// The color of the page's head, `#rrggbb`.
    pub primary_color: Option<String>,
    /// The color of what can be chosen, `#rrggbb`.
    pub accent_color: Option<String>,
    /// Whether end users can use it.
    pub published: Option<bool>,
    /// Whether it is more than the form that the tray opens.
    pub access: Option<bool>,
    /// Whether whoever has asked for help before can become a portal user by themselves.
    pub self_sign_up: Option<bool>,
    /// What an invitation brings.
    pub invitation_brings: Option<InvitationBrings>,
    /// Which departments invite whoever becomes an end user by a request there: the chosen ones, or all active ones.
    pub auto_invite: Option<AutoInvite>,
}

/// Changes a portal.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<PortalId>>,
    change: PortalChange,
) -> Result<Portal, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_portal(id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.display_name {
            row.display_name = fields.check("/display_name", &name, contact::name);
        }
        if let Some(color) = change.primary_color {
            row.primary_color = fields.check("/primary_color", &color, contact::color);
        }
        if let Some(color) = change.accent_color {
            row.accent_color = fields.check("/accent_color", &color, contact::color);
        }
        fields.done()?;
        row.published = change.published.unwrap_or(row.published);
        row.access = change.access.unwrap_or(row.access);
        row.self_sign_up = change.self_sign_up.unwrap_or(row.self_sign_up);
        row.invitation_brings = change.invitation_brings.unwrap_or(row.invitation_brings);
        row.auto_invite = change.auto_invite.unwrap_or(row.auto_invite);
        let detail = json!({
            "published": row.published, "access": row.access, "self_sign_up": row.self_sign_up,
            "invitation_brings": row.invitation_brings, "auto_invite": row.auto_invite,
        });
        Ok::<_, Refused>(record(app, actor, AuditAction::PortalChanged, id.0, &detail))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("portal"))?;
    app.catch_up().await;
    Ok(row)
}
