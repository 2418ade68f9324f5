//! `/api/v1/portals`: what end users see and whether they do.

use axum::{
    Json,
    extract::{Path, State},
};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::Fields,
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::SharedApp,
    domain::{contact, ids::PortalId},
    json_body::JsonBody,
    problems::Refused,
    store::{Page, Portal},
};

#[derive(Serialize)]
pub(super) struct PortalJson {
    id: PortalId,
    display_name: String,
    primary_color: String,
    accent_color: String,
    published: bool,
}

impl From<Portal> for PortalJson {
    fn from(row: Portal) -> Self {
        Self {
            id: row.id,
            display_name: row.display_name,
            primary_color: row.primary_color,
            accent_color: row.accent_color,
            published: row.published,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalChange {
    display_name: Option<String>,
    primary_color: Option<String>,
    accent_color: Option<String>,
    published: Option<bool>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<PortalJson>>, Refused> {
    list.page()?;
    // One server has one portal.
    let page = Page { items: vec![app.portal().await?], next: None };
    Ok(ListAnswer::new(page, PortalJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PortalId>,
) -> Result<Json<PortalJson>, Refused> {
    let row = app.store.portal(id).await?;
    row.map(|row| Json(row.into())).ok_or_else(|| Refused::not_found("portal"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PortalId>,
    JsonBody(change): JsonBody<PortalChange>,
) -> Result<Json<PortalJson>, Refused> {
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
    app.store.save_portal(row.clone()).await?;
    app.look.reload(&app.store).await?;
    Ok(Json(row.into()))
}
