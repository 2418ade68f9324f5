//! `/api/v1/sites`: where organizations are.

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
    changes::sites::{self, NewSite, SiteChange},
    domain::ids::{OrganizationId, SiteId},
    json_body::JsonBody,
    problems::Refused,
    store::Site,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct SiteJson {
    id: SiteId,
    organization_id: OrganizationId,
    name: String,
    address: String,
    created_at: UnixMillis,
}

impl From<Site> for SiteJson {
    fn from(row: Site) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            name: row.name,
            address: row.address,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<SiteJson>>, Refused> {
    Ok(ListAnswer::new(app.store.sites(list.organization_id, list.page()?).await?, SiteJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewSite>,
) -> Result<Made<Tagged<SiteJson>>, Refused> {
    let row = sites::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(State(app): State<SharedApp>, Path(id): Path<SiteId>) -> Result<Tagged<SiteJson>, Refused> {
    Ok(Tagged::of(sites::site(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<SiteId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<SiteChange>,
) -> Result<Tagged<SiteJson>, Refused> {
    Ok(Tagged::of(sites::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<SiteId>,
) -> Result<Json<SiteJson>, Refused> {
    Ok(Json(sites::remove(&app, &actor, id).await?.into()))
}
