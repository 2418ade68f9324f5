//! What leaves the house, written in the transaction of its cause, so that neither is without the other.

use sea_orm::{ConnectionTrait, EntityTrait, QuerySelect, sea_query::LockType};

use super::{Mail, StoreError, WebhookDelivery, insert, row::webhook_endpoint};

/// What an event sends out.
#[derive(Debug, Clone, Default)]
pub struct Outbox {
    /// Mails.
    pub mails: Vec<Mail>,
    /// Messages to webhook endpoints.
    pub deliveries: Vec<WebhookDelivery>,
}

pub(super) async fn insert_outbox(db: &impl ConnectionTrait, outbox: Outbox) -> Result<(), StoreError> {
    for mail in outbox.mails {
        insert(db, mail).await?;
    }
    for delivery in outbox.deliveries {
        // Its endpoint may have been removed since it was written: that is no reason to fail its cause.
        let endpoint = webhook_endpoint::Entity::find_by_id(delivery.endpoint_id).lock(LockType::KeyShare);
        if endpoint.one(db).await?.is_some() {
            insert(db, delivery).await?;
        }
    }
    Ok(())
}
