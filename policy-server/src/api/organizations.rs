//! `/api/v1/organizations`, also called `customers`.

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
    changes::{
        fields::AttachPolicy,
        organizations::{self, NewOrganization, OrganizationChange},
    },
    domain::ids::{OrganizationId, PolicyId},
    json_body::JsonBody,
    problems::Refused,
    store::Organization,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct OrganizationJson {
    id: OrganizationId,
    name: String,
    email: Option<String>,
    policy_id: Option<PolicyId>,
    created_at: UnixMillis,
}

impl From<Organization> for OrganizationJson {
    fn from(row: Organization) -> Self {
        Self { id: row.id, name: row.name, email: row.email, policy_id: row.policy_id, created_at: row.created_at }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<OrganizationJson>>, Refused> {
    Ok(ListAnswer::new(app.store.organizations(list.page()?).await?, OrganizationJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewOrganization>,
) -> Result<Made<Tagged<OrganizationJson>>, Refused> {
    let row = organizations::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<OrganizationId>,
) -> Result<Tagged<OrganizationJson>, Refused> {
    Ok(Tagged::of(organizations::organization(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<OrganizationChange>,
) -> Result<Tagged<OrganizationJson>, Refused> {
    Ok(Tagged::of(organizations::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    IfMatch(expected): IfMatch,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Tagged<OrganizationJson>, Refused> {
    Ok(Tagged::of(organizations::attach_policy(&app, &actor, expected.of(id), attach).await?))
}
