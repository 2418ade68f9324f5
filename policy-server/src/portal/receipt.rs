//! `/my_profile/v2/asset_ticket/<id>`: the receipt of a ticket, for the session that sent it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};

use super::{
    look::Look,
    new_ticket::refused,
    pages::{self, PageFailed, page},
    visit::{Access, Visit},
};
use crate::{
    app::SharedApp,
    domain::{access::TicketScope, policy::DEFAULT_DESTINATION},
    store::{Attachment, Comment, Ticket},
};

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage {
    look: Look,
    person: String,
    asset: String,
    ticket: Ticket,
    attachments: Vec<Attachment>,
    replies: Vec<Comment>,
    form: &'static str,
}

/// Shows the receipt; a ticket of another asset or another person does not exist here (invariant 7).
pub async fn show(
    State(app): State<SharedApp>,
    Path(ticket): Path<String>,
    headers: HeaderMap,
) -> Result<Response, PageFailed> {
    let Visit { look, access } = Visit::load(&app, &headers).await?;
    let visit = match access {
        Access::Stranger => return pages::tray_only(State(app)).await,
        Access::Ended(_) => return pages::again(&app, None).await,
        Access::Refused(visit) => return refused(look, &visit),
        Access::Form(visit) => visit,
    };
    let scope = TicketScope::AssetSession { asset: visit.asset.id, requester: visit.requester.id };
    let ticket = match ticket.parse() {
        Ok(id) => app.store.ticket(scope, id).await?,
        Err(_) => None,
    };
    let Some(ticket) = ticket else { return pages::not_found(State(app)).await };
    let shown = ReceiptPage {
        look,
        person: visit.requester.name,
        asset: visit.asset.name,
        attachments: app.store.attachments(scope, ticket.id).await?,
        replies: app.store.comments(scope, ticket.id).await?,
        ticket,
        form: DEFAULT_DESTINATION,
    };
    page(StatusCode::OK, &shown)
}
