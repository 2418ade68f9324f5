//! A mail domain that an organization claims.

use sea_orm::entity::prelude::*;

use crate::domain::ids::OrganizationId;

/// A mail domain that an organization claims.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mail_domain")]
pub struct Model {
    /// In small letters.
    #[sea_orm(primary_key, auto_increment = false)]
    pub domain: String,
    /// Whose.
    pub organization_id: OrganizationId,
    /// Since when.
    pub added_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
