//! A browser in which staff signed in.

use sea_orm::entity::prelude::*;

use crate::domain::{
    ids::{StaffId, StaffSessionId},
    staff::SessionStep,
};

/// A browser in which staff signed in.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_session")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffSessionId,
    /// Whose.
    pub staff_id: StaffId,
    /// SHA-256 of the secret in the cookie.
    pub token_hash: String,
    /// How far it has come.
    pub step: SessionStep,
    /// What the browser calls itself.
    pub browser: String,
    /// The address that it came from first.
    pub address: String,
    /// When it began.
    pub created_at: i64,
    /// When it was last used, give or take a minute.
    pub used_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
