//! What portal users may do, by group.

use sea_orm::entity::prelude::*;

use crate::{
    domain::portal_user::{GroupKey, PortalPermission},
    store::columns::Json,
};

/// What portal users may do, by group.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_group")]
pub struct Model {
    /// Which one: a name where it is built in, else an id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub key: GroupKey,
    /// As people call it.
    pub name: String,
    /// As it is compared; unique.
    pub name_key: String,
    /// Whether it was always there, and stays.
    pub built_in: bool,
    /// What it allows.
    pub permissions: Json<Vec<PortalPermission>>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
