//! A ticket on its way into the MSP's own ticket system.

use sea_orm::entity::prelude::*;

use crate::domain::{
    delivery::DeliveryState,
    ids::{TicketId, TicketTransferId},
};

/// A ticket on its way into the MSP's own ticket system.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_transfer")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketTransferId,
    /// Which ticket.
    pub ticket_id: TicketId,
    /// How far it is.
    pub state: DeliveryState,
    /// How often it was tried since it was queued.
    pub attempts: i64,
    /// Since when it is tried.
    pub queued_at: i64,
    /// When it is tried next.
    pub due_at: i64,
    /// What the last attempt came to; empty before the first one and while one is under way.
    pub answer: String,
    /// What the ticket is called there.
    pub remote_number: Option<String>,
    /// Where people find it there.
    pub remote_url: Option<String>,
    /// When the ticket was made.
    pub created_at: i64,
    /// When it came to its end.
    pub ended_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
