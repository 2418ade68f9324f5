//! A change of something that servers hold in memory.

use sea_orm::entity::prelude::*;

use crate::domain::{ids::AssetId, revision::RevisionKind};

/// A change of something that servers hold in memory. The database's triggers write it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "revision")]
pub(crate) struct Model {
    /// Its place among all, without a gap.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    /// What was changed.
    pub kind: RevisionKind,
    /// Which asset, where it is one.
    pub subject_id: Option<AssetId>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub(crate) enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
