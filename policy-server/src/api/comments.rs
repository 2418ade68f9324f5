//! `/api/v1/tickets/{id}/comments`: what is said about a ticket.

use std::convert::Infallible;

use axum::{
    Json,
    extract::{FromRequest, Request, State},
};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::json;
use uuid::Uuid;

use super::{
    answers::Made,
    caller::Caller,
    description::{Asks, Operation},
    lists::ListAnswer,
    paths::Path,
};
use crate::{
    app::SharedApp,
    attachments::sent_files::SentFiles,
    changes::tickets::{self, NewComment},
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

/// A comment as its body, read once it is known that its sender may write here.
pub(super) struct CommentRequest(Request);

impl<S: Send + Sync> FromRequest<S> for CommentRequest {
    type Rejection = Infallible;

    async fn from_request(request: Request, _: &S) -> Result<Self, Infallible> {
        Ok(Self(request))
    }
}

impl Asks for CommentRequest {
    fn describe(operation: &mut Operation<'_>) {
        <JsonBody<NewComment> as Asks>::describe(operation);
        let kind = operation.schemas.read.subschema_for::<CommentKind>();
        let files =
            json!({"type": "array", "items": {"type": "string", "contentMediaType": "application/octet-stream"}});
        let form = json!({
            "type": "object",
            "required": ["kind", "text"],
            "properties": {"kind": kind, "text": {"type": "string"}, "files": files},
        });
        if let Some(body) = &mut operation.body {
            body["content"]["multipart/form-data"] = json!({"schema": form});
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

/// Says something: as JSON, or with files as `multipart/form-data` with the parts `kind`, `text` and `files`.
pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<TicketId>,
    CommentRequest(request): CommentRequest,
) -> Result<Made<Json<CommentJson>>, Refused> {
    let scope = TicketScope::Automation;
    tickets::ticket(&app, scope, id).await?;
    let SentComment { new, files } = if boundary(request.headers()).is_some() {
        sent_comment::read(&app, &actor, request).await?
    } else {
        let JsonBody(new) = <JsonBody<NewComment>>::from_request(request, &app).await?;
        SentComment { new, files: SentFiles::default() }
    };
    let row = tickets::comment(&app, &actor, scope, id, new, files).await?;
    Ok(Made(Json(row.into())))
}
