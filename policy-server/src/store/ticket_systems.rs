//! The ticket system that the MSP has besides, and tickets on their way there.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, Select, sea_query::Expr,
};

use super::{
    AuditRecord, Page, PageRequest, Store, StoreError, TicketSystem, TicketTransfer, insert,
    row::{
        ticket_system,
        ticket_transfer::{Column, Entity},
    },
};
use crate::domain::{
    delivery::{DeliveryState, LEASE, Standing, millis},
    ids::{TicketId, TicketTransferId},
    ticket_system::RemoteTicket,
};

impl Store {
    /// The ticket system, if there is one.
    pub async fn ticket_system(&self) -> Result<Option<TicketSystem>, StoreError> {
        Ok(ticket_system::Entity::find().one(&self.read).await?)
    }

    /// Sets the ticket system. What failed before is tried at once.
    pub async fn save_ticket_system(&self, row: TicketSystem, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        // Two that set it at once wait here for each other, so that one row is left.
        super::alone(&transaction).await?;
        ticket_system::Entity::delete_many().exec(&transaction).await?;
        insert(&transaction, row).await?;
        Entity::update_many()
            .col_expr(Column::DueAt, Expr::value(record.at))
            .filter(Column::State.eq(DeliveryState::Waiting))
            .filter(has_failed())
            .exec(&transaction)
            .await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Forgets the ticket system and its token. What waits for it goes on waiting.
    pub async fn remove_ticket_system(&self, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        ticket_system::Entity::delete_many().exec(&transaction).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// A transfer.
    pub async fn ticket_transfer(&self, id: TicketTransferId) -> Result<Option<TicketTransfer>, StoreError> {
        Ok(Entity::find_by_id(id).one(&self.read).await?)
    }

    /// A ticket's transfer, if it has one.
    pub async fn transfer_of_ticket(&self, ticket: TicketId) -> Result<Option<TicketTransfer>, StoreError> {
        Ok(Entity::find().filter(Column::TicketId.eq(ticket)).one(&self.read).await?)
    }

    /// Part of the transfers, the newest first: `page.after` is the id that this part is older than.
    pub async fn ticket_transfers(
        &self,
        ticket: Option<TicketId>,
        page: PageRequest,
    ) -> Result<Page<TicketTransfer>, StoreError> {
        let filter = Condition::all()
            .add_option(ticket.map(|ticket| Column::TicketId.eq(ticket)))
            .add_option(page.after.map(|before| Column::Id.lt(before)));
        let select = Entity::find().filter(filter).order_by_desc(Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }

    /// Transfers that are due at `now`, the longest waiting first.
    pub async fn due_ticket_transfers(&self, now: UnixMillis, limit: u64) -> Result<Vec<TicketTransfer>, StoreError> {
        let select = waiting().filter(Column::DueAt.lte(now)).order_by_asc(Column::DueAt).limit(limit);
        Ok(select.order_by_asc(Column::Id).all(&self.read).await?)
    }

    /// When the next transfer is due.
    pub async fn next_ticket_transfer_at(&self) -> Result<Option<UnixMillis>, StoreError> {
        let first = waiting().order_by_asc(Column::DueAt).one(&self.read).await?;
        Ok(first.map(|transfer| transfer.due_at))
    }

    /// Counts an attempt and keeps other servers away for its time. `false`: another was first.
    pub async fn claim_ticket_transfer(&self, transfer: &TicketTransfer, now: UnixMillis) -> Result<bool, StoreError> {
        let claimed = Entity::update_many()
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::DueAt, Expr::value(now.saturating_add(millis(LEASE))))
            .col_expr(Column::Answer, Expr::value(""))
            .filter(Column::Id.eq(transfer.id))
            .filter(Column::State.eq(DeliveryState::Waiting))
            .filter(Column::Attempts.eq(transfer.attempts))
            .filter(Column::DueAt.eq(transfer.due_at))
            .exec(&self.write)
            .await?;
        Ok(claimed.rows_affected == 1)
    }

    /// Keeps how a transfer stands after an attempt, and what the ticket is called there.
    pub async fn save_transfer_standing(
        &self,
        id: TicketTransferId,
        standing: Standing,
        remote: Option<RemoteTicket>,
    ) -> Result<(), StoreError> {
        let mut update = Entity::update_many()
            .col_expr(Column::State, Expr::value(standing.state))
            .col_expr(Column::DueAt, Expr::value(standing.due_at))
            .col_expr(Column::Answer, Expr::value(standing.answer))
            .col_expr(Column::EndedAt, Expr::value(standing.ended_at))
            .filter(Column::Id.eq(id));
        if let Some(RemoteTicket { number, url }) = remote {
            update = update.col_expr(Column::RemoteNumber, Expr::value(number));
            update = update.col_expr(Column::RemoteUrl, Expr::value(url));
        }
        update.exec(&self.write).await?;
        Ok(())
    }

    /// Queues a transfer anew that was given up, or that waits after a failure. `false`: it is neither.
    pub async fn retry_ticket_transfer(&self, id: TicketTransferId, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let given_up = Column::State.eq(DeliveryState::GivenUp);
        let failed = Condition::all().add(Column::State.eq(DeliveryState::Waiting)).add(has_failed());
        let queued = Entity::update_many()
            .col_expr(Column::State, Expr::value(DeliveryState::Waiting))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::QueuedAt, Expr::value(record.at))
            .col_expr(Column::DueAt, Expr::value(record.at))
            .col_expr(Column::EndedAt, Expr::value(Option::<i64>::None))
            .filter(Column::Id.eq(id))
            .filter(Condition::any().add(given_up).add(failed))
            .exec(&transaction)
            .await?;
        if queued.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

/// A transfer without an answer may be under way this moment: to hurry it would be to send it twice.
fn has_failed() -> sea_orm::sea_query::SimpleExpr {
    Column::Answer.ne("")
}

fn waiting() -> Select<Entity> {
    Entity::find().filter(Column::State.eq(DeliveryState::Waiting))
}
