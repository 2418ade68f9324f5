//! A login of an operating system that stands for an end user (decision C10).

use sea_orm::entity::prelude::*;

use crate::domain::ids::{EndUserId, OrganizationId, OsLoginId};

/// A login of an operating system that stands for an end user (decision C10).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "os_login")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OsLoginId,
    /// Of the end user.
    pub organization_id: OrganizationId,
    /// Who it is.
    pub end_user_id: EndUserId,
    /// The log-on name as it was written.
    pub name: String,
    /// The Windows domain or computer name; empty elsewhere.
    pub domain: String,
    /// The SID or uid that it must have; empty: any.
    pub os_id: String,
    /// The name as it is compared.
    pub name_key: String,
    /// The domain as it is compared.
    pub domain_key: String,
    /// The SID or uid as it is compared.
    pub os_id_key: String,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
