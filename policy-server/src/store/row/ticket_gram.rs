//! Which tickets of a block have a gram.

use sea_orm::entity::prelude::*;

/// Which tickets of a block have a gram.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket_gram")]
pub(crate) struct Model {
    /// The piece of text, or what else is the same for all these tickets.
    #[sea_orm(primary_key, auto_increment = false)]
    pub gram: String,
    /// In which block.
    #[sea_orm(primary_key, auto_increment = false)]
    pub block: i64,
    /// The tickets, as `domain/grams.rs` writes them.
    pub tickets: Vec<u8>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
