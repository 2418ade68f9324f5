//! `/api/v1/portal-users`: who may come into the portal. Nothing here sends mail.

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
    changes::portal_users::{self, NewPortalUser, PortalUserChange},
    domain::{
        ids::{EndUserId, OrganizationId, PortalUserId},
        portal_user::PortalUserState,
    },
    json_body::JsonBody,
    problems::Refused,
    store::PortalUser,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct PortalUserJson {
    id: PortalUserId,
    organization_id: OrganizationId,
    end_user_id: Option<EndUserId>,
    sign_in_name: String,
    state: PortalUserState,
    created_at: UnixMillis,
}

impl From<PortalUser> for PortalUserJson {
    fn from(row: PortalUser) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            end_user_id: row.end_user_id,
            sign_in_name: row.sign_in_name,
            state: row.state,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<PortalUserJson>>, Refused> {
    Ok(ListAnswer::new(app.store.portal_users(list.organization_id, list.page()?).await?, PortalUserJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewPortalUser>,
) -> Result<Made<Tagged<PortalUserJson>>, Refused> {
    let row = portal_users::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<PortalUserId>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    let row = app.store.portal_user(id).await?;
    row.map(Tagged::of).ok_or_else(|| Refused::not_found("portal user"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalUserId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<PortalUserChange>,
) -> Result<Tagged<PortalUserJson>, Refused> {
    Ok(Tagged::of(portal_users::change(&app, &actor, expected.of(id), change).await?))
}
