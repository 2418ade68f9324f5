//! A browser that came by an organization's link, or somebody of the staff who looks at the portal as the organization does.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{LinkSessionId, OrganizationId, StaffId};

/// A browser that came by an organization's link, or somebody of the staff who looks at the portal as the organization does.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "link_session")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: LinkSessionId,
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// Who of the staff looks; absent: somebody with the link.
    pub staff_id: Option<StaffId>,
    /// SHA-256 of the cookie.
    pub token_hash: String,
    /// What the browser calls itself.
    pub browser: String,
    /// From where it came.
    pub address: String,
    /// When it began.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
