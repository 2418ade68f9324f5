//! A link with which an end user who has asked for help before becomes a portal user (ZOH-14).

use sea_orm::entity::prelude::*;

use crate::domain::ids::SignUpId;

/// A link with which an end user who has asked for help before becomes a portal user (ZOH-14).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sign_up")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: SignUpId,
    /// The address that it was mailed to, as addresses are compared.
    pub email_key: String,
    /// SHA-256 of the link's secret.
    pub token_hash: String,
    /// When it was mailed.
    pub created_at: i64,
    /// When it is worth nothing any more.
    pub expires_at: i64,
    /// When it was used, or died otherwise.
    pub used_at: Option<i64>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
