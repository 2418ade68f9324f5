//! `/api/v1/organizations`, also called `customers`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::Serialize;

use super::{
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
};
use crate::{
    app::SharedApp,
    changes::{
        fields::AttachPolicy,
        organizations::{self, NewOrganization, OrganizationChange},
    },
    domain::ids::{OrganizationId, PolicyId},
    json_body::JsonBody,
    problems::Refused,
    store::Organization,
};

#[derive(Serialize)]
pub(super) struct OrganizationJson {
    id: OrganizationId,
    name: String,
    email: Option<String>,
    policy_id: Option<PolicyId>,
    external_id: Option<String>,
    created_at: UnixMillis,
}

impl From<Organization> for OrganizationJson {
    fn from(row: Organization) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            policy_id: row.policy_id,
            external_id: row.external_id,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<OrganizationJson>>, Refused> {
    Ok(ListAnswer::new(app.store.organizations(list.page()?).await?, OrganizationJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewOrganization>,
) -> Result<(StatusCode, Json<OrganizationJson>), Refused> {
    let row = organizations::make(&app, &actor, new).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<OrganizationId>,
) -> Result<Json<OrganizationJson>, Refused> {
    Ok(Json(organizations::organization(&app, id).await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(change): JsonBody<OrganizationChange>,
) -> Result<Json<OrganizationJson>, Refused> {
    Ok(Json(organizations::change(&app, &actor, id, change).await?.into()))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<OrganizationJson>, Refused> {
    Ok(Json(organizations::attach_policy(&app, &actor, id, attach).await?.into()))
}
