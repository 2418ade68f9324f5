//! A mail that came in, and what became of it.

use sea_orm::entity::prelude::*;

use crate::domain::{
    ids::{CommentId, DepartmentId, EndUserId, InboundMailId, MailId, TicketId},
    inbound_mail::{InboundOutcome, InboundReason},
};

/// A mail that came in, and what became of it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "inbound_mail")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: InboundMailId,
    /// The same when it comes again; unique.
    pub message_key: String,
    /// As its sender called it; perhaps empty.
    pub message_id: String,
    /// From which address it says to be; empty where there is none.
    pub sender: String,
    /// As it is compared.
    pub sender_key: String,
    /// From whom it says to be.
    pub sender_name: String,
    /// To which addresses, with commas.
    pub recipients: String,
    /// In one line.
    pub subject: String,
    /// As plain text, while somebody may have to look.
    pub text: Option<String>,
    /// The whole message, while somebody may have to look.
    pub raw_sha256: Option<String>,
    /// What became of it.
    pub outcome: InboundOutcome,
    /// Why, where it is neither ticket nor comment, or not all of it.
    pub reason: Option<InboundReason>,
    /// To which department it came.
    pub department_id: Option<DepartmentId>,
    /// The ticket that it made, or is about.
    pub ticket_id: Option<TicketId>,
    /// The comment that it made.
    pub comment_id: Option<CommentId>,
    /// The mail of ours that did not arrive.
    pub mail_id: Option<MailId>,
    /// Whom it made an end user, until they are invited.
    pub invite_end_user_id: Option<EndUserId>,
    /// When it came.
    pub received_at: i64,
    /// When somebody decided about it.
    pub decided_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
