//! `/api/v1/mails` and `/api/v1/ticket-forwarding`: what goes out by e-mail, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Tagged,
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::mails::{self, TicketForwarding},
    domain::{
        delivery::DeliveryState,
        ids::{MailId, TicketId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::Mail,
};

#[derive(Serialize, JsonSchema)]
pub(super) struct MailJson {
    id: MailId,
    ticket_id: Option<TicketId>,
    recipient: String,
    subject: String,
    body: String,
    state: DeliveryState,
    attempts: i64,
    answer: String,
    due_at: UnixMillis,
    created_at: UnixMillis,
    ended_at: Option<UnixMillis>,
}

impl From<Mail> for MailJson {
    fn from(row: Mail) -> Self {
        Self {
            id: row.id,
            ticket_id: row.ticket_id,
            recipient: row.recipient,
            subject: row.subject,
            body: row.body,
            state: row.state,
            attempts: row.attempts,
            answer: row.answer,
            due_at: row.due_at,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

/// The mails, the newest first.
pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<MailJson>>, Refused> {
    Ok(ListAnswer::new(app.store.mails(list.page()?).await?, MailJson::from))
}

pub(super) async fn show(State(app): State<SharedApp>, Path(id): Path<MailId>) -> Result<Json<MailJson>, Refused> {
    Ok(Json(mails::mail(&app, id).await?.into()))
}

pub(super) async fn retry(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<MailId>,
) -> Result<Json<MailJson>, Refused> {
    Ok(Json(mails::retry(&app, &actor, id).await?.into()))
}

pub(super) async fn forwarding(State(app): State<SharedApp>) -> Result<Tagged<TicketForwarding>, Refused> {
    Ok(Tagged::of(TicketForwarding { address: app.provider().await?.forward_tickets_to }))
}

pub(super) async fn set_forwarding(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    IfMatch(expected): IfMatch,
    JsonBody(wish): JsonBody<TicketForwarding>,
) -> Result<Tagged<TicketForwarding>, Refused> {
    Ok(Tagged::of(mails::set_forwarding(&app, &actor, &expected, wish).await?))
}
