//! A code that stands in for a lost authenticator, once.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{RecoveryCodeId, StaffId};

/// A code that stands in for a lost authenticator, once.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "recovery_code")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: RecoveryCodeId,
    /// Whose.
    pub staff_id: StaffId,
    /// SHA-256 of the code.
    pub code_hash: String,
    /// When it was used.
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
