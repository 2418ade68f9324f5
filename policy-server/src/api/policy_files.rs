//! `/api/v1/policies/export`, `/import` and `/plan`: policies as a file (POL-08).

use axum::{
    Json,
    extract::State,
    http::{HeaderName, header},
};

use super::caller::Caller;
use crate::{
    app::SharedApp,
    changes::policy_files::{self, PolicyFile, PolicyPlan},
    json_body::JsonBody,
    problems::Refused,
};

pub(super) async fn export(
    State(app): State<SharedApp>,
    _: Caller,
) -> Result<([(HeaderName, &'static str); 2], String), Refused> {
    let file = policy_files::export(&app).await?.to_text()?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"policies.json\""),
    ];
    Ok((headers, file))
}

pub(super) async fn import(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(file): JsonBody<PolicyFile>,
) -> Result<Json<PolicyPlan>, Refused> {
    Ok(Json(policy_files::import(&app, &actor, file).await?))
}

/// What an import would change, without changing it.
pub(super) async fn plan(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(file): JsonBody<PolicyFile>,
) -> Result<Json<PolicyPlan>, Refused> {
    Ok(Json(policy_files::plan(&app, file).await?))
}
