//! `/api/v1/events/{template}`: mails to customers that a billing system or a calendar has sent (decision C8).

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Serialize;

use super::{answers::Accepted, caller::Caller, paths::Path};
use crate::{
    app::SharedApp,
    changes::events::{self, NewEvent},
    domain::ids::MailId,
    json_body::JsonBody,
    problems::Refused,
};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "QueuedMail")]
pub(super) struct QueuedMailJson {
    /// The mail, which administrators find in the outbox.
    id: MailId,
}

pub(super) async fn mail(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(template): Path<String>,
    JsonBody(event): JsonBody<NewEvent>,
) -> Result<Accepted<Json<QueuedMailJson>>, Refused> {
    Ok(Accepted(Json(QueuedMailJson { id: events::mail(&app, &actor, &template, event).await? })))
}
