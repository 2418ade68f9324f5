//! A link that was mailed to a portal user.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{PortalTokenId, PortalUserId};
use crate::domain::portal_user::TokenPurpose;

/// A link that was mailed to a portal user.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_token")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalTokenId,
    /// Whose.
    pub portal_user_id: PortalUserId,
    /// For what.
    pub purpose: TokenPurpose,
    /// SHA-256 of the secret.
    pub token_hash: String,
    /// When it was made.
    pub created_at: i64,
    /// From when on it no longer counts.
    pub expires_at: i64,
    /// When it was used or voided.
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
