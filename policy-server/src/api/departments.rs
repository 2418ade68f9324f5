//! `/api/v1/departments`: whom at the MSP tickets are for.

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
    changes::departments::{self, DepartmentChange, NewDepartment},
    domain::ids::DepartmentId,
    json_body::JsonBody,
    problems::Refused,
    store::{Department, Page},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct DepartmentJson {
    id: DepartmentId,
    name: String,
    /// Whether tickets can be sent to it.
    active: bool,
    /// Whether it gets what goes to no other.
    is_default: bool,
    /// Whether whoever becomes an end user by a request there is invited to the portal.
    auto_invite: bool,
    /// Where it gets mail.
    address: Option<String>,
    created_at: UnixMillis,
}

impl From<Department> for DepartmentJson {
    fn from(row: Department) -> Self {
        Self {
            id: row.id,
            name: row.name,
            active: row.active,
            is_default: row.is_default,
            auto_invite: row.auto_invite,
            address: row.address,
            created_at: row.created_at,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<DepartmentJson>>, Refused> {
    list.page()?;
    // There are few enough for one page.
    let page = Page { items: app.store.departments().await?, next: None };
    Ok(ListAnswer::new(page, DepartmentJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewDepartment>,
) -> Result<Made<Tagged<DepartmentJson>>, Refused> {
    Ok(Made(Tagged::of(departments::make(&app, &actor, new).await?)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<DepartmentId>,
) -> Result<Tagged<DepartmentJson>, Refused> {
    Ok(Tagged::of(departments::department(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<DepartmentId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<DepartmentChange>,
) -> Result<Tagged<DepartmentJson>, Refused> {
    Ok(Tagged::of(departments::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<DepartmentId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<DepartmentJson>, Refused> {
    Ok(Json(departments::remove(&app, &actor, expected.of(id)).await?.into()))
}
