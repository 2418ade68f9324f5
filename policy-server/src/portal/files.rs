//! `/my_profile/v2/asset_ticket/<ticket>/files/<attachment>`: a file, for the session that sees its ticket (S4).

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::Response,
};

use super::{
    new_ticket::refused,
    pages::{self, PageFailed},
    visit::{Access, Visit},
};
use crate::{
    app::SharedApp,
    attachments::download::download as download_of,
    domain::{
        access::TicketScope,
        ids::{AttachmentId, TicketId},
    },
};

/// Gives a file out; one of another ticket, asset or person does not exist here (invariant 7).
pub async fn download(
    State(app): State<SharedApp>,
    Path((ticket, attachment)): Path<(String, String)>,
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
    let found = match (ticket.parse::<TicketId>(), attachment.parse::<AttachmentId>()) {
        (Ok(ticket), Ok(id)) => app.store.attachment(scope, id).await?.filter(|found| found.ticket_id == ticket),
        _ => None,
    };
    match found {
        Some(attachment) => Ok(download_of(&app.attachments, &attachment).await?),
        None => pages::not_found(State(app)).await,
    }
}
