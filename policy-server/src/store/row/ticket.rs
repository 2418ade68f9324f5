//! A ticket.

use deskbell_protocol::{Facts, OsUser};
use sea_orm::entity::prelude::*;

use crate::domain::ids::{AssetId, DepartmentId, EndUserId, OrganizationId, PortalUserId, StaffId, TicketId};
use crate::domain::postal_address::PostalAddress;
use crate::domain::ticket::{TicketSource, TicketStatus, Urgency};
use crate::store::columns::Json;

/// A ticket.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ticket")]
pub struct Model {
    /// Which one.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: TicketId,
    /// What people call it; never a secret.
    pub number: i64,
    /// Of requester and asset (invariant 1).
    pub organization_id: OrganizationId,
    /// About which asset; absent: about none.
    pub asset_id: Option<AssetId>,
    /// Who asks; absent: the organization itself.
    pub requester_id: Option<EndUserId>,
    /// Who was signed in when it was sent.
    pub sender_id: Option<PortalUserId>,
    /// Whom at the MSP it is for.
    pub department_id: Option<DepartmentId>,
    /// The form that made it (invariant 21); of a mail, what its key makes.
    pub form_id: Uuid,
    /// By which way it came.
    pub source: TicketSource,
    /// In one line.
    pub subject: String,
    /// What is wrong.
    pub description: String,
    /// How much it hurts.
    pub urgency: Urgency,
    /// Where the requester can be called.
    pub phone: Option<String>,
    /// The name that somebody gave who is not the requester; nobody has checked it, so that nothing of this ticket may be
    /// mailed to the requester (invariant 17).
    pub unverified_name: Option<String>,
    /// The address that they gave along.
    pub unverified_email: Option<String>,
    /// Where they say that they are.
    pub address: Option<Json<PostalAddress>>,
    /// Whether the rest of the organization does not see it.
    pub confidential: bool,
    /// How far it is.
    pub status: TicketStatus,
    /// Who looks after it.
    pub assignee_id: Option<StaffId>,
    /// The computer at that moment.
    pub facts: Json<Facts>,
    /// Who clicked the tray.
    pub os_user: Json<OsUser>,
    /// When it was made.
    pub created_at: i64,
    /// When something about it last changed, or was said.
    pub updated_at: i64,
    /// The words in which it is found.
    pub search_key: String,
}

/// Joins are written where they are needed.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
