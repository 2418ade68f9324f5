//! The MSP itself: one row.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{PolicyId, ProviderId};
use crate::domain::language::Language;

/// The MSP itself: one row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "provider")]
pub struct Model {
    /// The one id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ProviderId,
    /// The name beside the tray icon.
    pub name: String,
    /// Whom to call.
    pub support_phone: Option<String>,
    /// Whom to write to.
    pub support_email: Option<String>,
    /// The policy attached to the root of the tree.
    pub policy_id: Option<PolicyId>,
    /// Where new tickets are forwarded to by e-mail.
    pub forward_tickets_to: Option<String>,
    /// Whether requesters get mails about their tickets.
    pub mail_requesters: bool,
    /// The language of whoever has none of their own.
    pub default_language: Language,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// In which language somebody is mailed who wants `own`.
    pub fn mail_language(&self, own: Option<Language>) -> Language {
        own.unwrap_or(self.default_language)
    }
}
