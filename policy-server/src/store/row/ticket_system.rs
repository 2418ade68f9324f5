//! The ticket system that the MSP has besides: one row at most.

use sea_orm::entity::prelude::*;

use crate::domain::{ids::TicketSystemId, ticket_system::TicketSystemKind};

/// The ticket system that the MSP has besides: one row at most.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_system")]
pub struct Model {
    /// The one id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketSystemId,
    /// Which program it is.
    pub kind: TicketSystemKind,
    /// Where it is, without a slash at its end.
    pub url: String,
    /// Where in it tickets go.
    pub queue: String,
    /// What opens it, sealed with the server's key.
    pub token: String,
    /// When it was last set.
    pub changed_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
