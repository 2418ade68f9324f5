//! What leaves the house, written in the transaction of its cause, so that neither is without the other.

use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, sea_query::LockType};

use super::{Mail, StoreError, TicketTransfer, WebhookDelivery, insert, insert_all, row::webhook_endpoint};

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

impl Extend<Outbox> for Outbox {
    fn extend<I: IntoIterator<Item = Outbox>>(&mut self, more: I) {
        for Outbox { mails, deliveries, transfers } in more {
            self.mails.extend(mails);
            self.deliveries.extend(deliveries);
            self.transfers.extend(transfers);
        }
    }
}

pub(super) async fn insert_outbox(db: &impl ConnectionTrait, outbox: Outbox) -> Result<(), StoreError> {
    insert_all(db, outbox.mails).await?;
    for delivery in outbox.deliveries {
        // Its endpoint may have been removed since it was written: that is no reason to fail its cause.
        let endpoint = webhook_endpoint::Entity::find_by_id(delivery.endpoint_id).lock(LockType::KeyShare);
        if endpoint.one(db).await?.is_some() {
            insert(db, delivery).await?;
        }
    }
    insert_all(db, outbox.transfers).await
}
