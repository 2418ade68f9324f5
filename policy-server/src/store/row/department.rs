//! Whom at the MSP tickets are for.

use sea_orm::entity::prelude::*;

use crate::domain::ids::DepartmentId;

/// Whom at the MSP tickets are for.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "department")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: DepartmentId,
    /// As people call it.
    pub name: String,
    /// As it is compared; unique.
    pub name_key: String,
    /// Whether tickets can be sent to it.
    pub active: bool,
    /// Whether it gets what goes to no other; one at most does.
    pub is_default: bool,
    /// Whether whoever becomes an end user by a request there is invited to the portal (ZOH-16).
    pub auto_invite: bool,
    /// Where it gets mail.
    pub address: Option<String>,
    /// As it is compared; unique.
    pub address_key: Option<String>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
