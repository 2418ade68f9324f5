//! `/api/v1/api-tokens`: which programs may use this API, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, ShownOnce},
    caller::Caller,
    lists::ListAnswer,
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::api_tokens::{self, NewApiToken},
    domain::{ids::ApiTokenId, role::Role},
    json_body::JsonBody,
    problems::Refused,
    store::{ApiToken, Page},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct ApiTokenJson {
    id: ApiTokenId,
    name: String,
    role: Role,
    revoked_at: Option<UnixMillis>,
    created_at: UnixMillis,
}

/// The answer to making one: the only time that the secret is shown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "MadeApiToken")]
pub(super) struct MadeToken {
    #[serde(flatten)]
    made: ApiTokenJson,
    token: String,
}

impl From<ApiToken> for ApiTokenJson {
    fn from(row: ApiToken) -> Self {
        let ApiToken { id, name, role, revoked_at, created_at, .. } = row;
        Self { id, name, role, revoked_at, created_at }
    }
}

pub(super) async fn list(State(app): State<SharedApp>) -> Result<Json<ListAnswer<ApiTokenJson>>, Refused> {
    Ok(ListAnswer::new(Page { items: app.store.api_tokens().await?, next: None }, ApiTokenJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewApiToken>,
) -> Result<Made<ShownOnce<MadeToken>>, Refused> {
    let (row, token) = api_tokens::make(&app, &actor, new).await?;
    Ok(Made(ShownOnce(MadeToken { made: row.into(), token })))
}

pub(super) async fn revoke(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<ApiTokenId>,
) -> Result<Json<ApiTokenJson>, Refused> {
    Ok(Json(api_tokens::revoke(&app, &actor, id).await?.into()))
}
