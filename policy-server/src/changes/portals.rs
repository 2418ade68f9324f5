//! Portals: what end users see and whether they do.

use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::PortalId,
    },
    problems::Refused,
    store::Portal,
};

/// What may change.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PortalChange {
    /// The name at the top of each page.
    pub display_name: Option<String>,
    /// The color of the page's head, `#rrggbb`.
    pub primary_color: Option<String>,
    /// The color of what can be chosen, `#rrggbb`.
    pub accent_color: Option<String>,
    /// Whether end users can use it.
    pub published: Option<bool>,
}

/// Changes a portal.
pub async fn change(app: &App, actor: &Actor, id: PortalId, change: PortalChange) -> Result<Portal, Refused> {
    let mut row = app.store.portal(id).await?.ok_or_else(|| Refused::not_found("portal"))?;
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
    let record = record(app, actor, AuditAction::PortalChanged, row.id.0, &json!({"published": row.published}));
    app.store.save_portal(row.clone(), record).await?;
    app.catch_up().await;
    Ok(row)
}
