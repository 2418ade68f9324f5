//! A line of an asset's timeline.

use sea_orm::entity::prelude::*;

use crate::domain::asset::AssetEventKind;
use crate::domain::ids::{AssetEventId, AssetId};

/// A line of an asset's timeline.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_event")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetEventId,
    /// Of which asset.
    pub asset_id: AssetId,
    /// What happened.
    pub kind: AssetEventKind,
    /// More of it, as the kind says.
    pub detail: String,
    /// When.
    pub at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
