//! A place where an organization is.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{OrganizationId, SiteId};

/// A place where an organization is.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "site")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SiteId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Its name.
    pub name: String,
    /// The name as it is compared; unique in the organization.
    pub name_key: String,
    /// The address, perhaps in several lines; empty when it is not known.
    pub address: String,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
