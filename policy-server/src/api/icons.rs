//! `/api/v1/icons`: the MSP's own icons, which policies name by their hash (AGT-19).

use axum::{
    Json,
    body::Bytes,
    extract::{FromRequest, Request, State},
};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;

use super::{
    answers::{Made, Png},
    description::{Asks, Operation},
    paths::Path,
};
use crate::{
    app::SharedApp,
    icons::{self, IconError, answer},
    json_body::MAX_JSON_BYTES,
    problems::Refused,
    secrets,
    store::Icon,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct IconJson {
    sha256: String,
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

impl Asks for Upload {
    fn describe(operation: &mut Operation<'_>) {
        operation.body = Some(json!({"required": true, "content": {"image/png": {"schema": {}}}}));
        operation.problem(422);
    }
}

/// Takes an icon, and answers with its name. The same pixels have the same name.
pub(super) async fn upload(
    State(app): State<SharedApp>,
    Upload(upload): Upload,
) -> Result<Made<Json<IconJson>>, Refused> {
    let decoded = tokio::task::spawn_blocking(move || icons::icon(&upload)).await;
    let png = decoded.map_err(anyhow::Error::from)?.map_err(|error| match error {
        IconError::Failed(cause) => Refused::Failed(cause),
        fault => Refused::field("", fault.to_string()),
    })?;
    let icon = Icon { sha256: secrets::sha256(&png), png, created_at: app.now() };
    let shown = IconJson { sha256: icon.sha256.clone(), size: icon.png.len() };
    app.store.keep_icon(icon).await?;
    Ok(Made(Json(shown)))
}

/// An icon as trays get it.
pub(super) async fn show(State(app): State<SharedApp>, Path(hash): Path<String>) -> Result<Png, Refused> {
    answer(&app, &hash).await.map(Png)
}
