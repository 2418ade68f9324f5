//! `/my_profile/v2/tickets/{ticket}`: a ticket with what was said about it and what became of it (RS-03, RS-08, ZOH-01).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::Response,
};
use uuid::Uuid;

use super::{
    conversation::{self, Conversation, Line},
    look::Look,
    pages::{self, PageFailed, page},
    paste,
    visitor::{Head, Visitor},
};
use crate::{
    app::{App, SharedApp},
    attachments::download::download,
    domain::{
        attachment::{MAX_FILE_BYTES, MAX_FILES},
        ids::{AttachmentId, TicketId},
        portal_user::PortalPermission,
        ticket::TicketStatus,
    },
    store::{Attachment, Ticket},
};

/// Where tickets are.
pub(super) const TICKETS: &str = "/my_profile/v2/tickets";

#[derive(Template)]
#[template(path = "portal/ticket.html")]
struct TicketPage {
    look: Arc<Look>,
    head: Head,
    ticket: Ticket,
    status: String,
    since: String,
    attachments: Vec<Attachment>,
    history: Vec<Line>,
    files_at: String,
    /// Where to answer, for those who may.
    answer: Option<AnswerForm>,
    script: &'static str,
}

/// The form with which a ticket is answered.
pub(super) struct AnswerForm {
    pub(super) form_id: String,
    pub(super) text: String,
    pub(super) text_error: Option<String>,
    pub(super) files_error: Option<String>,
    /// What went wrong as a whole.
    pub(super) alert: Option<String>,
    pub(super) files_limit: String,
    pub(super) megabytes_limit: String,
}

impl Default for AnswerForm {
    fn default() -> Self {
        Self {
            form_id: Uuid::new_v4().to_string(),
            text: String::new(),
            text_error: None,
            files_error: None,
            alert: None,
            files_limit: MAX_FILES.to_string(),
            megabytes_limit: (MAX_FILE_BYTES >> 20).to_string(),
        }
    }
}

/// One of the tickets that the visitor sees; any other does not exist here (invariant 7).
pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    if visitor.tickets().is_none() {
        return no_access(visitor.look());
    }
    match id.parse() {
        Ok(id) => shown(&app, &visitor, id, StatusCode::OK, AnswerForm::default()).await,
        Err(_) => pages::absent(visitor.look()),
    }
}

/// The page, with its form as it was sent.
pub(super) async fn shown(
    app: &App,
    visitor: &Visitor,
    id: TicketId,
    status: StatusCode,
    form: AnswerForm,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(visitor.look());
    let Some(scope) = visitor.tickets() else { return no_access(&look) };
    let Some(ticket) = app.store.ticket(scope, id).await? else { return pages::absent(&look) };
    let Conversation { attachments, replies } = Conversation::load(app, &look, scope, id).await?;
    let turns = app.store.ticket_turns(scope, id).await?;
    let answers = may_answer(visitor);
    let shown = TicketPage {
        head: visitor.head(),
        status: conversation::status(&look, ticket.status),
        since: look.words.moment(ticket.created_at),
        attachments,
        history: Conversation::with_turns(&look, replies, turns),
        ticket,
        files_at: look.at(TICKETS),
        answer: answers.then_some(form),
        script: paste::SCRIPT,
        look,
    };
    let mut response = page(status, &shown)?;
    if answers {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, paste::content_security_policy());
    }
    Ok(response)
}

/// A file of such a ticket (S4).
pub(super) async fn file(
    State(app): State<SharedApp>,
    Path((ticket, file)): Path<(String, String)>,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    let Some(scope) = visitor.tickets() else { return no_access(visitor.look()) };
    let found = match (ticket.parse::<TicketId>(), file.parse::<AttachmentId>()) {
        (Ok(ticket), Ok(id)) => app.store.attachment(scope, id).await?.filter(|found| found.ticket_id == ticket),
        _ => None,
    };
    match found {
        Some(attachment) => Ok(download(&app.attachments, &attachment).await?),
        None => pages::absent(visitor.look()),
    }
}

/// Whether somebody may answer the tickets that they see: with an account alone, so that it is known who did (S7).
pub(super) fn may_answer(visitor: &Visitor) -> bool {
    matches!(visitor, Visitor::SignedIn(_)) && visitor.may(PortalPermission::ReplyToTickets)
}

fn no_access(look: &Arc<Look>) -> Result<Response, PageFailed> {
    pages::message(look, StatusCode::FORBIDDEN, "no-access")
}
