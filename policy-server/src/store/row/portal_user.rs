//! An end user, or a whole organization, that may come into the portal.

use sea_orm::entity::prelude::*;

use crate::domain::ids::{EndUserId, OrganizationId, PortalUserId};
use crate::domain::language::Language;
use crate::domain::portal_user::{GroupKey, PortalUserState};

/// An end user, or a whole organization, that may come into the portal.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal_user")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalUserId,
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// For which end user; absent: for the organization.
    pub end_user_id: Option<EndUserId>,
    /// As it was written.
    pub sign_in_name: String,
    /// As it is compared; unique.
    pub sign_in_key: String,
    /// Its standing.
    pub state: PortalUserState,
    /// Where links are mailed to; absent until they are invited.
    pub email: Option<String>,
    /// The form in which it is compared; not unique.
    pub email_key: Option<String>,
    /// Argon2id in PHC form; absent until there is one.
    pub password_hash: Option<String>,
    /// When a password that was mailed is worth nothing any more; absent: they have chosen their own.
    pub password_expires_at: Option<i64>,
    /// When they first could sign in.
    pub accepted_at: Option<i64>,
    /// What they may do.
    pub group_key: GroupKey,
    /// Whether they submit and view tickets for themselves.
    pub is_user: bool,
    /// Whether they do so for their whole organization.
    pub is_admin: bool,
    /// Whether, as a portal admin, they do so for the people at their own site alone (NAB-27).
    pub site_only: bool,
    /// In which language an organization itself is mailed. An end user's is with the end user.
    pub language: Option<Language>,
    /// When it was made.
    pub created_at: i64,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
