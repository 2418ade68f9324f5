//! `/api/v1/policies/export`, `/import` and `/plan`: policies as a file (POL-08).

use axum::{Json, extract::State};

use super::{answers::JsonFile, caller::Caller};
use crate::{
    app::SharedApp,
    changes::policy_files::{self, PolicyFile, PolicyPlan},
    json_body::JsonBody,
    problems::Refused,
};

/// The file, written so that its versions can be compared line by line.
pub(super) async fn export(State(app): State<SharedApp>) -> Result<JsonFile<PolicyFile>, Refused> {
    Ok(JsonFile { name: "policies.json", content: policy_files::export(&app).await? })
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
    JsonBody(file): JsonBody<PolicyFile>,
) -> Result<Json<PolicyPlan>, Refused> {
    Ok(Json(policy_files::plan(&app, file).await?))
}
