//! A one-time link that a click made (AGT-10).

use deskbell_protocol::OsUser;
use sea_orm::entity::prelude::*;

use crate::domain::ids::{AssetId, AssetSessionId, AssignmentId, OsLoginId};
use crate::domain::launch::RequesterBasis;
use crate::store::columns::Json;

/// A one-time link that a click made (AGT-10).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "launch_code")]
pub struct Model {
    /// SHA-256 of the code.
    #[sea_orm(primary_key, auto_increment = false)]
    pub code_hash: String,
    /// For which asset.
    pub asset_id: AssetId,
    /// The assignment that named the requester at the click.
    pub assignment_id: Option<AssignmentId>,
    /// The OS login that did.
    pub os_login_id: Option<OsLoginId>,
    /// Which menu entry was clicked.
    pub entry_id: String,
    /// Who clicked.
    pub os_user: Json<OsUser>,
    /// Until when it can be used.
    pub expires_at: i64,
    /// The session of the first browser that used it.
    pub session_id: Option<AssetSessionId>,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What named the requester at the click; absent: nothing did.
    pub fn basis(&self) -> Option<RequesterBasis> {
        RequesterBasis::of(self.os_login_id, self.assignment_id)
    }
}
