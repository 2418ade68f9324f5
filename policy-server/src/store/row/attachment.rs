//! A file of a ticket.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AttachmentId, CommentId, TicketId};

/// A file of a ticket.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "attachment")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AttachmentId,
    /// Of which ticket.
    pub ticket_id: TicketId,
    /// Of which comment; absent: of the ticket's form.
    pub comment_id: Option<CommentId>,
    /// Its place among the ticket's files, from 0.
    pub position: i64,
    /// Its name, cleaned.
    pub name: String,
    /// How large it is, in bytes.
    pub size: i64,
    /// What its first bytes say that it is.
    pub media_type: String,
    /// SHA-256 of its content, which is where it lies.
    pub sha256: String,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// Its size in kilobytes, rounded up.
    pub fn kilobytes(&self) -> u64 {
        self.size.unsigned_abs().div_ceil(1024)
    }
}
