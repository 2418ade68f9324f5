//! `/api/v1/end-users`, also called `contacts`.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::end_users::{self, EndUserChange, NewEndUser},
    domain::ids::{EndUserId, OrganizationId},
    json_body::JsonBody,
    problems::Refused,
    store::EndUser,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct EndUserJson {
    id: EndUserId,
    organization_id: OrganizationId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
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
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<EndUserJson>>, Refused> {
    Ok(ListAnswer::new(app.store.end_users(list.organization_id, list.page()?).await?, EndUserJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewEndUser>,
) -> Result<Made<Tagged<EndUserJson>>, Refused> {
    let row = end_users::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<EndUserId>,
) -> Result<Tagged<EndUserJson>, Refused> {
    Ok(Tagged::of(end_users::end_user(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<EndUserChange>,
) -> Result<Tagged<EndUserJson>, Refused> {
    Ok(Tagged::of(end_users::change(&app, &actor, expected.of(id), change).await?))
}
