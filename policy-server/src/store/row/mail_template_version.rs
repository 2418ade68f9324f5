//! What one save of a mail template said.

use sea_orm::entity::prelude::*;

use crate::domain::{
    language::Language,
    mail_template::{MailTemplateKey, TemplateText},
};

/// What one save of a mail template said.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_template_version")]
pub struct Model {
    /// Of which template.
    #[sea_orm(primary_key, auto_increment = false)]
    pub template: MailTemplateKey,
    /// In which language.
    #[sea_orm(primary_key, auto_increment = false)]
    pub language: Language,
    /// Which save.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// Absent together with the body: what Deskbell ships.
    pub subject: Option<String>,
    /// Plain text with tags.
    pub body: Option<String>,
    /// When.
    pub saved_at: i64,
    /// Who: a name of the staff, or of an API token.
    pub saved_by: String,
    /// When the next version took its place.
    pub superseded_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What it says.
    pub fn text(&self) -> TemplateText {
        match (&self.subject, &self.body) {
            (Some(subject), Some(body)) => TemplateText { subject: subject.clone(), body: body.clone() },
            (None, _) | (_, None) => self.template.shipped(self.language),
        }
    }
}
