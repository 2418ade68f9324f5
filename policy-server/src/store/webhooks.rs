//! Webhook endpoints, and messages on their way to them.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select, sea_query::Expr,
};

use super::{
    AuditRecord, Page, PageRequest, Store, StoreError, WebhookDelivery, WebhookEndpoint, insert,
    row::{
        webhook_delivery::{Column, Entity},
        webhook_endpoint,
    },
};
use crate::domain::{
    delivery::{DeliveryState, LEASE, Standing, millis},
    ids::{WebhookDeliveryId, WebhookEndpointId},
};

/// The most endpoints that are listed and told.
const LISTED: u64 = 100;

impl Store {
    /// Every endpoint, the oldest first; at most 100.
    pub async fn webhook_endpoints(&self) -> Result<Vec<WebhookEndpoint>, StoreError> {
        let select = webhook_endpoint::Entity::find().order_by_asc(webhook_endpoint::Column::Id);
        Ok(select.limit(LISTED).all(&self.read).await?)
    }

    /// An endpoint.
    pub async fn webhook_endpoint(&self, id: WebhookEndpointId) -> Result<Option<WebhookEndpoint>, StoreError> {
        Ok(webhook_endpoint::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Makes an endpoint.
    pub async fn insert_webhook_endpoint(&self, row: WebhookEndpoint, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(row, record).await
    }

    /// Changes an endpoint, while nobody else can.
    pub async fn change_webhook_endpoint<R: From<StoreError> + Send>(
        &self,
        id: WebhookEndpointId,
        change: impl FnOnce(&mut WebhookEndpoint) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<WebhookEndpoint>, R> {
        self.change_recorded::<webhook_endpoint::Entity, _, _>(id, change).await
    }

    /// A message.
    pub async fn webhook_delivery(&self, id: WebhookDeliveryId) -> Result<Option<WebhookDelivery>, StoreError> {
        Ok(Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of an endpoint's messages, the newest first: `page.after` is the id that this part is older than.
    pub async fn webhook_deliveries(
        &self,
        endpoint: WebhookEndpointId,
        page: PageRequest,
    ) -> Result<Page<WebhookDelivery>, StoreError> {
        let mut select = Entity::find().filter(Column::EndpointId.eq(endpoint));
        if let Some(before) = page.after {
            select = select.filter(Column::Id.lt(before));
        }
        let select = select.order_by_desc(Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.all(&self.read).await?, page, |row| row.id.0))
    }

    /// Messages that are due at `now`, the longest waiting first.
    pub async fn due_webhook_deliveries(
        &self,
        now: UnixMillis,
        limit: u64,
    ) -> Result<Vec<WebhookDelivery>, StoreError> {
        let select = waiting().filter(Column::DueAt.lte(now)).order_by_asc(Column::DueAt).limit(limit);
        Ok(select.all(&self.read).await?)
    }

    /// When the next message is due.
    pub async fn next_webhook_at(&self) -> Result<Option<UnixMillis>, StoreError> {
        let first = waiting().order_by_asc(Column::DueAt).one(&self.read).await?;
        Ok(first.map(|delivery| delivery.due_at))
    }

    /// Counts an attempt and keeps other servers away for its time. `false`: another was first.
    pub async fn claim_webhook_delivery(
        &self,
        delivery: &WebhookDelivery,
        now: UnixMillis,
    ) -> Result<bool, StoreError> {
        let claimed = Entity::update_many()
            .col_expr(Column::Attempts, Expr::col(Column::Attempts).add(1))
            .col_expr(Column::DueAt, Expr::value(now.saturating_add(millis(LEASE))))
            .filter(Column::Id.eq(delivery.id))
            .filter(Column::State.eq(DeliveryState::Waiting))
            .filter(Column::Attempts.eq(delivery.attempts))
            .filter(Column::DueAt.eq(delivery.due_at))
            .exec(&self.write)
            .await?;
        Ok(claimed.rows_affected == 1)
    }

    /// Keeps how a message stands after an attempt, and its endpoint.
    pub async fn save_webhook_standing(
        &self,
        id: WebhookDeliveryId,
        standing: Standing,
        endpoint: WebhookEndpointId,
        failing_since: Option<UnixMillis>,
        disabled_at: Option<UnixMillis>,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        Entity::update_many()
            .col_expr(Column::State, Expr::value(standing.state))
            .col_expr(Column::DueAt, Expr::value(standing.due_at))
            .col_expr(Column::Answer, Expr::value(standing.answer))
            .col_expr(Column::EndedAt, Expr::value(standing.ended_at))
            .filter(Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        let mut health = webhook_endpoint::Entity::update_many()
            .col_expr(webhook_endpoint::Column::FailingSince, Expr::value(failing_since))
            .filter(webhook_endpoint::Column::Id.eq(endpoint));
        if let Some(disabled_at) = disabled_at {
            health = health.col_expr(webhook_endpoint::Column::DisabledAt, Expr::value(disabled_at));
        }
        health.exec(&transaction).await?;
        Ok(transaction.commit().await?)
    }

    /// Queues a message again that has come to its end, under the same id. `false`: it is on its way.
    pub async fn replay_webhook_delivery(
        &self,
        id: WebhookDeliveryId,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let queued = Entity::update_many()
            .col_expr(Column::State, Expr::value(DeliveryState::Waiting))
            .col_expr(Column::Attempts, Expr::value(0_i64))
            .col_expr(Column::QueuedAt, Expr::value(record.at))
            .col_expr(Column::DueAt, Expr::value(record.at))
            .col_expr(Column::EndedAt, Expr::value(Option::<i64>::None))
            .filter(Column::Id.eq(id))
            .filter(Column::State.ne(DeliveryState::Waiting))
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

/// What waits for an endpoint that is not switched off.
fn waiting() -> Select<Entity> {
    let enabled = webhook_endpoint::Entity::find()
        .select_only()
        .column(webhook_endpoint::Column::Id)
        .filter(webhook_endpoint::Column::DisabledAt.is_null());
    Entity::find()
        .filter(Column::State.eq(DeliveryState::Waiting))
        .filter(Column::EndpointId.in_subquery(enabled.into_query()))
}
