//! `/api/v1/portal-users`: who may come into the portal. Nothing here sends mail.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use deskbell_protocol::{ProblemKind, UnixMillis};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::Fields,
    lists::{Asked, ListAnswer, OrganizationList},
};
use crate::{
    app::SharedApp,
    domain::{
        contact,
        ids::{EndUserId, OrganizationId, PortalUserId},
        portal_user::{PortalUserState, sign_in_key},
    },
    json_body::JsonBody,
    problems::Refused,
    store::PortalUser,
};

#[derive(Serialize)]
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

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPortalUser {
    organization_id: OrganizationId,
    end_user_id: Option<EndUserId>,
    sign_in_name: String,
}

/// The changes of state that need no invitation.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum WantedState {
    Enabled,
    Deactivated,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PortalUserChange {
    state: WantedState,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<PortalUserJson>>, Refused> {
    Ok(ListAnswer::new(app.store.portal_users(list.organization_id, list.page()?).await?, PortalUserJson::from))
}

/// Enables an end user for the tray, without mail (decision C6).
pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(new): JsonBody<NewPortalUser>,
) -> Result<(StatusCode, Json<PortalUserJson>), Refused> {
    let mut fields = Fields::default();
    let sign_in_name = fields.check("/sign_in_name", &new.sign_in_name, contact::name);
    fields.done()?;
    let row = PortalUser {
        id: PortalUserId(app.new_id()),
        organization_id: new.organization_id,
        end_user_id: new.end_user_id,
        sign_in_key: sign_in_key(&sign_in_name),
        sign_in_name,
        state: PortalUserState::Enabled,
        created_at: app.now(),
    };
    app.store.insert_portal_user(row.clone()).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PortalUserId>,
) -> Result<Json<PortalUserJson>, Refused> {
    let row = app.store.portal_user(id).await?;
    row.map(|row| Json(row.into())).ok_or_else(|| Refused::not_found("portal user"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<PortalUserId>,
    JsonBody(change): JsonBody<PortalUserChange>,
) -> Result<Json<PortalUserJson>, Refused> {
    let mut row = app.store.portal_user(id).await?.ok_or_else(|| Refused::not_found("portal user"))?;
    row.state = match (change.state, row.state) {
        (WantedState::Deactivated, _) => PortalUserState::Deactivated,
        (WantedState::Enabled, PortalUserState::Enabled | PortalUserState::Deactivated) => PortalUserState::Enabled,
        (WantedState::Enabled, PortalUserState::Invited | PortalUserState::Active | PortalUserState::Expired) => {
            return Err(Refused::new(
                ProblemKind::Conflict,
                "This portal user has been invited; only a deactivated one can be enabled.",
            ));
        }
    };
    app.store.save_portal_user(row.clone()).await?;
    Ok(Json(row.into()))
}
