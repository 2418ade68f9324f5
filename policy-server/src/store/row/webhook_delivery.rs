//! A message on its way to an endpoint.

use sea_orm::entity::prelude::*;

use crate::domain::delivery::DeliveryState;
use crate::domain::ids::{WebhookDeliveryId, WebhookEndpointId};
use crate::domain::webhook::WebhookEvent;

/// A message on its way to an endpoint.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_delivery")]
pub struct Model {
    /// Which one. The receiver sees it, the same at each attempt.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookDeliveryId,
    /// To whom.
    pub endpoint_id: WebhookEndpointId,
    /// Of what it tells.
    pub event: WebhookEvent,
    /// JSON.
    pub body: String,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried since it was queued.
    pub attempts: i64,
    /// Since when it is tried.
    pub queued_at: i64,
    /// When it is tried next.
    pub due_at: i64,
    /// What the other side said last.
    pub answer: String,
    /// When its cause happened.
    pub created_at: i64,
    /// When it came to its end.
    pub ended_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
