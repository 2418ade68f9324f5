//! Somebody who works at the MSP.

use sea_orm::entity::prelude::*;

use crate::domain::{ids::StaffId, role::Role};

/// Somebody who works at the MSP.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Who.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: StaffId,
    /// As others know them.
    pub name: String,
    /// Their address, which is also their sign-in name.
    pub email: String,
    /// The form in which it is compared.
    pub email_key: String,
    /// What they may do.
    pub role: Role,
    /// Argon2id in PHC form; absent until they set one.
    pub password_hash: Option<String>,
    /// Which authenticator secret counts; absent without a second factor.
    pub totp_generation: Option<i64>,
    /// The last time step whose code was used.
    pub totp_last_step: i64,
    /// Since when they are shut out.
    pub deactivated_at: Option<i64>,
    /// When they were added.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
