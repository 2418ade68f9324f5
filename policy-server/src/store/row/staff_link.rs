//! A one-time link with which staff set a password.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{StaffId, StaffLinkId};

/// A one-time link with which staff set a password.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff_link")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffLinkId,
    /// Whose; absent: it makes the first administrator.
    pub staff_id: Option<StaffId>,
    /// SHA-256 of the secret.
    pub token_hash: String,
    /// From when on it no longer counts.
    pub expires_at: i64,
    /// When it was used or replaced.
    pub used_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
