//! What leaves the house, written in the transaction of its cause, so that neither is without the other.

use sea_orm::ConnectionTrait;

use super::{Mail, StoreError, TicketTransfer, WebhookDelivery, insert};

/// What an event sends out.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// Mails.
    pub mails: Vec<Mail>,
    /// Messages to webhook endpoints.
    pub deliveries: Vec<WebhookDelivery>,
    /// Tickets to the MSP's own ticket system.
    pub transfers: Vec<TicketTransfer>,
}

pub(super) async fn insert_outbox(db: &impl ConnectionTrait, outbox: Outbox) -> Result<(), StoreError> {
    for mail in outbox.mails {
        insert(db, mail).await?;
    }
    for delivery in outbox.deliveries {
        insert(db, delivery).await?;
    }
    for transfer in outbox.transfers {
        insert(db, transfer).await?;
    }
    Ok(())
}
