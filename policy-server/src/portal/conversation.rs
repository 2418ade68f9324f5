//! What was written about a ticket, with its files.

use crate::{
    app::App,
    attachments::by_comment,
    domain::{access::TicketScope, ids::TicketId},
    store::{Attachment, Comment, StoreError},
};

/// A ticket's own files, and its replies, each with its files.
pub(super) struct Conversation {
    pub(super) attachments: Vec<Attachment>,
    pub(super) replies: Vec<(Vec<Attachment>, Comment)>,
}

impl Conversation {
    pub(super) async fn load(app: &App, scope: TicketScope, ticket: TicketId) -> Result<Self, StoreError> {
        let mut files = by_comment(app.store.attachments(scope, ticket).await?);
        let mut files_of = |comment| files.remove(&comment).unwrap_or_default();
        let attachments = files_of(None);
        let replies = app.store.comments(scope, ticket).await?.into_iter();
        Ok(Self { attachments, replies: replies.map(|reply| (files_of(Some(reply.id)), reply)).collect() })
    }
}
