//! `/api/v1/tickets/{id}/comments`: what is said about a ticket.

use axum::{
    Json,
    extract::{FromRequest as _, Path, Request, State},
    http::StatusCode,
};
use deskbell_protocol::UnixMillis;
use serde::Serialize;
use uuid::Uuid;

use super::{caller::Caller, lists::ListAnswer};
use crate::{
    app::SharedApp,
    attachments::sent_files::SentFiles,
    changes::tickets,
    domain::{
        access::TicketScope,
        comment::{AuthorKind, CommentKind},
        ids::{CommentId, TicketId},
    },
    json_body::JsonBody,
    multipart::boundary,
    problems::Refused,
    sent_comment::{self, SentComment},
    store::{Comment, Page},
};

#[derive(Serialize)]
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
    _: Caller,
    Path(id): Path<TicketId>,
) -> Result<Json<ListAnswer<CommentJson>>, Refused> {
    let scope = TicketScope::Automation;
    tickets::ticket(&app, scope, id).await?;
    let items = app.store.comments(scope, id).await?;
    Ok(ListAnswer::new(Page { items, next: None }, CommentJson::from))
}

/// Says something: as JSON, or with files as `multipart/form-data` with the parts `kind`, `text` and `files`.
pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<TicketId>,
    request: Request,
) -> Result<(StatusCode, Json<CommentJson>), Refused> {
    let scope = TicketScope::Automation;
    tickets::ticket(&app, scope, id).await?;
    let SentComment { new, files } = if boundary(request.headers()).is_some() {
        sent_comment::read(&app, &actor, request).await?
    } else {
        let JsonBody(new) = JsonBody::from_request(request, &app).await?;
        SentComment { new, files: SentFiles::default() }
    };
    let row = tickets::comment(&app, &actor, scope, id, new, files).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}
