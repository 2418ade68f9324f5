//! A secret with which computers become assets of one organization and folder (AGT-11).

use sea_orm::entity::prelude::*;

use crate::domain::{
    enrollment::TokenTerms,
    ids::{EnrollmentTokenId, FolderId, OrganizationId},
};

/// A secret with which computers become assets of one organization and folder (AGT-11).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "enrollment_token")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: EnrollmentTokenId,
    /// Where its assets belong.
    pub organization_id: OrganizationId,
    /// In which folder.
    pub folder_id: Option<FolderId>,
    /// What staff call it.
    pub name: String,
    /// SHA-256 of the secret.
    pub token_hash: String,
    /// From when on it no longer counts.
    pub expires_at: Option<i64>,
    /// How many computers it can still enroll; absent: any number.
    pub uses_left: Option<i64>,
    /// Whether staff approve each computer.
    pub needs_approval: bool,
    /// When staff revoked it.
    pub revoked_at: Option<i64>,
    /// When it was made.
    pub created_at: i64,
}

impl Model {
    /// What decides whether it lets a computer in.
    pub fn terms(&self) -> TokenTerms {
        TokenTerms {
            revoked_at: self.revoked_at,
            expires_at: self.expires_at,
            uses_left: self.uses_left,
            needs_approval: self.needs_approval,
        }
    }
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
