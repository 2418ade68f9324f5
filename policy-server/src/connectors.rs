//! Connectors: each new ticket goes into the ticket system that the MSP has besides, once.
//!
//! What is said later, here or there, stays where it was said. The next connector is a file of its own, a
//! [`TicketSystemKind`] and its two lines here.

mod outgoing_ticket;
mod request_tracker;
pub mod transfer;
pub mod worker;

use self::outgoing_ticket::OutgoingTicket;
use crate::{
    domain::ticket_system::{RemoteTicket, TicketSystemKind},
    outbound::{Outbound, OutboundError},
};

/// For what the token of a ticket system is sealed.
pub const PURPOSE: &str = "ticket-system-token";

/// A ticket system that can be spoken to.
struct Connection<'a> {
    outbound: &'a Outbound,
    kind: TicketSystemKind,
    url: &'a str,
    queue: &'a str,
    token: String,
}

/// Why a ticket did not arrive, as the settings page says it.
#[derive(Debug, thiserror::Error)]
enum ConnectorError {
    /// No answer.
    #[error(transparent)]
    Outbound(#[from] OutboundError),
    /// An answer that says what is wrong.
    #[error("{0}: {1}")]
    Status(u16, &'static str),
    /// An answer that nobody expected.
    #[error("the answer is not one of {0}")]
    Unreadable(&'static str),
}

impl Connection<'_> {
    /// The ticket that was made of the one at `link` before.
    async fn find(&self, link: &str) -> Result<Option<RemoteTicket>, ConnectorError> {
        match self.kind {
            TicketSystemKind::RequestTracker => request_tracker::find(self, link).await,
        }
    }

    /// Makes a ticket, in one request: it is there as a whole, or not at all.
    async fn make(&self, ticket: &OutgoingTicket) -> Result<RemoteTicket, ConnectorError> {
        match self.kind {
            TicketSystemKind::RequestTracker => request_tracker::make(self, ticket).await,
        }
    }
}
