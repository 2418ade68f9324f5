//! A customer of the MSP.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{OrganizationId, PolicyId, PortalId};

/// A customer of the MSP.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "organization")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: OrganizationId,
    /// Unique.
    pub name: String,
    /// In what it is searched for.
    pub search_key: String,
    /// Where it can be reached.
    pub email: Option<String>,
    /// The policy attached here.
    pub policy_id: Option<PolicyId>,
    /// What the MSP's other program calls it; unique.
    pub external_id: Option<String>,
    /// Which portal it has; absent: the one at `public_url`.
    pub portal_id: Option<PortalId>,
    /// Whether it has one at all (RES-04).
    pub portal_available: bool,
    /// Whether its link lets in (decision C3).
    pub link_enabled: bool,
    /// How often the link was made anew, and the earlier ones died.
    pub link_generation: i64,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
