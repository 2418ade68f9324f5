//! A link that shows how far a ticket is (SYN-25).

use sea_orm::entity::prelude::*;

use crate::domain::ids::{StatusLinkId, TicketId};

/// A link that shows how far a ticket is (SYN-25).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_link")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StatusLinkId,
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// SHA-256 of the link's secret.
    pub token_hash: String,
    /// When it was mailed.
    pub created_at: i64,
    /// When it is worth nothing any more.
    pub expires_at: i64,
    /// When it was used.
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
