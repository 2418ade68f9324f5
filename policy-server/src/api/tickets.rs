//! `/api/v1/tickets`: the queue, a ticket, and what changes about it.

use axum::{Json, extract::State};
use deskbell_protocol::{Facts, OsUser, UnixMillis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{
    answers::Tagged,
    caller::Caller,
    lists::{Asked, ListAnswer, page_request},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::tickets::{self, TicketChange},
    domain::{
        access::TicketScope,
        ids::{AssetId, EndUserId, OrganizationId, StaffId, TicketId},
        ticket::{TicketSource, TicketStatus, Urgency},
        ticket_filter::{AssigneeFilter, TicketFilter, words},
    },
    json_body::JsonBody,
    problems::Refused,
    store::Ticket,
};

#[derive(Serialize, JsonSchema)]
pub(crate) struct TicketJson {
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
    assignee_id: Option<StaffId>,
    facts: Facts,
    os_user: OsUser,
    created_at: UnixMillis,
    updated_at: UnixMillis,
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
            assignee_id: row.assignee_id,
            facts: row.facts.0,
            os_user: row.os_user.0,
            created_at: row.created_at,
            updated_at: row.updated_at,
        }
    }
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct TicketList {
    /// Only of this one.
    organization_id: Option<OrganizationId>,
    /// Only about this one.
    asset_id: Option<AssetId>,
    /// Only in this one.
    status: Option<TicketStatus>,
    /// Only of this one: an id of somebody of the staff, or `nobody`.
    assignee_id: Option<AssigneeFilter>,
    /// Only made then or later.
    created_from: Option<UnixMillis>,
    /// Only made before then.
    created_before: Option<UnixMillis>,
    /// Only with each of these words in subject or description, or as its number.
    search: Option<String>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<TicketList>,
) -> Result<Json<ListAnswer<TicketJson>>, Refused> {
    let page = page_request(list.limit, list.cursor)?;
    let filter = TicketFilter {
        statuses: list.status.into_iter().collect(),
        assignee: list.assignee_id,
        organization: list.organization_id,
        asset: list.asset_id,
        created_from: list.created_from,
        created_before: list.created_before,
        words: words(&list.search.unwrap_or_default()),
    };
    let page = app.store.tickets(TicketScope::Automation, &filter, page).await?;
    Ok(ListAnswer::new(page, TicketJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<TicketId>,
) -> Result<Tagged<TicketJson>, Refused> {
    Ok(Tagged::of(tickets::ticket(&app, TicketScope::Automation, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<TicketId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<TicketChange>,
) -> Result<Tagged<TicketJson>, Refused> {
    Ok(Tagged::of(tickets::change(&app, &actor, TicketScope::Automation, expected.of(id), change).await?))
}
