//! What leaves the house, written in the transaction of its cause, so that neither is without the other.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, ExprTrait as _, IntoActiveModel as _, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType, OnConflict},
};

use super::{
    AuditRecord, Mail, Store, StoreError, TicketTransfer, WebhookDelivery, insert, insert_all,
    row::{automatic_answer, webhook_endpoint},
};
use crate::{
    domain::{
        automatic_mail::ANSWERED_FOR, delivery::millis, mail_template::MailTemplateKey, portal_user::sign_in_key,
    },
    secrets,
};

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

impl Store {
    /// Sends something out that has no other cause than a wish.
    pub async fn send_out(&self, outbox: Outbox, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        insert_outbox(&transaction, outbox).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets who was answered by itself before `before`.
    pub async fn forget_automatic_answers(&self, before: UnixMillis) -> Result<(), StoreError> {
        let old = automatic_answer::Column::AnsweredAt.lt(before);
        automatic_answer::Entity::delete_many().filter(old).exec(&self.write).await?;
        Ok(())
    }
}

/// What is written here goes out; of mails that answer by themselves, those alone whose recipient got none of late (S11).
pub(super) async fn insert_outbox(db: &impl ConnectionTrait, outbox: Outbox) -> Result<(), StoreError> {
    let mut mails = Vec::with_capacity(outbox.mails.len());
    for mail in outbox.mails {
        let is_automatic = mail.template.is_some_and(MailTemplateKey::is_automatic_answer);
        if !is_automatic || may_be_answered(db, &mail.recipient, mail.created_at).await? {
            mails.push(mail);
        }
    }
    insert_all(db, mails).await?;
    for delivery in outbox.deliveries {
        // Its endpoint may have been removed since it was written: that is no reason to fail its cause.
        let endpoint = webhook_endpoint::Entity::find_by_id(delivery.endpoint_id).lock(LockType::KeyShare);
        if endpoint.one(db).await?.is_some() {
            insert(db, delivery).await?;
        }
    }
    insert_all(db, outbox.transfers).await
}

/// Notes that an address is answered, unless it was within ten minutes. Of two at once, the second waits here for the first.
pub(super) async fn may_be_answered(
    db: &impl ConnectionTrait,
    recipient: &str,
    now: UnixMillis,
) -> Result<bool, StoreError> {
    let row = automatic_answer::Model { recipient_hash: recipient_hash(recipient), answered_at: now };
    let over = now.saturating_sub(millis(ANSWERED_FOR));
    let again = OnConflict::column(automatic_answer::Column::RecipientHash)
        .update_column(automatic_answer::Column::AnsweredAt)
        .action_and_where(Expr::col((automatic_answer::Entity, automatic_answer::Column::AnsweredAt)).lte(over))
        .to_owned();
    let noted = automatic_answer::Entity::insert(row.into_active_model()).on_conflict(again);
    Ok(noted.exec_without_returning(db).await? == 1)
}

/// As what an address stands among those that were answered.
pub(super) fn recipient_hash(address: &str) -> String {
    secrets::sha256(sign_in_key(address).as_bytes())
}
