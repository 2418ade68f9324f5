//! What people in the portal do with the tickets that they see: answer, close, open again (ZOH-01).

use uuid::Uuid;

use super::{
    fields::Fields,
    tickets::{self, TicketChange, author, commented, ticket},
};
use crate::{
    announcements::{Answered, Audience},
    app::App,
    attachments::sent_files::{SentFiles, kept},
    domain::{
        access::TicketScope,
        audit::Actor,
        comment::{self, CommentKind},
        ids::{CommentId, TicketId},
        ticket::TicketStatus,
    },
    problems::Refused,
    store::{Attachment, Comment, PortalUser, Ticket},
};

/// What somebody says.
pub struct NewAnswer {
    /// In which form: sent twice, it is one answer (invariant 21).
    pub form_id: Uuid,
    /// As it was typed.
    pub text: String,
    /// With which files.
    pub files: SentFiles,
}

/// Answers a ticket, which is then open if it was waiting or done.
pub async fn answer(
    app: &App,
    portal_user: &PortalUser,
    scope: TicketScope,
    id: TicketId,
    NewAnswer { form_id, text, files }: NewAnswer,
) -> Result<(), Refused> {
    let before = ticket(app, scope, id).await?;
    // The files of a form that was sent before have nowhere to be kept.
    if app.store.has_comment_of_form(id, form_id).await? {
        return Ok(());
    }
    let mut fields = Fields::default();
    let text = fields.check("/text", &text, comment::text);
    fields.done()?;
    let actor = Actor::PortalUser(portal_user.id);
    let (author_kind, author_id) = author(&actor)?;
    let row = Comment {
        id: CommentId(app.new_id()),
        ticket_id: id,
        kind: CommentKind::Reply,
        author_kind,
        author_id,
        text,
        created_at: app.now(),
        form_id: Some(form_id),
    };
    let status = before.status.after_answer();
    let record = commented(app, &actor, &row, &before, status);
    let after = Ticket { status, updated_at: app.now(), ..before };
    let attachments = kept(app, id, Some(row.id), files.received).await?;
    let audience = Audience::load(app).await?;
    let background = audience.background(app, &after).await?;
    let authors = app.store.answerer_names(std::slice::from_ref(&row)).await?;
    let author = authors.get(&author_id).map_or("", String::as_str);
    // Who answered their own ticket knows.
    let tells_requester = portal_user.end_user_id != after.requester_id;
    let answered = Answered { ticket: &after, background: &background, tells_requester, author };
    let announce = |files: &[Attachment]| audience.ticket_answered(app, &answered, &row, files);
    match app.store.insert_comment(&after, row.clone(), attachments, announce, record).await {
        // The same form was faster.
        Err(_) if app.store.has_comment_of_form(id, form_id).await? => Ok(()),
        stored => {
            stored?;
            app.wake_outbox();
            Ok(())
        }
    }
}

/// Closes a ticket: whoever asked needs nothing more.
pub async fn close(app: &App, by: &PortalUser, scope: TicketScope, id: TicketId) -> Result<(), Refused> {
    turn(app, by, scope, id, TicketStatus::Closed).await
}

/// Opens a ticket again that is done; any other stays as it is.
pub async fn reopen(app: &App, by: &PortalUser, scope: TicketScope, id: TicketId) -> Result<(), Refused> {
    if ticket(app, scope, id).await?.status.is_done() {
        turn(app, by, scope, id, TicketStatus::Open).await
    } else {
        Ok(())
    }
}

async fn turn(
    app: &App,
    by: &PortalUser,
    scope: TicketScope,
    id: TicketId,
    status: TicketStatus,
) -> Result<(), Refused> {
    let change = TicketChange { status: Some(status), ..TicketChange::default() };
    tickets::change(app, &Actor::PortalUser(by.id), scope, id, change).await?;
    Ok(())
}
