//! `/api/v1/ticket-system` and `/api/v1/ticket-transfers`: the ticket system that the MSP has besides, for administrators.

use axum::{Json, extract::State, http::StatusCode};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::Single,
    caller::Caller,
    lists::{Asked, ListAnswer, page_request},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::ticket_systems::{self, WrittenTicketSystem},
    domain::{
        delivery::DeliveryState,
        ids::{TicketId, TicketTransferId},
        ticket_system::TicketSystemKind,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{TicketSystem, TicketTransfer},
};

/// The token is not shown.
#[derive(Serialize, JsonSchema)]
pub(super) struct TicketSystemJson {
    kind: TicketSystemKind,
    url: String,
    queue: String,
    changed_at: UnixMillis,
}

#[derive(Serialize, JsonSchema)]
pub(super) struct TransferJson {
    id: TicketTransferId,
    ticket_id: TicketId,
    state: DeliveryState,
    attempts: i64,
    answer: String,
    /// What the ticket is called there.
    remote_number: Option<String>,
    remote_url: Option<String>,
    due_at: UnixMillis,
    created_at: UnixMillis,
    ended_at: Option<UnixMillis>,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TransferList {
    ticket_id: Option<TicketId>,
    limit: Option<u64>,
    cursor: Option<Uuid>,
}

impl From<TicketSystem> for TicketSystemJson {
    fn from(row: TicketSystem) -> Self {
        Self { kind: row.kind, url: row.url, queue: row.queue, changed_at: row.changed_at }
    }
}

impl From<TicketTransfer> for TransferJson {
    fn from(row: TicketTransfer) -> Self {
        Self {
            id: row.id,
            ticket_id: row.ticket_id,
            state: row.state,
            attempts: row.attempts,
            answer: row.answer,
            remote_number: row.remote_number,
            remote_url: row.remote_url,
            due_at: row.due_at,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

pub(super) async fn show(State(app): State<SharedApp>) -> Result<Single<Json<TicketSystemJson>>, Refused> {
    let found = app.store.ticket_system().await?;
    found.map(|row| Single(Json(row.into()))).ok_or_else(|| Refused::not_found("ticket system"))
}

pub(super) async fn set(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(written): JsonBody<WrittenTicketSystem>,
) -> Result<Json<TicketSystemJson>, Refused> {
    Ok(Json(ticket_systems::set(&app, &actor, written).await?.into()))
}

pub(super) async fn remove(State(app): State<SharedApp>, Caller(actor): Caller) -> Result<Single<StatusCode>, Refused> {
    ticket_systems::remove(&app, &actor).await?;
    Ok(Single(StatusCode::NO_CONTENT))
}

/// The tickets on their way there and those that arrived, the newest first.
pub(super) async fn transfers(
    State(app): State<SharedApp>,
    Asked(TransferList { ticket_id, limit, cursor }): Asked<TransferList>,
) -> Result<Json<ListAnswer<TransferJson>>, Refused> {
    let found = app.store.ticket_transfers(ticket_id, page_request(limit, cursor)?).await?;
    Ok(ListAnswer::new(found, TransferJson::from))
}

pub(super) async fn retry(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<TicketTransferId>,
) -> Result<Json<TransferJson>, Refused> {
    Ok(Json(ticket_systems::retry(&app, &actor, id).await?.into()))
}
