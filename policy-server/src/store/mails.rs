//! Mail on its way out.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use super::{
    AuditRecord, Mail, Page, PageRequest, Store, StoreError, insert, oldest_id_at,
    row::mail::{Column, Entity},
};
use crate::domain::{
    delivery::{DeliveryState, MAIL_LEASE, Standing, millis},
    ids::MailId,
};

impl Store {
    /// A mail.
    pub async fn mail(&self, id: MailId) -> Result<Option<Mail>, StoreError> {
        Ok(Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the mails, the newest first: `page.after` is the id that this part is older than.
    pub async fn mails(&self, page: PageRequest) -> Result<Page<Mail>, StoreError> {
        let select = match page.after {
            Some(before) => Entity::find().filter(Column::Id.lt(before)),
            None => Entity::find(),
        };
        let select = select.order_by_desc(Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }

    /// Mails that are due at `now`, the longest waiting first; of those that are equal, in the order of making.
    pub async fn due_mails(&self, now: UnixMillis, limit: u64) -> Result<Vec<Mail>, StoreError> {
        let select = waiting().filter(Column::DueAt.lte(now)).order_by_asc(Column::DueAt).order_by_asc(Column::Id);
        Ok(select.limit(limit).all(&self.read).await?)
    }

    /// When the next mail is due.
    pub async fn next_mail_at(&self) -> Result<Option<UnixMillis>, StoreError> {
        let first = waiting().order_by_asc(Column::DueAt).one(&self.read).await?;
        Ok(first.map(|mail| mail.due_at))
    }

    /// Counts an attempt and keeps other servers away for its time. `false`: another was first.
    pub async fn claim_mail(&self, mail: &Mail, now: UnixMillis) -> Result<bool, StoreError> {
        let claimed = Entity::update_many()
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::DueAt, Expr::value(now.saturating_add(millis(MAIL_LEASE))))
            .filter(Column::Id.eq(mail.id))
            .filter(Column::State.eq(DeliveryState::Waiting))
            .filter(Column::Attempts.eq(mail.attempts))
            .filter(Column::DueAt.eq(mail.due_at))
            .exec(&self.write)
            .await?;
        Ok(claimed.rows_affected == 1)
    }

    /// Keeps how a mail stands after an attempt. One that was taken needs its secret no more.
    pub async fn save_mail_standing(&self, id: MailId, standing: Standing) -> Result<(), StoreError> {
        let mut update = Entity::update_many()
            .col_expr(Column::State, Expr::value(standing.state))
            .col_expr(Column::DueAt, Expr::value(standing.due_at))
            .col_expr(Column::Answer, Expr::value(standing.answer))
            .col_expr(Column::EndedAt, Expr::value(standing.ended_at))
            .filter(Column::Id.eq(id));
        if standing.state == DeliveryState::Delivered {
            update = update.col_expr(Column::Secret, Expr::value(Option::<String>::None));
        }
        update.exec(&self.write).await?;
        Ok(())
    }

    /// Queues a mail again that was given up. `false`: it was not.
    pub async fn retry_mail(&self, id: MailId, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let queued = Entity::update_many()
            .col_expr(Column::State, Expr::value(DeliveryState::Waiting))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::QueuedAt, Expr::value(record.at))
            .col_expr(Column::DueAt, Expr::value(record.at))
            .col_expr(Column::EndedAt, Expr::value(Option::<i64>::None))
            .filter(Column::Id.eq(id))
            .filter(Column::State.eq(DeliveryState::GivenUp))
            .exec(&transaction)
            .await?;
        if queued.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Deletes mails that came to their end before `ended_before`, at most `limit` of them; says how many.
    pub async fn delete_ended_mails(&self, ended_before: UnixMillis, limit: u64) -> Result<u64, StoreError> {
        // Nothing ends before it is made, and ids are in the order of making.
        let made_before = oldest_id_at(ended_before);
        let ended = Entity::find().filter(Column::Id.lt(made_before)).filter(Column::EndedAt.lt(ended_before));
        let some = ended.select_only().column(Column::Id).order_by_asc(Column::Id).limit(limit).into_query();
        let deleted = Entity::delete_many().filter(Column::Id.in_subquery(some)).exec(&self.write).await?;
        Ok(deleted.rows_affected)
    }
}

fn waiting() -> Select<Entity> {
    Entity::find().filter(Column::State.eq(DeliveryState::Waiting))
}
