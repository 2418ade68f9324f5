//! `/my_profile/v2/asset_ticket/<id>`: the receipt of a ticket, for the session that sent it.

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::Response,
};

use super::{
    admitted::Admitted,
    conversation::{Conversation, Reply},
    look::Look,
    pages::{self, PageFailed, page},
};
use crate::{
    app::SharedApp,
    domain::policy::DEFAULT_DESTINATION,
    store::{Attachment, Ticket},
};

#[derive(Template)]
#[template(path = "portal/receipt.html")]
struct ReceiptPage {
    look: Arc<Look>,
    person: String,
    asset: String,
    ticket: Ticket,
    attachments: Vec<Attachment>,
    replies: Vec<Reply>,
    form: String,
    files_at: String,
}

/// Shows the receipt; a ticket of another asset or another person does not exist here (invariant 7).
pub async fn show(
    State(app): State<SharedApp>,
    Path(ticket): Path<String>,
    Admitted { look, visit }: Admitted,
) -> Result<Response, PageFailed> {
    let scope = visit.tickets();
    let ticket = match ticket.parse() {
        Ok(id) => app.store.ticket(scope, id).await?,
        Err(_) => None,
    };
    let Some(ticket) = ticket else { return pages::absent(&look) };
    let Conversation { attachments, replies } = Conversation::load(&app, &look, scope, ticket.id).await?;
    let shown = ReceiptPage {
        form: look.at(DEFAULT_DESTINATION),
        files_at: look.at("/my_profile/v2/asset_ticket"),
        look,
        person: visit.requester.name,
        asset: visit.asset.name,
        attachments,
        replies,
        ticket,
    };
    page(StatusCode::OK, &shown)
}
