//! A portal as end users see it.

use sea_orm::entity::prelude::*;

use crate::domain::{department::AutoInvite, ids::PortalId, portal_user::InvitationBrings};

/// A portal as end users see it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalId,
    /// The name at the top left.
    pub display_name: String,
    /// `#rrggbb`: the heading and the main button.
    pub primary_color: String,
    /// `#rrggbb`: links and focus.
    pub accent_color: String,
    /// Whether end users can use it.
    pub published: bool,
    /// Whether it is more than the tray's form (SYN-39).
    pub access: bool,
    /// Whether who has asked for help before can become a portal user by themselves (ZOH-11).
    pub self_sign_up: bool,
    /// What an invitation brings.
    pub invitation_brings: InvitationBrings,
    /// Which departments invite whoever becomes an end user by a request there (ZOH-18).
    pub auto_invite: AutoInvite,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
