//! A mail on its way out.

use sea_orm::entity::prelude::*;

use crate::domain::delivery::DeliveryState;
use crate::domain::ids::{MailId, TicketId};
use crate::domain::language::Language;
use crate::domain::mail_template::MailTemplateKey;

/// A mail on its way out.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: MailId,
    /// About which ticket.
    pub ticket_id: Option<TicketId>,
    /// From which template; absent in rows from before there were templates.
    pub template: Option<MailTemplateKey>,
    /// In which language; absent in rows from before there were several.
    pub language: Option<Language>,
    /// To whom.
    pub recipient: String,
    /// In one line.
    pub subject: String,
    /// Plain text.
    pub body: String,
    /// The same as HTML.
    pub html: Option<String>,
    /// A one-time secret for [`SECRET_MARK`](crate::domain::mail_template::SECRET_MARK), sealed.
    pub secret: Option<String>,
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
