//! An icon that policies name.

use sea_orm::entity::prelude::*;

/// An icon that policies name.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "icon")]
pub struct Model {
    /// SHA-256 of the PNG.
    #[sea_orm(primary_key, auto_increment = false)]
    pub sha256: String,
    /// The icon.
    pub png: Vec<u8>,
    /// When it was first uploaded.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
