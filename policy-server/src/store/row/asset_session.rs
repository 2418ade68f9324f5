//! A browser that came from a click (AGT-10).

use deskbell_protocol::OsUser;
use sea_orm::entity::prelude::*;

use crate::domain::ids::{AssetId, AssetSessionId, AssignmentId, OsLoginId};
use crate::domain::launch::RequesterBasis;
use crate::domain::ticket::TypedTicket;
use crate::store::columns::Json;

/// A browser that came from a click (AGT-10).
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "asset_session")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: AssetSessionId,
    /// SHA-256 of the cookie.
    pub token_hash: String,
    /// For which asset it reports.
    pub asset_id: AssetId,
    /// The assignment that named the requester at the click.
    pub assignment_id: Option<AssignmentId>,
    /// The OS login that did.
    pub os_login_id: Option<OsLoginId>,
    /// Through which menu entry it came.
    pub entry_id: String,
    /// Who clicked.
    pub os_user: Json<OsUser>,
    /// What was typed when the session had already ended.
    pub draft: Option<Json<TypedTicket>>,
    /// When it began.
    pub created_at: i64,
    /// When it was used last.
    pub used_at: i64,
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
