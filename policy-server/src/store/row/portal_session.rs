//! A browser in which a portal user is signed in.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{PortalSessionId, PortalUserId};

/// A browser in which a portal user is signed in.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_session")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalSessionId,
    /// Whose.
    pub portal_user_id: PortalUserId,
    /// SHA-256 of the cookie.
    pub token_hash: String,
    /// What the browser calls itself.
    pub browser: String,
    /// From where it signed in.
    pub address: String,
    /// Whether whoever signed in wanted to stay so on this computer.
    pub remembered: bool,
    /// When it began.
    pub created_at: i64,
    /// When it was used last, give or take a minute.
    pub used_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
