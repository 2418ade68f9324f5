//! A span of time in which an asset belongs to an end user.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{AssetId, AssignmentId, EndUserId, OrganizationId};

/// A span of time in which an asset belongs to an end user.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "assignment")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssignmentId,
    /// Of the asset and of the end user (invariant 2).
    pub organization_id: OrganizationId,
    /// Which asset.
    pub asset_id: AssetId,
    /// Which end user.
    pub end_user_id: EndUserId,
    /// From when on.
    pub started_at: i64,
    /// Until when; absent: it is open.
    pub ended_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
