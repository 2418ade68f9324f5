//! A secret with which programs use the API.

use sea_orm::entity::prelude::*;

use crate::domain::{ids::ApiTokenId, role::Role};

/// A secret with which programs use the API.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_token")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: ApiTokenId,
    /// What staff call it.
    pub name: String,
    /// SHA-256 of the secret.
    pub token_hash: String,
    /// What a program with it may do.
    pub role: Role,
    /// When staff revoked it.
    pub revoked_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
