//! A request that may be sent again.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{ApiTokenId, IdempotentRequestId};

/// A request that may be sent again.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "idempotent_request")]
pub struct Model {
    /// Which one; another when it is begun anew.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: IdempotentRequestId,
    /// Who sent it.
    pub api_token_id: ApiTokenId,
    /// SHA-256 of the key.
    pub key_hash: String,
    /// SHA-256 of what was asked for.
    pub request_hash: String,
    /// When it was begun.
    pub begun_at: i64,
    /// When it came to its end.
    pub ended_at: Option<i64>,
    /// The status that it was answered with; absent: nobody was left to answer.
    pub status: Option<i64>,
    /// The answer's `ETag`.
    pub etag: Option<String>,
    /// The answer's body; absent where it held a secret, and a mark in its place once somebody was erased.
    pub body: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
