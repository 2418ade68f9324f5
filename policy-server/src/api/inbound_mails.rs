//! `/api/v1/inbound-mail` takes mail; `/api/v1/inbound-mails` tells what became of it.

use axum::{
    Json,
    body::{Bytes, to_bytes},
    extract::{FromRequest, Request, State},
};
use deskbell_protocol::{ProblemKind, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;
use uuid::Uuid;

use super::{
    answers::Made,
    caller::Caller,
    description::{Asks, Operation},
    lists::{Asked, ListAnswer, page_request},
    paths::Path,
};
use crate::{
    app::SharedApp,
    changes::inbound_mails::{self, Acceptance},
    domain::{
        ids::{CommentId, DepartmentId, InboundMailId, MailId, TicketId},
        inbound_mail::{InboundOutcome, InboundReason},
    },
    json_body::JsonBody,
    mail::inbound::{MAX_MESSAGE_BYTES, receive},
    problems::Refused,
    store::InboundMail,
};

#[derive(Serialize, JsonSchema)]
pub(crate) struct InboundMailJson {
    id: InboundMailId,
    message_id: String,
    sender: String,
    sender_name: String,
    recipients: String,
    subject: String,
    /// As plain text, while it waits.
    text: Option<String>,
    outcome: InboundOutcome,
    reason: Option<InboundReason>,
    department_id: Option<DepartmentId>,
    /// The ticket that it made, or is about.
    ticket_id: Option<TicketId>,
    comment_id: Option<CommentId>,
    /// The mail of ours that did not arrive.
    mail_id: Option<MailId>,
    received_at: UnixMillis,
    decided_at: Option<UnixMillis>,
}

impl From<InboundMail> for InboundMailJson {
    fn from(row: InboundMail) -> Self {
        Self {
            id: row.id,
            message_id: row.message_id,
            sender: row.sender,
            sender_name: row.sender_name,
            recipients: row.recipients,
            subject: row.subject,
            text: row.text,
            outcome: row.outcome,
            reason: row.reason,
            department_id: row.department_id,
            ticket_id: row.ticket_id,
            comment_id: row.comment_id,
            mail_id: row.mail_id,
            received_at: row.received_at,
            decided_at: row.decided_at,
        }
    }
}

/// What a mail server needs to know.
#[derive(Serialize, JsonSchema)]
pub(super) struct TakenMail {
    id: InboundMailId,
    outcome: InboundOutcome,
}

/// A whole mail as the request's body.
pub(super) struct RawMail(Bytes);

impl<S: Send + Sync> FromRequest<S> for RawMail {
    type Rejection = Refused;

    async fn from_request(request: Request, _: &S) -> Result<Self, Refused> {
        let read = to_bytes(request.into_body(), MAX_MESSAGE_BYTES).await;
        read.map(Self).map_err(|_| {
            let why = format!("The mail could not be read, or has more than {MAX_MESSAGE_BYTES} bytes.");
            Refused::new(ProblemKind::Invalid, why)
        })
    }
}

impl Asks for RawMail {
    fn describe(operation: &mut Operation<'_>) {
        operation.body = Some(json!({"required": true, "content": {"message/rfc822": {"schema": {}}}}));
        operation.problem(422);
    }
}

pub(super) async fn take(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    RawMail(raw): RawMail,
) -> Result<Made<Json<TakenMail>>, Refused> {
    let row = receive(&app, &actor, raw).await?;
    Ok(Made(Json(TakenMail { id: row.id, outcome: row.outcome })))
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct InboundMailList {
    /// Only of which this became.
    outcome: Option<InboundOutcome>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

/// The mails, the newest first.
pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<InboundMailList>,
) -> Result<Json<ListAnswer<InboundMailJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    Ok(ListAnswer::new(app.store.inbound_mails(list.outcome, page).await?, InboundMailJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<InboundMailId>,
) -> Result<Json<InboundMailJson>, Refused> {
    Ok(Json(inbound_mails::inbound_mail(&app, id).await?.into()))
}

pub(super) async fn accept(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<InboundMailId>,
    JsonBody(wish): JsonBody<Acceptance>,
) -> Result<Json<InboundMailJson>, Refused> {
    Ok(Json(inbound_mails::accept(&app, &actor, id, wish).await?.into()))
}

pub(super) async fn discard(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<InboundMailId>,
) -> Result<Json<InboundMailJson>, Refused> {
    Ok(Json(inbound_mails::discard(&app, &actor, id).await?.into()))
}
