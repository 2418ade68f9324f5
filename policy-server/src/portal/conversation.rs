//! What was written about a ticket, with its files, and what became of it.

use deskbell_protocol::UnixMillis;

use super::look::Look;
use crate::{
    app::App,
    attachments::by_comment,
    domain::{access::TicketScope, comment::AuthorKind, ids::TicketId, ticket::TicketStatus},
    store::{Attachment, StoreError},
};

/// A ticket's own files, and its replies, each with its files.
pub(super) struct Conversation {
    pub(super) attachments: Vec<Attachment>,
    pub(super) replies: Vec<Reply>,
}

/// What somebody said.
pub(super) struct Reply {
    /// Who: the MSP as a whole, or somebody of the organization by name.
    pub(super) who: String,
    pub(super) at: UnixMillis,
    pub(super) text: String,
    pub(super) files: Vec<Attachment>,
}

/// A line of a ticket's history.
pub(super) enum Line {
    Said { reply: Reply, at: String },
    Turned { status: String, at: String },
}

impl Conversation {
    pub(super) async fn load(app: &App, look: &Look, scope: TicketScope, ticket: TicketId) -> Result<Self, StoreError> {
        let mut files = by_comment(app.store.attachments(scope, ticket).await?);
        let mut files_of = |comment| files.remove(&comment).unwrap_or_default();
        let attachments = files_of(None);
        let comments = app.store.comments(scope, ticket).await?;
        let names = app.store.answerer_names(&comments).await?;
        let replies = comments.into_iter().map(|row| Reply {
            who: match row.author_kind {
                AuthorKind::Staff | AuthorKind::Program => look.say_provider("receipt-reply"),
                AuthorKind::EndUser | AuthorKind::PortalUser => {
                    let name = names.get(&row.author_id);
                    name.map_or_else(|| look.words.say("ticket-colleague"), Clone::clone)
                }
            },
            at: row.created_at,
            files: files_of(Some(row.id)),
            text: row.text,
        });
        Ok(Self { replies: replies.collect(), attachments })
    }

    /// The replies, with the turns of the ticket's status in their places.
    pub(super) fn with_turns(look: &Look, replies: Vec<Reply>, turns: Vec<(UnixMillis, TicketStatus)>) -> Vec<Line> {
        let moment = |at| look.words.moment(at);
        let said = replies.into_iter().map(|reply| (reply.at, Line::Said { at: moment(reply.at), reply }));
        let turned = turns.into_iter().map(|(at, to)| (at, Line::Turned { status: status(look, to), at: moment(at) }));
        let mut lines: Vec<_> = said.chain(turned).collect();
        lines.sort_by_key(|(at, _)| *at);
        lines.into_iter().map(|(_, line)| line).collect()
    }
}

/// What a status is called.
pub(super) fn status(look: &Look, status: TicketStatus) -> String {
    look.words.say(&format!("ticket-status-{}", status.name()))
}
