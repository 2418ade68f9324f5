//! `/my_profile/v2/index` and below: a portal user's tickets, and each of them with what was answered (RS-03, RS-08).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    conversation::Conversation,
    look::Look,
    pages::{self, PageFailed, page},
    signed_in::SignedIn,
};
use crate::{
    app::{App, SharedApp},
    attachments::download::download,
    console::times::moment,
    domain::{
        access::TicketScope,
        ids::{AttachmentId, TicketId},
        ticket_filter::TicketFilter,
    },
    store::{Attachment, Comment, PageRequest, Ticket},
};

/// How many tickets a page lists.
const ON_A_PAGE: u64 = 50;

/// Where a list goes on.
#[derive(Debug, Default, Deserialize)]
pub struct Part {
    before: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    look: Arc<Look>,
    person: String,
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
    person: String,
    ticket: Ticket,
    status: String,
    since: String,
    attachments: Vec<Attachment>,
    /// Each with its files.
    replies: Vec<(Vec<Attachment>, Comment)>,
    files_at: &'static str,
}

/// The list.
pub async fn show(
    State(app): State<SharedApp>,
    Query(part): Query<Part>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    let Some(scope) = signed_in.tickets() else { return no_access(&app) };
    let organization = match scope {
        TicketScope::Organization(id) => Some(id),
        _ => None,
    };
    let filter = TicketFilter { organization, ..TicketFilter::default() };
    let found = app.store.newest_tickets(scope, &filter, PageRequest { after: part.before, limit: ON_A_PAGE }).await?;
    let look = signed_in.look;
    let lines = found.items.into_iter().map(|ticket| Line {
        id: ticket.id,
        number: ticket.number,
        status: status(&look, &ticket),
        since: moment(ticket.created_at),
        subject: ticket.subject,
    });
    let tickets = lines.collect();
    page(StatusCode::OK, &HomePage { look, person: signed_in.portal_user.sign_in_name, tickets, next: found.next })
}

/// One of them; any other does not exist here (invariant 7).
pub async fn show_ticket(
    State(app): State<SharedApp>,
    Path(id): Path<String>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    let Some(scope) = signed_in.tickets() else { return no_access(&app) };
    let ticket = match id.parse() {
        Ok(id) => app.store.ticket(scope, id).await?,
        Err(_) => None,
    };
    let Some(ticket) = ticket else { return pages::not_found(State(app)).await };
    let Conversation { attachments, replies } = Conversation::load(&app, scope, ticket.id).await?;
    let look = signed_in.look;
    let shown = TicketPage {
        person: signed_in.portal_user.sign_in_name,
        status: status(&look, &ticket),
        since: moment(ticket.created_at),
        attachments,
        replies,
        ticket,
        files_at: "/my_profile/v2/tickets",
        look,
    };
    page(StatusCode::OK, &shown)
}

/// A file of such a ticket (S4).
pub async fn file(
    State(app): State<SharedApp>,
    Path((ticket, file)): Path<(String, String)>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    let Some(scope) = signed_in.tickets() else { return no_access(&app) };
    let found = match (ticket.parse::<TicketId>(), file.parse::<AttachmentId>()) {
        (Ok(ticket), Ok(id)) => app.store.attachment(scope, id).await?.filter(|found| found.ticket_id == ticket),
        _ => None,
    };
    match found {
        Some(attachment) => Ok(download(&app.attachments, &attachment).await?),
        None => pages::not_found(State(app)).await,
    }
}

fn status(look: &Look, ticket: &Ticket) -> String {
    look.words.say(&format!("ticket-status-{}", ticket.status.name()))
}

fn no_access(app: &App) -> Result<Response, PageFailed> {
    pages::message(app, StatusCode::FORBIDDEN, "no-access")
}
