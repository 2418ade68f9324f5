//! `/api/v1/logos`: a portal's logo on its way in (NAB-05 to NAB-07).

use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request, State},
};
use deskbell_protocol::IconHash;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{
    answers::Made,
    description::{Asks, Operation},
};
use crate::{
    app::SharedApp,
    logos::{self, LogoError, MAX_UPLOAD_BYTES},
    problems::Refused,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct LogoJson {
    /// Its name, which designs of portals have.
    name: IconHash,
    /// What is given out, in bytes.
    size: usize,
    /// What would have been better.
    warning: Option<&'static str>,
}

/// A PNG or JPEG as the request's body.
pub(super) struct Upload(Bytes);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let read = to_bytes(request.into_body(), MAX_UPLOAD_BYTES).await;
        read.map(Self).map_err(|_| Refused::field("", LogoError::TooLarge.to_string()))
    }
}

impl Asks for Upload {
    fn describe(operation: &mut Operation<'_>) {
        let content = json!({"image/png": {"schema": {}}, "image/jpeg": {"schema": {}}});
        operation.body = Some(json!({"required": true, "content": content}));
        operation.problem(422);
    }
}

/// Takes a logo, and answers with its name. The same pixels have the same name.
pub(super) async fn upload(
    State(app): State<SharedApp>,
    Upload(upload): Upload,
) -> Result<Made<Json<LogoJson>>, Refused> {
    let kept = logos::keep(&app, upload).await.map_err(|error| match error {
        LogoError::Failed(cause) => Refused::Failed(cause),
        fault => Refused::field("", fault.to_string()),
    })?;
    let warning = kept.was_large.then_some("The file has more than 100 KB; a smaller one would do as well.");
    Ok(Made(Json(LogoJson { name: kept.name, size: kept.size, warning })))
}
