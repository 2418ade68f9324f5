//! `/api/v1/icons`: the MSP's own icons, which policies name by their hash (AGT-19).

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Path, Request, State},
    http::StatusCode,
    response::Response,
};
use deskbell_protocol::IconHash;
use serde::Serialize;

use super::caller::Caller;
use crate::{
    app::SharedApp,
    icons::{self, IconError, answer},
    json_body::MAX_JSON_BYTES,
    problems::Refused,
};

#[derive(Serialize)]
pub(super) struct IconJson {
    sha256: IconHash,
    size: usize,
}

/// A PNG as the request's body, read whole: it may be as large as JSON may.
pub(super) struct Upload(Bytes);

impl<S: Send + Sync> FromRequest<S> for Upload {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let read = Bytes::from_request(request, state).await;
        read.map(Self)
            .map_err(|_| Refused::field("", format!("could not be read, or has more than {MAX_JSON_BYTES} bytes")))
    }
}

/// Takes an icon, and answers with its name. The same pixels have the same name.
pub(super) async fn upload(
    State(app): State<SharedApp>,
    _: Caller,
    Upload(upload): Upload,
) -> Result<(StatusCode, Json<IconJson>), Refused> {
    let (sha256, size) = icons::keep(&app, upload).await.map_err(|error| match error {
        IconError::Failed(cause) => Refused::Failed(cause),
        fault => Refused::field("", fault.to_string()),
    })?;
    Ok((StatusCode::CREATED, Json(IconJson { sha256, size })))
}

/// An icon as trays get it.
pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(hash): Path<String>,
) -> Result<Response, Refused> {
    answer(&app, &hash).await
}
