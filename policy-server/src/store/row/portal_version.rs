//! What one publication of a portal said (RES-15).

use sea_orm::entity::prelude::*;

use crate::domain::{ids::PortalId, portal_design::PortalDesign};
use crate::store::columns::Json;

/// What one publication of a portal said (RES-15).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_version")]
pub struct Model {
    /// Of which portal.
    #[sea_orm(primary_key, auto_increment = false)]
    pub portal_id: PortalId,
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// What it said.
    pub design: Json<PortalDesign>,
    /// When.
    pub published_at: i64,
    /// Who: a staff address, or the name of an API token; empty: the server.
    pub published_by: String,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
