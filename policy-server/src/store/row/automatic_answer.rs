//! When an address was last answered by itself.

use sea_orm::entity::prelude::*;

/// When an address was last answered by itself.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "automatic_answer")]
pub(crate) struct Model {
    /// Which address, as a hash.
    #[sea_orm(primary_key, auto_increment = false)]
    pub recipient_hash: String,
    /// When.
    pub answered_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
