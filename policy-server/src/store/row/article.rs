//! What the MSP has written down for end users.

use sea_orm::entity::prelude::*;

use crate::domain::{article::ArticleVisibility, ids::ArticleId};

/// What the MSP has written down for end users.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "article")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ArticleId,
    /// What it is about.
    pub title: String,
    /// Under what it stands in lists.
    pub section: Option<String>,
    /// In which language it is.
    pub language: Option<String>,
    /// What it says, in Markdown.
    pub body: String,
    /// Who reads it.
    pub visibility: ArticleVisibility,
    /// Whether it is a draft no more.
    pub published: bool,
    /// The title as it is searched in.
    pub title_key: String,
    /// The title and how the text begins, as they are searched in.
    pub opening_key: String,
    /// Title, section and text as they are searched in.
    pub search_key: String,
    /// When it was made.
    pub created_at: i64,
    /// When it was changed last.
    pub updated_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
