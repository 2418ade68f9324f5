//! What is said about tickets. Comments are seen by whoever sees the ticket, notes by the MSP alone (invariants 7, 9).

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    AuditRecord, Comment, Outbox, Store, StoreError, Ticket, insert,
    outbox::insert_outbox,
    row::{comment, ticket},
};
use crate::domain::{access::TicketScope, comment::CommentKind, ids::TicketId};

/// The most comments that are shown of a ticket.
const LISTED: u64 = 1000;

impl Store {
    /// The comments of a ticket that `scope` sees, the oldest first; at most 1,000.
    pub async fn comments(&self, scope: TicketScope, id: TicketId) -> Result<Vec<Comment>, StoreError> {
        if self.ticket(scope, id).await?.is_none() {
            return Ok(Vec::new());
        }
        let mut select = comment::Entity::find().filter(comment::Column::TicketId.eq(id));
        if !scope.sees_notes() {
            select = select.filter(comment::Column::Kind.eq(CommentKind::Reply));
        }
        Ok(select.order_by_asc(comment::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Adds a comment to a ticket, which then has `ticket`'s status.
    pub async fn insert_comment(
        &self,
        ticket: &Ticket,
        comment: Comment,
        outbox: Outbox,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        ticket::Entity::update_many()
            .col_expr(ticket::Column::Status, Expr::value(ticket.status))
            .col_expr(ticket::Column::UpdatedAt, Expr::value(ticket.updated_at))
            .filter(ticket::Column::Id.eq(ticket.id))
            .exec(&transaction)
            .await?;
        insert(&transaction, comment).await?;
        insert_outbox(&transaction, outbox).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }
}
