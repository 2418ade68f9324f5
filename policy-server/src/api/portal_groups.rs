//! `/api/v1/portal-groups`: what portal users may do, by group.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::portal_groups::{self, NewPortalGroup, PortalGroupChange},
    domain::portal_user::{GroupKey, PortalPermission},
    json_body::JsonBody,
    problems::Refused,
    store::{Page, PortalGroup},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct PortalGroupJson {
    /// A name where it is built in, else an id.
    key: GroupKey,
    name: String,
    /// Whether it was always there, and stays.
    built_in: bool,
    permissions: Vec<PortalPermission>,
    created_at: UnixMillis,
}

impl From<PortalGroup> for PortalGroupJson {
    fn from(row: PortalGroup) -> Self {
        Self {
            key: row.key,
            name: row.name,
            built_in: row.built_in,
            permissions: row.permissions.0,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<PortalGroupJson>>, Refused> {
    list.page()?;
    // They are few.
    let page = Page { items: app.store.portal_groups().await?, next: None };
    Ok(ListAnswer::new(page, PortalGroupJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewPortalGroup>,
) -> Result<Made<Tagged<PortalGroupJson>>, Refused> {
    Ok(Made(Tagged::of(portal_groups::make(&app, &actor, new).await?)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(key): Path<GroupKey>,
) -> Result<Tagged<PortalGroupJson>, Refused> {
    Ok(Tagged::of(portal_groups::portal_group(&app, &key).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(key): Path<GroupKey>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<PortalGroupChange>,
) -> Result<Tagged<PortalGroupJson>, Refused> {
    Ok(Tagged::of(portal_groups::change(&app, &actor, key, &expected, change).await?))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(key): Path<GroupKey>,
    IfMatch(expected): IfMatch,
) -> Result<Json<PortalGroupJson>, Refused> {
    Ok(Json(portal_groups::remove(&app, &actor, key, &expected).await?.into()))
}
