//! Somebody who may see a ticket that is another's.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{EndUserId, TicketId};

/// Somebody who may see a ticket that is another's.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_person")]
pub struct Model {
    /// Which ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: TicketId,
    /// Who; of the ticket's organization.
    #[sea_orm(primary_key, auto_increment = false)]
    pub end_user_id: EndUserId,
    /// Since when.
    pub added_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
