//! An address that is told of what happens.

use sea_orm::entity::prelude::*;

use crate::domain::ids::WebhookEndpointId;
use crate::domain::webhook::WebhookEvent;
use crate::store::columns::Json;

/// An address that is told of what happens.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhook_endpoint")]
pub struct Model {
    /// Which one. Its secret is derived from this.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: WebhookEndpointId,
    /// Where messages are sent.
    pub url: String,
    /// Of what it is told.
    pub events: Json<Vec<WebhookEvent>>,
    /// Since when nothing is sent there.
    pub disabled_at: Option<i64>,
    /// When the first of the failures since the last success was.
    pub failing_since: Option<i64>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
