//! What is said about tickets. Comments are seen by whoever sees the ticket, notes by the MSP alone (invariants 7, 9).

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use uuid::Uuid;

use super::{
    Attachment, AuditRecord, Comment, Outbox, Store, StoreError, Ticket,
    attachments::files_of_hour,
    insert,
    outbox::insert_outbox,
    row::{attachment, comment, ticket},
};
use crate::domain::{
    access::TicketScope,
    attachment::{FileSender, file_names_beside, within_hour},
    comment::CommentKind,
    ids::TicketId,
};

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

    /// Whether a form has made a comment of a ticket before (invariant 21).
    pub async fn has_comment_of_form(&self, id: TicketId, form: Uuid) -> Result<bool, StoreError> {
        let select = comment::Entity::find().filter(comment::Column::TicketId.eq(id));
        Ok(select.filter(comment::Column::FormId.eq(form)).one(&self.write).await?.is_some())
    }

    /// Adds a comment with its files to a ticket, which then has `ticket`'s status. The files come after those that are
    /// there, under names that those do not have.
    pub async fn insert_comment(
        &self,
        ticket: &Ticket,
        comment: Comment,
        attachments: Vec<Attachment>,
        announce: impl FnOnce(&[Attachment]) -> Outbox + Send,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        write_comment(&transaction, ticket, comment, attachments, announce).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }
}

/// The same within a transaction, without the record.
pub(super) async fn write_comment(
    db: &impl ConnectionTrait,
    ticket: &Ticket,
    comment: Comment,
    attachments: Vec<Attachment>,
    announce: impl FnOnce(&[Attachment]) -> Outbox + Send,
) -> Result<(), StoreError> {
    let (author, now) = (FileSender::Author(comment.author_id), comment.created_at);
    // Writing the ticket first makes two comments with files wait for each other, on PostgreSQL too.
    ticket::Entity::update_many()
        .col_expr(ticket::Column::Status, Expr::value(ticket.status))
        .col_expr(ticket::Column::UpdatedAt, Expr::value(ticket.updated_at))
        .filter(ticket::Column::Id.eq(ticket.id))
        .exec(db)
        .await?;
    insert(db, comment).await?;
    let mut placed = Vec::new();
    if !attachments.is_empty() {
        let sent = files_of_hour(db, author, now).await?;
        if !within_hour(sent, attachments.len()) {
            return Err(StoreError::TooManyFiles);
        }
        placed = beside(db, ticket.id, attachments).await?;
        for attachment in placed.clone() {
            insert(db, attachment).await?;
        }
    }
    insert_outbox(db, announce(&placed)).await
}

/// New files of a ticket, in place and name beside those that it has.
async fn beside(
    db: &impl ConnectionTrait,
    ticket: TicketId,
    new: Vec<Attachment>,
) -> Result<Vec<Attachment>, StoreError> {
    let there = attachment::Entity::find().filter(attachment::Column::TicketId.eq(ticket)).all(db).await?;
    let first = there.iter().map(|row| row.position + 1).max().unwrap_or_default();
    let names = file_names_beside(there.iter().map(|row| row.name.as_str()), new.iter().map(|row| row.name.as_str()));
    let placed = new.into_iter().zip(names).zip(first..);
    Ok(placed.map(|((row, name), position)| Attachment { position, name, ..row }).collect())
}
