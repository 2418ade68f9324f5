//! What somebody said about a ticket.

use sea_orm::entity::prelude::*;

use crate::domain::comment::{AuthorKind, CommentKind};
use crate::domain::ids::{CommentId, TicketId};

/// What somebody said about a ticket.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "comment")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: CommentId,
    /// About which ticket.
    pub ticket_id: TicketId,
    /// For whom.
    pub kind: CommentKind,
    /// What kind of somebody wrote it.
    pub author_kind: AuthorKind,
    /// Who wrote it.
    pub author_id: Uuid,
    /// With line breaks as `\n`.
    pub text: String,
    /// When it was written.
    pub created_at: i64,
    /// Which form of the portal made it; unique for its ticket.
    pub form_id: Option<Uuid>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
