//! `/api/v1/tickets/{id}/comments`: what is said about a ticket.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

use super::{answers::Made, caller::Caller, lists::ListAnswer, paths::Path};
use crate::{
    app::SharedApp,
    changes::tickets::{self, NewComment},
    domain::{
        access::TicketScope,
        comment::{AuthorKind, CommentKind},
        ids::{CommentId, TicketId},
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Comment, Page},
};

#[derive(Serialize, JsonSchema)]
pub(crate) struct CommentJson {
    id: CommentId,
    ticket_id: TicketId,
    kind: CommentKind,
    author_kind: AuthorKind,
    author_id: Uuid,
    text: String,
    created_at: UnixMillis,
}

impl From<Comment> for CommentJson {
    fn from(row: Comment) -> Self {
        Self {
            id: row.id,
            ticket_id: row.ticket_id,
            kind: row.kind,
            author_kind: row.author_kind,
            author_id: row.author_id,
            text: row.text,
            created_at: row.created_at,
        }
    }
}

/// The comments of a ticket, the oldest first; at most 1,000.
pub(super) async fn list(
    State(app): State<SharedApp>,
    Path(id): Path<TicketId>,
) -> Result<Json<ListAnswer<CommentJson>>, Refused> {
    let scope = TicketScope::Automation;
    tickets::ticket(&app, scope, id).await?;
    let items = app.store.comments(scope, id).await?;
    Ok(ListAnswer::new(Page { items, next: None }, CommentJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<TicketId>,
    JsonBody(new): JsonBody<NewComment>,
) -> Result<Made<Json<CommentJson>>, Refused> {
    let row = tickets::comment(&app, &actor, TicketScope::Automation, id, new).await?;
    Ok(Made(Json(row.into())))
}
