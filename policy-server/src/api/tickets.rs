//! `/api/v1/tickets`.

use axum::{
    Json,
    extract::{Path, State},
};
use deskbell_protocol::{Facts, OsUser, UnixMillis};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    caller::Caller,
    lists::{Asked, ListAnswer, page_request},
};
use crate::{
    app::SharedApp,
    domain::{
        access::TicketScope,
        ids::{AssetId, EndUserId, OrganizationId, TicketId},
        ticket::{TicketSource, TicketStatus, Urgency},
    },
    problems::Refused,
    store::Ticket,
};

#[derive(Serialize)]
pub(super) struct TicketJson {
    id: TicketId,
    number: i64,
    organization_id: OrganizationId,
    asset_id: AssetId,
    requester_id: EndUserId,
    source: TicketSource,
    subject: String,
    description: String,
    urgency: Urgency,
    phone: Option<String>,
    unverified_name: Option<String>,
    status: TicketStatus,
    facts: Facts,
    os_user: OsUser,
    created_at: UnixMillis,
}

impl From<Ticket> for TicketJson {
    fn from(row: Ticket) -> Self {
        Self {
            id: row.id,
            number: row.number,
            organization_id: row.organization_id,
            asset_id: row.asset_id,
            requester_id: row.requester_id,
            source: row.source,
            subject: row.subject,
            description: row.description,
            urgency: row.urgency,
            phone: row.phone,
            unverified_name: row.unverified_name,
            status: row.status,
            facts: row.facts.0,
            os_user: row.os_user.0,
            created_at: row.created_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketList {
    organization_id: Option<OrganizationId>,
    asset_id: Option<AssetId>,
    limit: Option<u64>,
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<TicketList>,
) -> Result<Json<ListAnswer<TicketJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    let page = app.store.tickets(TicketScope::Automation, list.organization_id, list.asset_id, page).await?;
    Ok(ListAnswer::new(page, TicketJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<TicketId>,
) -> Result<Json<TicketJson>, Refused> {
    let row = app.store.ticket(TicketScope::Automation, id).await?;
    row.map(|row| Json(row.into())).ok_or_else(|| Refused::not_found("ticket"))
}
