//! `/api/v1/organizations`, also called `customers`.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::{Made, Tagged},
    caller::{Caller, MayWork},
    lists::{Asked, ListAnswer, MAX_LIMIT, page_request},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        fields::AttachPolicy,
        organization_links::{self, LinkChange},
        organizations::{self, NewOrganization, OrganizationChange},
        portal_users,
    },
    domain::ids::{OrganizationId, PolicyId, PortalId},
    json_body::JsonBody,
    portal::organization_link::{lets_in, organization_link},
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
    /// Which portal it has; null: the one at `public_url`.
    portal_id: Option<PortalId>,
    /// Whether it has a portal at all.
    portal_available: bool,
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
            portal_id: row.portal_id,
            portal_available: row.portal_available,
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

/// The link with which an organization without portal users comes into the portal.
#[derive(Serialize, JsonSchema)]
pub(super) struct PortalLinkJson {
    /// Whether it is switched on.
    enabled: bool,
    /// The link; absent: it lets nobody in, since it is off or there are portal users, or whoever asks may only look.
    url: Option<String>,
}

pub(super) async fn portal_link(
    State(app): State<SharedApp>,
    Path(id): Path<OrganizationId>,
    MayWork(may_work): MayWork,
) -> Result<Json<PortalLinkJson>, Refused> {
    let row = organizations::organization(&app, id).await?;
    let Json(PortalLinkJson { enabled, url }) = shown_link(&app, &row).await?;
    // Whoever has the link sends tickets: it is not for those who only look.
    Ok(Json(PortalLinkJson { enabled, url: url.filter(|_| may_work) }))
}

pub(super) async fn switch_link(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<OrganizationId>,
    JsonBody(change): JsonBody<LinkChange>,
) -> Result<Json<PortalLinkJson>, Refused> {
    let row = organization_links::switch(&app, &actor, id, change).await?;
    shown_link(&app, &row).await
}

async fn shown_link(app: &App, row: &Organization) -> Result<Json<PortalLinkJson>, Refused> {
    let lets_in = lets_in(app, row).await?;
    Ok(Json(PortalLinkJson { enabled: row.link_enabled, url: lets_in.then(|| organization_link(app, row)) }))
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
