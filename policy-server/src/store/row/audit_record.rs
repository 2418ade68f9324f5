//! A record of the audit log.

use sea_orm::entity::prelude::*;

use crate::domain::{
    audit::{ActorKind, AuditAction},
    ids::{AuditRecordId, IdempotentRequestId},
};

/// A record of the audit log.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "audit_record")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AuditRecordId,
    /// When it was done.
    pub at: i64,
    /// By what kind of actor.
    pub actor_kind: ActorKind,
    /// By whom.
    pub actor_id: Option<Uuid>,
    /// What was done.
    pub action: AuditAction,
    /// To what.
    pub subject_id: Option<Uuid>,
    /// More about it, as JSON; ids and settings, never personal data.
    pub detail: String,
    /// The request that it was done for, where that may be sent again.
    pub request_id: Option<IdempotentRequestId>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
