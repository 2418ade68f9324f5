//! The row that takes a ticket into the MSP's own ticket system.

use crate::{
    app::App,
    domain::{delivery::DeliveryState, ids::TicketTransferId},
    store::{Ticket, TicketTransfer},
};

/// For a new ticket.
pub fn transfer(app: &App, ticket: &Ticket) -> TicketTransfer {
    let now = app.now();
    TicketTransfer {
        id: TicketTransferId(app.new_id()),
        ticket_id: ticket.id,
        state: DeliveryState::Waiting,
        attempts: 0,
        queued_at: now,
        due_at: now,
        answer: String::new(),
        remote_number: None,
        remote_url: None,
        created_at: now,
        ended_at: None,
    }
}
