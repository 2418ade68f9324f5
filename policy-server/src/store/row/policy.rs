//! A policy as it is in force.

use sea_orm::entity::prelude::*;

use crate::domain::ids::PolicyId;
use crate::domain::policy::PolicyDocument;
use crate::store::columns::Json;

/// A policy as it is in force.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "policy")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PolicyId,
    /// Unique.
    pub name: String,
    /// Counts its saves from 1.
    pub version: i64,
    /// What it says.
    pub document: Json<PolicyDocument>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
