//! A managed computer.

use deskbell_protocol::{Facts, SessionReport};
use sea_orm::entity::prelude::*;

use crate::domain::asset::AssetState;
use crate::domain::ids::{AssetId, FolderId, OrganizationId, PolicyId, SiteId};
use crate::store::columns::Json;

/// A managed computer.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetId,
    /// Whose.
    pub organization_id: OrganizationId,
    /// In which folder.
    pub folder_id: Option<FolderId>,
    /// What staff call it.
    pub name: String,
    /// In what it is searched for.
    pub search_key: String,
    /// Its standing.
    pub state: AssetState,
    /// The machine's fingerprint at enrollment (AGT-12).
    pub fingerprint: String,
    /// What the agent told of it last.
    pub facts: Json<Facts>,
    /// The tray of each session, as told last (AGT-08).
    pub sessions: Json<Vec<SessionReport>>,
    /// SHA-256 of the agent's secret.
    pub agent_token_hash: String,
    /// The policy attached to this asset alone.
    pub policy_id: Option<PolicyId>,
    /// When it enrolled.
    pub enrolled_at: i64,
    /// When the agent reported last.
    pub reported_at: Option<i64>,
    /// Since when two computers use its identity (AGT-12).
    pub shared_identity_since: Option<i64>,
    /// Its serial number as it is compared; empty when it tells nothing.
    pub serial_key: String,
    /// The asset whose place it seems to take.
    pub predecessor_id: Option<AssetId>,
    /// Where it stands; a site of the organization.
    pub site_id: Option<SiteId>,
    /// What the MSP's other program calls it; unique among those that are not retired.
    pub external_id: Option<String>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
