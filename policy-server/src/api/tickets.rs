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
    app::{App, SharedApp},
    changes::tickets::{self, TicketChange},
    domain::{
        access::TicketScope,
        ids::{AssetId, DepartmentId, EndUserId, OrganizationId, PortalUserId, StaffId, TicketId},
        postal_address::PostalAddress,
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
    /// About which asset; absent: about none.
    asset_id: Option<AssetId>,
    /// Who asks; absent: the organization itself, or nobody has checked who.
    requester_id: Option<EndUserId>,
    /// Who was signed in to the portal when it was sent.
    sender_id: Option<PortalUserId>,
    /// Whom at the MSP it is for.
    department_id: Option<DepartmentId>,
    source: TicketSource,
    subject: String,
    description: String,
    urgency: Urgency,
    phone: Option<String>,
    unverified_name: Option<String>,
    unverified_email: Option<String>,
    /// Where they say that they are; nobody has checked it.
    address: Option<PostalAddress>,
    /// Whether the rest of the organization does not see it.
    confidential: bool,
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
            sender_id: row.sender_id,
            department_id: row.department_id,
            source: row.source,
            subject: row.subject,
            description: row.description,
            urgency: row.urgency,
            phone: row.phone,
            unverified_name: row.unverified_name,
            unverified_email: row.unverified_email,
            address: row.address.map(|address| address.0),
            confidential: row.confidential,
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
    #[serde(alias = "customer_id")]
    organization_id: Option<OrganizationId>,
    /// Only about this one.
    asset_id: Option<AssetId>,
    /// Only for this one.
    department_id: Option<DepartmentId>,
    /// Only in this one.
    status: Option<TicketStatus>,
    /// Only of this one: an id of somebody of the staff, or `nobody`.
    assignee_id: Option<AssigneeFilter>,
    /// Only made then or later.
    created_from: Option<UnixMillis>,
    /// Only made before then.
    created_before: Option<UnixMillis>,
    /// Only with each of these words in subject or description, or as its number.
    #[serde(alias = "search")]
    q: Option<String>,
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
        department: list.department_id,
        created_from: list.created_from,
        created_before: list.created_before,
        words: words(&list.q.unwrap_or_default()),
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

/// Somebody who may see a ticket that is another's.
#[derive(Serialize, JsonSchema)]
pub(super) struct TicketPersonJson {
    end_user_id: EndUserId,
    name: String,
}

/// Everybody at once: nobody else can be added to that.
#[derive(Serialize, JsonSchema)]
pub(super) struct TicketPeople {
    people: Vec<TicketPersonJson>,
}

pub(super) async fn people(
    State(app): State<SharedApp>,
    Path(id): Path<TicketId>,
) -> Result<Json<TicketPeople>, Refused> {
    let scope = TicketScope::Automation;
    tickets::ticket(&app, scope, id).await?;
    listed_people(&app, scope, id).await
}

pub(super) async fn add_person(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, end_user)): Path<(TicketId, EndUserId)>,
) -> Result<Json<TicketPeople>, Refused> {
    let scope = TicketScope::Automation;
    tickets::add_person(&app, &actor, scope, id, end_user).await?;
    listed_people(&app, scope, id).await
}

pub(super) async fn remove_person(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, end_user)): Path<(TicketId, EndUserId)>,
) -> Result<Json<TicketPeople>, Refused> {
    let scope = TicketScope::Automation;
    tickets::remove_person(&app, &actor, scope, id, end_user).await?;
    listed_people(&app, scope, id).await
}

async fn listed_people(app: &App, scope: TicketScope, id: TicketId) -> Result<Json<TicketPeople>, Refused> {
    let people = app.store.ticket_people(scope, id).await?.into_iter();
    Ok(Json(TicketPeople {
        people: people.map(|row| TicketPersonJson { end_user_id: row.id, name: row.name }).collect(),
    }))
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
