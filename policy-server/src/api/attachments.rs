//! `/api/v1/tickets/{id}/attachments` and `/api/v1/attachments/{id}`: the files of tickets.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Serialize;

use super::{answers::Download, lists::ListAnswer, paths::Path};
use crate::{
    app::SharedApp,
    attachments::download::download,
    domain::{
        access::TicketScope,
        ids::{AttachmentId, CommentId, TicketId},
    },
    problems::Refused,
    store::{Attachment, Page},
};

#[derive(Serialize, JsonSchema)]
pub(crate) struct AttachmentJson {
    id: AttachmentId,
    ticket_id: TicketId,
    /// Of which comment; absent: of the ticket's form.
    comment_id: Option<CommentId>,
    name: String,
    size: i64,
    media_type: String,
    sha256: String,
}

impl From<Attachment> for AttachmentJson {
    fn from(row: Attachment) -> Self {
        Self {
            id: row.id,
            ticket_id: row.ticket_id,
            comment_id: row.comment_id,
            name: row.name,
            size: row.size,
            media_type: row.media_type,
            sha256: row.sha256,
        }
    }
}

/// The files of a ticket and its comments in their order, all of them.
pub(super) async fn list(
    State(app): State<SharedApp>,
    Path(id): Path<TicketId>,
) -> Result<Json<ListAnswer<AttachmentJson>>, Refused> {
    let scope = TicketScope::Automation;
    app.store.ticket(scope, id).await?.ok_or_else(|| Refused::not_found("ticket"))?;
    let items = app.store.attachments(scope, id).await?;
    Ok(ListAnswer::new(Page { items, next: None }, AttachmentJson::from))
}

/// A file's content.
pub(super) async fn content(State(app): State<SharedApp>, Path(id): Path<AttachmentId>) -> Result<Download, Refused> {
    let found = app.store.attachment(TicketScope::Automation, id).await?;
    let attachment = found.ok_or_else(|| Refused::not_found("attachment"))?;
    Ok(Download(download(&app.attachments, &attachment).await?))
}
