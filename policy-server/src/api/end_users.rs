//! `/api/v1/end-users`, also called `contacts`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::Serialize;

use super::{
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList},
};
use crate::{
    app::SharedApp,
    changes::end_users::{self, EndUserChange, NewEndUser},
    domain::ids::{EndUserId, OrganizationId, SiteId},
    json_body::JsonBody,
    problems::Refused,
    store::EndUser,
};

#[derive(Serialize)]
pub(super) struct EndUserJson {
    id: EndUserId,
    organization_id: OrganizationId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    site_id: Option<SiteId>,
    external_id: Option<String>,
    created_at: UnixMillis,
}

impl From<EndUser> for EndUserJson {
    fn from(row: EndUser) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            email: row.email,
            phone: row.phone,
            site_id: row.site_id,
            external_id: row.external_id,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<EndUserJson>>, Refused> {
    Ok(ListAnswer::new(app.store.end_users(list.organization_id, list.page()?).await?, EndUserJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewEndUser>,
) -> Result<(StatusCode, Json<EndUserJson>), Refused> {
    let row = end_users::make(&app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<EndUserId>,
) -> Result<Json<EndUserJson>, Refused> {
    Ok(Json(end_users::end_user(&app, id).await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
    JsonBody(change): JsonBody<EndUserChange>,
) -> Result<Json<EndUserJson>, Refused> {
    Ok(Json(end_users::change(&app, &actor, id, change).await?.into()))
}
