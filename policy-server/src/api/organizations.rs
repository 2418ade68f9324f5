//! `/api/v1/organizations`, also called `customers`.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, MAX_LIMIT, page_request},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::{
        fields::AttachPolicy,
        organizations::{self, NewOrganization, OrganizationChange},
        portal_users,
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

/// Which organizations; what is left out narrows nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrganizationList {
    /// Only with this name, whatever its case.
    name: Option<String>,
    /// Only with this in the name.
    q: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<OrganizationJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    let page = app.store.organizations_like(&list.q.unwrap_or_default(), list.name.as_deref(), page).await?;
    Ok(ListAnswer::new(page, OrganizationJson::from))
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

/// How many end users became portal users.
#[derive(Serialize, JsonSchema)]
pub(super) struct Enabled {
    pub(super) enabled: usize,
}

/// Makes each end user who has an asset in use a portal user, without mail. Those who are one stay what they are.
pub(super) async fn enable(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
) -> Result<Json<Enabled>, Refused> {
    Ok(Json(Enabled { enabled: portal_users::enable_all_for_tray(&app, &actor, id).await? }))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<OrganizationJson>, Refused> {
    Ok(Json(organizations::remove(&app, &actor, expected.of(id)).await?.into()))
}
