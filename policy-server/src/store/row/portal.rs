//! A portal as end users see it.

use sea_orm::entity::prelude::*;

use crate::domain::{
    department::AutoInvite,
    ids::{OrganizationId, PortalId},
    portal_design::PortalDesign,
    portal_user::InvitationBrings,
    search::search_key,
    website::CheckInFields,
};
use crate::store::columns::Json;

/// A portal as end users see it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "portal")]
#[expect(clippy::struct_excessive_bools, reason = "switches, of which each is one")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: PortalId,
    /// What staff call it; unique.
    pub name: String,
    /// The form in which the name is compared.
    pub name_key: Option<String>,
    /// Whether it is the one at `public_url`, of which there is one.
    pub is_default: bool,
    /// The first label of its host, or its path; only the one at `public_url` may have none.
    pub prefix: Option<String>,
    /// A domain of its own.
    pub domain: Option<String>,
    /// How it looks.
    pub design: Json<PortalDesign>,
    /// How it would look; absent: there is no draft.
    pub draft: Option<Json<PortalDesign>>,
    /// Counts what was published, from 1.
    pub version: i64,
    /// Whether end users can use it.
    pub published: bool,
    /// Whether it is more than the tray's form (SYN-39).
    pub access: bool,
    /// Whether who has asked for help before can become a portal user by themselves (ZOH-11).
    pub self_sign_up: bool,
    /// What an invitation brings.
    pub invitation_brings: InvitationBrings,
    /// Where customers give a new card: `https` (decision C8).
    pub payment_update_url: Option<String>,
    /// Which departments invite whoever becomes an end user by a request there (ZOH-18).
    pub auto_invite: AutoInvite,
    /// The origins of the MSP's own website: they may show the check-in form and sign people in.
    pub embed_origins: Json<Vec<String>>,
    /// What the check-in form asks.
    pub embed_fields: CheckInFields,
    /// Whose tickets it makes; absent: there is none.
    pub embed_organization_id: Option<OrganizationId>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// One that nobody can use yet, with everything else as it is until somebody chooses.
    pub fn new(id: PortalId, name: String, prefix: Option<String>, design: PortalDesign) -> Self {
        Self {
            id,
            name_key: Some(search_key(&[&name])),
            name,
            is_default: false,
            prefix,
            domain: None,
            design: Json(design),
            draft: None,
            version: 1,
            published: false,
            access: true,
            self_sign_up: false,
            invitation_brings: InvitationBrings::Link,
            payment_update_url: None,
            auto_invite: AutoInvite::Chosen,
            embed_origins: Json(Vec::new()),
            embed_fields: CheckInFields::Plain,
            embed_organization_id: None,
        }
    }
}
