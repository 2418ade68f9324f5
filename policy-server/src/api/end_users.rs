//! `/api/v1/end-users`, also called `contacts`.

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
    portal_users::PortalUserJson,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::{
        end_users::{self, EndUserChange, NewEndUser},
        portal_users,
    },
    domain::{
        ids::{EndUserId, OrganizationId, SiteId},
        language::Language,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{EndUser, lists::EndUserFilter},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct EndUserJson {
    id: EndUserId,
    organization_id: OrganizationId,
    name: String,
    email: Option<String>,
    phone: Option<String>,
    site_id: Option<SiteId>,
    /// In which language they are mailed; null: the MSP's.
    language: Option<Language>,
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
            language: row.language,
            external_id: row.external_id,
            created_at: row.created_at,
        }
    }
}

/// Which end users; what is left out narrows nothing.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct EndUserList {
    /// Only of this one.
    #[serde(alias = "customer_id")]
    organization_id: Option<OrganizationId>,
    /// Only with this address, whatever its case.
    email: Option<String>,
    /// Only with this in name or address.
    q: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = MAX_LIMIT))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<EndUserList>,
) -> Result<Json<ListAnswer<EndUserJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    let words = list.q.unwrap_or_default();
    let filter = EndUserFilter { organization: list.organization_id, email: list.email, words };
    Ok(ListAnswer::new(app.store.end_users_like(&filter, page).await?, EndUserJson::from))
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

/// Makes an end user a portal user, without mail. Somebody who is one stays what they are.
pub(super) async fn enable(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_users::enable_for_tray(&app, &actor, id).await?))
}

/// Removes it, and answers with what it was.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<EndUserId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<EndUserJson>, Refused> {
    Ok(Json(end_users::remove(&app, &actor, expected.of(id)).await?.into()))
}
