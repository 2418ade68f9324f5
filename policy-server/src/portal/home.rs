//! `/my_profile/v2/index` and below: a portal user's tickets, and each of them with what was answered (RS-03, RS-08).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    conversation::Conversation,
    look::Look,
    pages::{self, PageFailed, page},
    visit::{Access, Visit},
    visitor::{Head, Visitor},
};
use crate::{
    app::SharedApp,
    attachments::download::download,
    console::times::moment,
    domain::{
        access::TicketScope,
        ids::{AttachmentId, TicketId},
        ticket_filter::TicketFilter,
    },
    store::{Attachment, Comment, Page, PageRequest, Ticket},
};

/// How many tickets a page lists.
const ON_A_PAGE: u64 = 50;

/// Where a list goes on, and what was just sent.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<Uuid>,
    sent: Option<i64>,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    look: Arc<Look>,
    head: Head,
    /// The number of a ticket that was just sent and is not seen here.
    sent: Option<i64>,
    /// The computer from whose tray this browser came.
    computer: Option<String>,
    /// Whether tickets are seen at all.
    sees: bool,
    tickets: Vec<Line>,
    next: Option<Uuid>,
}

struct Line {
    id: TicketId,
    number: i64,
    subject: String,
    status: String,
    since: String,
}

#[derive(Template)]
#[template(path = "portal/ticket.html")]
struct TicketPage {
    look: Arc<Look>,
    head: Head,
    ticket: Ticket,
    status: String,
    since: String,
    attachments: Vec<Attachment>,
    /// Each with its files.
    replies: Vec<(Vec<Attachment>, Comment)>,
    files_at: String,
}

/// The list.
pub async fn show(
    State(app): State<SharedApp>,
    Query(Part { before, sent }): Query<Part>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    let (look, head, scope) = (Arc::clone(visitor.look()), visitor.head(), visitor.tickets());
    let found = match scope {
        Some(scope) => {
            let organization = match scope {
                TicketScope::Organization(view) => Some(view.organization),
                _ => None,
            };
            let filter = TicketFilter { organization, ..TicketFilter::default() };
            app.store.newest_tickets(scope, &filter, PageRequest { after: before, limit: ON_A_PAGE }).await?
        }
        None => Page { items: Vec::new(), next: None },
    };
    let lines = found.items.into_iter().map(|ticket| Line {
        id: ticket.id,
        number: ticket.number,
        status: status(&look, &ticket),
        since: moment(ticket.created_at),
        subject: ticket.subject,
    });
    let tickets = lines.collect();
    let computer = match Visit::load(&app, &look, &headers).await?.access {
        // The tray of this browser may be of another organization's computer (RS-12).
        Access::Form(visit) if visit.asset.organization_id == visitor.organization() => Some(visit.asset.name),
        Access::Form(_) | Access::Stranger | Access::Ended(_) | Access::Refused(_) => None,
    };
    page(StatusCode::OK, &HomePage { look, head, sent, computer, sees: scope.is_some(), tickets, next: found.next })
}

/// One of them; any other does not exist here (invariant 7).
pub async fn show_ticket(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    let Some(scope) = visitor.tickets() else { return no_access(visitor.look()) };
    let ticket = match id.parse() {
        Ok(id) => app.store.ticket(scope, id).await?,
        Err(_) => None,
    };
    let Some(ticket) = ticket else { return pages::absent(visitor.look()) };
    let Conversation { attachments, replies } = Conversation::load(&app, scope, ticket.id).await?;
    let look = Arc::clone(visitor.look());
    let shown = TicketPage {
        head: visitor.head(),
        status: status(&look, &ticket),
        since: moment(ticket.created_at),
        attachments,
        replies,
        ticket,
        files_at: look.at("/my_profile/v2/tickets"),
        look,
    };
    page(StatusCode::OK, &shown)
}

/// A file of such a ticket (S4).
pub async fn file(
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

fn status(look: &Look, ticket: &Ticket) -> String {
    look.words.say(&format!("ticket-status-{}", ticket.status.name()))
}

fn no_access(look: &Arc<Look>) -> Result<Response, PageFailed> {
    pages::message(look, StatusCode::FORBIDDEN, "no-access")
}
