//! `/api/v1/staff`: who works at the MSP, for administrators.

use axum::{Json, extract::State, http::StatusCode};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, ShownOnce, Tagged},
    caller::Caller,
    lists::ListAnswer,
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::staff::{self, NewStaff, StaffChange},
    domain::{
        ids::{StaffId, StaffSessionId},
        role::Role,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Page, Staff, StaffSession},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct StaffJson {
    id: StaffId,
    name: String,
    email: String,
    role: Role,
    has_password: bool,
    has_second_factor: bool,
    deactivated_at: Option<UnixMillis>,
    created_at: UnixMillis,
}

/// The answer that carries a one-time link: the only time that it is shown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StaffWithLink")]
pub(super) struct WithLink {
    #[serde(flatten)]
    staff: StaffJson,
    link: String,
    /// Whether it is mailed to them as well.
    mailed: bool,
}

/// A browser in which somebody is signed in.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "StaffSession")]
pub(super) struct SessionJson {
    id: StaffSessionId,
    /// What the browser calls itself.
    browser: String,
    /// The address that it came from first.
    address: String,
    created_at: UnixMillis,
    /// When it was last used, give or take a minute.
    used_at: UnixMillis,
}

impl From<StaffSession> for SessionJson {
    fn from(row: StaffSession) -> Self {
        let StaffSession { id, browser, address, created_at, used_at, .. } = row;
        Self { id, browser, address, created_at, used_at }
    }
}

impl From<Staff> for StaffJson {
    fn from(row: Staff) -> Self {
        Self {
            id: row.id,
            name: row.name,
            email: row.email,
            role: row.role,
            has_password: row.password_hash.is_some(),
            has_second_factor: row.totp_generation.is_some(),
            deactivated_at: row.deactivated_at,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(State(app): State<SharedApp>) -> Result<Json<ListAnswer<StaffJson>>, Refused> {
    Ok(ListAnswer::new(Page { items: app.store.all_staff().await?, next: None }, StaffJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewStaff>,
) -> Result<Made<ShownOnce<WithLink>>, Refused> {
    let (row, link) = staff::make(&app, &actor, new).await?;
    Ok(Made(ShownOnce(WithLink { staff: row.into(), link: link.url, mailed: link.mailed })))
}

pub(super) async fn show(State(app): State<SharedApp>, Path(id): Path<StaffId>) -> Result<Tagged<StaffJson>, Refused> {
    Ok(Tagged::of(staff::staff(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<StaffId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<StaffChange>,
) -> Result<Tagged<StaffJson>, Refused> {
    Ok(Tagged::of(staff::change(&app, &actor, expected.of(id), change).await?))
}

/// The browsers in which somebody is signed in, the newest first.
pub(super) async fn sessions(
    State(app): State<SharedApp>,
    Path(id): Path<StaffId>,
) -> Result<Json<ListAnswer<SessionJson>>, Refused> {
    let items = staff::sessions(&app, id).await?;
    Ok(ListAnswer::new(Page { items, next: None }, SessionJson::from))
}

pub(super) async fn end_session(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, session)): Path<(StaffId, StaffSessionId)>,
) -> Result<StatusCode, Refused> {
    staff::end_session(&app, &actor, id, session).await?;
    Ok(StatusCode::NO_CONTENT)
}

pub(super) async fn reset(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<StaffId>,
) -> Result<ShownOnce<WithLink>, Refused> {
    let link = staff::reset(&app, &actor, id).await?;
    Ok(ShownOnce(WithLink { staff: staff::staff(&app, id).await?.into(), link: link.url, mailed: link.mailed }))
}
