//! A folder of an organization's assets.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{FolderId, OrganizationId, PolicyId};

/// A folder of an organization's assets.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "folder")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: FolderId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which folder; absent: right below the organization.
    pub parent_id: Option<FolderId>,
    /// Its name.
    pub name: String,
    /// The policy attached here.
    pub policy_id: Option<PolicyId>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
