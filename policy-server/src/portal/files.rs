//! `/my_profile/v2/asset_ticket/<ticket>/files/<attachment>`: a file, for the session that sees its ticket (S4).

use axum::{
    extract::{Path, State},
    response::Response,
};

use super::{
    admitted::Admitted,
    pages::{self, PageFailed},
};
use crate::{
    app::SharedApp,
    attachments::download::download as download_of,
    domain::ids::{AttachmentId, TicketId},
};

/// Gives a file out; one of another ticket, asset or person does not exist here (invariant 7).
pub async fn download(
    State(app): State<SharedApp>,
    Path((ticket, attachment)): Path<(String, String)>,
    Admitted { look, visit }: Admitted,
) -> Result<Response, PageFailed> {
    let found = match (ticket.parse::<TicketId>(), attachment.parse::<AttachmentId>()) {
        (Ok(ticket), Ok(id)) => {
            app.store.attachment(visit.tickets(), id).await?.filter(|found| found.ticket_id == ticket)
        }
        _ => None,
    };
    match found {
        Some(attachment) => Ok(download_of(&app.attachments, &attachment).await?),
        None => pages::absent(&look),
    }
}
