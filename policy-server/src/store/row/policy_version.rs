//! What one save of a policy said (POL-06).

use sea_orm::entity::prelude::*;

use crate::domain::ids::PolicyId;
use crate::domain::policy::PolicyDocument;
use crate::store::columns::Json;

/// What one save of a policy said (POL-06).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy_version")]
pub struct Model {
    /// Of which policy.
    #[sea_orm(primary_key, auto_increment = false)]
    pub policy_id: PolicyId,
    /// Which save.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// The name then.
    pub name: String,
    /// What it said.
    pub document: Json<PolicyDocument>,
    /// When.
    pub saved_at: i64,
    /// Who: a staff address, or the name of an API token.
    pub saved_by: String,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
