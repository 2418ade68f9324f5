//! `/embed/status/<...>`: how far a ticket is, for whoever has the link that was mailed to its address. Looking at the page uses
//! nothing up; its button does (invariant 14).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use crate::{
    app::{App, SharedApp},
    domain::access::TicketScope,
    portal::{
        look::Look,
        looks::Here,
        pages::{self, PageFailed, page},
        protected_form::ProtectedForm,
    },
    secrets,
    store::{Comment, StatusLink, Ticket},
};

/// Where links begin, below the portal's origin.
pub const PATH: &str = "/embed/status";

#[derive(Template)]
#[template(path = "portal/status_link.html")]
struct LinkPage {
    look: Arc<Look>,
    action: String,
}

#[derive(Template)]
#[template(path = "portal/status.html")]
struct StatusPage {
    look: Arc<Look>,
    number: String,
    status: String,
    since: String,
    /// What the MSP has answered, each with its moment; no notes among the staff.
    replies: Vec<(String, Comment)>,
}

/// The page with the button.
pub async fn show(
    State(app): State<SharedApp>,
    Here(look): Here,
    Path(secret): Path<String>,
) -> Result<Response, PageFailed> {
    match good(&app, &look, &secret).await? {
        Some(_) => page(StatusCode::OK, &LinkPage { action: look.at(&format!("{PATH}/{secret}")), look }),
        None => over(&look),
    }
}

/// Uses the link up, and shows how far the ticket is.
pub async fn use_link(
    State(app): State<SharedApp>,
    Path(secret): Path<String>,
    form: ProtectedForm,
) -> Result<Response, PageFailed> {
    let look = Arc::clone(&form.look);
    let Some((link, ticket)) = good(&app, &look, &secret).await? else { return over(&look) };
    let comments = app.store.comments(TicketScope::StatusLink(ticket.id), ticket.id).await?;
    if !app.store.use_status_link(link.id, app.now()).await? {
        return over(&look);
    }
    let shown = StatusPage {
        number: ticket.number.to_string(),
        status: look.words.say(&format!("ticket-status-{}", ticket.status.name())),
        since: look.words.moment(ticket.created_at),
        replies: comments.into_iter().map(|reply| (look.words.moment(reply.created_at), reply)).collect(),
        look,
    };
    page(StatusCode::OK, &shown)
}

/// A link that was not used, whose time is not over, of a ticket of an organization that has this portal.
async fn good(app: &App, look: &Look, secret: &str) -> Result<Option<(StatusLink, Ticket)>, PageFailed> {
    let Some(hash) = secrets::hash(secret).filter(|_| look.portal.published) else { return Ok(None) };
    let Some(link) = app.store.status_link(&hash).await?.filter(|link| app.now() < link.expires_at) else {
        return Ok(None);
    };
    let ticket = app.store.ticket(TicketScope::StatusLink(link.ticket_id), link.ticket_id).await?;
    Ok(ticket.filter(|ticket| look.is_of(app, ticket.organization_id)).map(|ticket| (link, ticket)))
}

fn over(look: &Arc<Look>) -> Result<Response, PageFailed> {
    pages::message(look, StatusCode::GONE, "link-over")
}
