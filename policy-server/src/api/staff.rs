//! `/api/v1/staff`: who works at the MSP, for administrators.

use axum::{Json, extract::State};
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
    domain::{ids::StaffId, role::Role},
    json_body::JsonBody,
    problems::Refused,
    store::{Page, Staff},
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
    Ok(Made(ShownOnce(WithLink { staff: row.into(), link })))
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

pub(super) async fn reset(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<StaffId>,
) -> Result<ShownOnce<WithLink>, Refused> {
    let link = staff::reset(&app, &actor, id).await?;
    Ok(ShownOnce(WithLink { staff: staff::staff(&app, id).await?.into(), link }))
}
