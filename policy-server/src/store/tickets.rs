//! Tickets. Every question about them names its scope (invariant 7).

use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::Expr,
};
use uuid::Uuid;

use super::{
    AssetEvent, Attachment, AuditRecord, Outbox, Store, StoreError, Ticket,
    attachments::files_of_hour,
    insert,
    outbox::insert_outbox,
    replace,
    row::{asset_session, number_sequence, ticket},
};
use crate::domain::{
    access::TicketScope,
    attachment,
    ids::{AssetId, AssetSessionId, TicketId},
    ticket::TicketStatus,
};

impl Store {
    /// A ticket, if `scope` sees it.
    pub async fn ticket(&self, scope: TicketScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        Ok(ticket::Entity::find_by_id(id).filter(visible(scope)).one(&self.read).await?)
    }

    /// How many tickets nobody has looked at; one more than `limit` where there are more.
    pub async fn count_new_tickets(&self, scope: TicketScope, limit: u64) -> Result<u64, StoreError> {
        let select = ticket::Entity::find().filter(visible(scope)).filter(ticket::Column::Status.eq(TicketStatus::New));
        Ok(select.select_only().column(ticket::Column::Number).limit(limit + 1).count(&self.read).await?)
    }

    /// Changes a ticket that `scope` sees, while nobody else can; whom that tells goes with it. Without a record, there was
    /// nothing to change.
    pub async fn change_ticket<R: From<StoreError> + Send>(
        &self,
        scope: TicketScope,
        id: TicketId,
        change: impl FnOnce(&mut Ticket) -> Result<Option<(Outbox, AuditRecord)>, R> + Send,
    ) -> Result<Option<Ticket>, R> {
        let transaction = self.begin().await?;
        let select = ticket::Entity::find_by_id(id).filter(visible(scope)).lock_exclusive();
        let found = select.one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        if let Some((outbox, record)) = change(&mut row)? {
            replace(&transaction, row.clone()).await?;
            insert_outbox(&transaction, outbox).await?;
            insert(&transaction, record).await?;
            transaction.commit().await.map_err(StoreError::from)?;
        }
        Ok(Some(row))
    }

    /// The ticket that a form has made.
    pub async fn ticket_of_form(&self, asset: AssetId, form: Uuid) -> Result<Option<Ticket>, StoreError> {
        ticket_of_form(&self.read, asset, form).await
    }

    /// Makes the ticket of a form with its files and the next number, or finds the one that this form has made before
    /// (invariant 21). The session with a draft is done with it. `announce` tells what goes out with it, once it has a number.
    pub async fn insert_ticket(
        &self,
        ticket: Ticket,
        event: AssetEvent,
        draft: Option<AssetSessionId>,
        attachments: Vec<Attachment>,
        announce: impl FnOnce(&Ticket, &[Attachment]) -> Outbox + Send,
    ) -> Result<TicketId, StoreError> {
        let (id, asset, form) = (ticket.id, ticket.asset_id, ticket.form_id);
        match self.insert_new_ticket(ticket, event, draft, attachments, announce).await {
            Ok(()) => Ok(id),
            Err(StoreError::Taken) => {
                let made = ticket_of_form(&self.write, asset, form).await?;
                made.map(|made| made.id).ok_or(StoreError::Taken)
            }
            Err(error) => Err(error),
        }
    }

    async fn insert_new_ticket(
        &self,
        mut ticket: Ticket,
        mut event: AssetEvent,
        draft: Option<AssetSessionId>,
        attachments: Vec<Attachment>,
        announce: impl FnOnce(&Ticket, &[Attachment]) -> Outbox + Send,
    ) -> Result<(), StoreError> {
        let (asset, now) = (ticket.asset_id, ticket.created_at);
        let transaction = self.begin().await?;
        // Taking the number first makes two sends of one form wait for each other, on PostgreSQL too.
        ticket.number = next_number(&transaction, "ticket").await?;
        event.detail = ticket.number.to_string();
        let outbox = announce(&ticket, &attachments);
        insert(&transaction, ticket).await?;
        if !attachments.is_empty() {
            let sent = files_of_hour(&transaction, asset, now).await?;
            if !attachment::within_hour(sent, attachments.len()) {
                return Err(StoreError::TooManyFiles);
            }
        }
        for attachment in attachments {
            insert(&transaction, attachment).await?;
        }
        insert_outbox(&transaction, outbox).await?;
        insert(&transaction, event).await?;
        if let Some(session) = draft {
            asset_session::Entity::update_many()
                .col_expr(asset_session::Column::Draft, Expr::value(Option::<String>::None))
                .filter(asset_session::Column::Id.eq(session))
                .exec(&transaction)
                .await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Which tickets `scope` sees. The only place that decides it.
pub(super) fn visible(scope: TicketScope) -> Condition {
    match scope {
        TicketScope::Automation | TicketScope::Staff => Condition::all(),
        TicketScope::AssetSession { asset, requester } => {
            Condition::all().add(ticket::Column::AssetId.eq(asset)).add(ticket::Column::RequesterId.eq(requester))
        }
    }
}

async fn ticket_of_form(db: &impl ConnectionTrait, asset: AssetId, form: Uuid) -> Result<Option<Ticket>, StoreError> {
    let select = ticket::Entity::find().filter(ticket::Column::AssetId.eq(asset));
    Ok(select.filter(ticket::Column::FormId.eq(form)).one(db).await?)
}

async fn next_number(db: &impl ConnectionTrait, sequence: &str) -> Result<i64, StoreError> {
    let rows = number_sequence::Entity::update_many()
        .col_expr(number_sequence::Column::Last, Expr::col(number_sequence::Column::Last).add(1))
        .filter(number_sequence::Column::Name.eq(sequence))
        .exec_with_returning(db)
        .await?;
    rows.first().map(|row| row.last).ok_or_else(|| {
        StoreError::Database(sea_orm::DbErr::RecordNotFound(format!("number_sequence has no row {sequence}")))
    })
}
