//! Tickets. Every question about them names its scope (invariant 7).

use sea_orm::{ColumnTrait, Condition, ConnectionTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};
use uuid::Uuid;

use super::{
    AssetEvent, Attachment, Page, PageRequest, Store, StoreError, Ticket,
    attachments::files_of_hour,
    insert,
    row::{asset_session, number_sequence, ticket},
};
use crate::domain::{
    access::TicketScope,
    attachment,
    ids::{AssetId, AssetSessionId, OrganizationId, TicketId},
};

impl Store {
    /// A ticket, if `scope` sees it.
    pub async fn ticket(&self, scope: TicketScope, id: TicketId) -> Result<Option<Ticket>, StoreError> {
        Ok(ticket::Entity::find_by_id(id).filter(visible(scope)).one(&self.read).await?)
    }

    /// Part of the list of the tickets that `scope` sees.
    pub async fn tickets(
        &self,
        scope: TicketScope,
        organization: Option<OrganizationId>,
        asset: Option<AssetId>,
        page: PageRequest,
    ) -> Result<Page<Ticket>, StoreError> {
        let mut select = ticket::Entity::find().filter(visible(scope));
        if let Some(organization) = organization {
            select = select.filter(ticket::Column::OrganizationId.eq(organization));
        }
        if let Some(asset) = asset {
            select = select.filter(ticket::Column::AssetId.eq(asset));
        }
        self.page(select, ticket::Column::Id, page, |row| row.id.0).await
    }

    /// The ticket that a form has made.
    pub async fn ticket_of_form(&self, asset: AssetId, form: Uuid) -> Result<Option<Ticket>, StoreError> {
        ticket_of_form(&self.read, asset, form).await
    }

    /// Makes the ticket of a form with its files and the next number, or finds the one that this form has made before
    /// (invariant 21). The session with a draft is done with it.
    pub async fn insert_ticket(
        &self,
        ticket: Ticket,
        event: AssetEvent,
        draft: Option<AssetSessionId>,
        attachments: Vec<Attachment>,
    ) -> Result<TicketId, StoreError> {
        let (id, asset, form) = (ticket.id, ticket.asset_id, ticket.form_id);
        match self.insert_new_ticket(ticket, event, draft, attachments).await {
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
    ) -> Result<(), StoreError> {
        let (asset, now) = (ticket.asset_id, ticket.created_at);
        let transaction = self.begin().await?;
        // Taking the number first makes two sends of one form wait for each other, on PostgreSQL too.
        ticket.number = next_number(&transaction, "ticket").await?;
        event.detail = ticket.number.to_string();
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
fn visible(scope: TicketScope) -> Condition {
    match scope {
        TicketScope::Automation => Condition::all(),
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
