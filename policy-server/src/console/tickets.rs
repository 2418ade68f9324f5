//! `/console/tickets`: the queue, the newest first.

use std::collections::HashMap;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
    times::{midnight, moment},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        access::TicketScope,
        ids::{DepartmentId, OrganizationId, StaffId, TicketId},
        search::search_key,
        ticket::{TicketStatus, Urgency},
        ticket_filter::{AssigneeFilter, TicketFilter, words},
    },
    fleet::OrganizationLine,
    portal::pages::{PageFailed, page},
    store::{Department, Page, PageRequest, StoreError, Ticket, TicketNames},
};

const ON_A_PAGE: u64 = 50;
/// The most organizations that are offered when several may be meant.
const OFFERED: usize = 10;
const DAY_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[derive(Template)]
#[template(path = "console/tickets.html")]
struct TicketsPage {
    layout: Layout,
    asked: Asked,
    lines: Vec<TicketLine>,
    organization: WhichOrganization,
    statuses: &'static [TicketStatus],
    departments: Vec<Department>,
    older: Option<String>,
}

struct TicketLine {
    id: TicketId,
    number: i64,
    subject: String,
    /// The requester, or who says to be somebody else.
    from: String,
    verified: bool,
    organization: String,
    asset: String,
    department: Option<String>,
    status: TicketStatus,
    urgent: bool,
    assignee: Option<String>,
    created: String,
}

/// What somebody who typed an organization's name may mean.
enum WhichOrganization {
    Any,
    One {
        id: OrganizationId,
        name: String,
    },
    /// The addresses of the same part of the queue for each.
    OneOf(Vec<(String, String)>),
    Unknown,
}

impl WhichOrganization {
    /// What the field says.
    fn typed<'a>(&'a self, asked: &'a Asked) -> &'a str {
        if let Self::One { name, .. } = self { name } else { &asked.organization }
    }
}

/// Which part of the queue. A form sends empty fields along, so that each is text first.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// `mine`, `nobody`, or all.
    view: String,
    /// A status, `any`, or those that still need somebody.
    status: String,
    organization: String,
    asset: String,
    department: String,
    from: String,
    to: String,
    search: String,
    before: Option<Uuid>,
}

impl Asked {
    /// By its id or its name; part of a name will do where only one organization has it.
    fn organization(&self, app: &App) -> WhichOrganization {
        let typed = self.organization.trim();
        if typed.is_empty() {
            return WhichOrganization::Any;
        }
        if let Ok(id) = typed.parse() {
            return WhichOrganization::One { id, name: app.fleet.organization_name(id) };
        }
        let mut found = app.fleet.organizations_named(typed);
        let key = search_key(&[typed]);
        if found.iter().filter(|line| search_key(&[&line.name]) == key).count() == 1 {
            found.retain(|line| search_key(&[&line.name]) == key);
        }
        match found.as_slice() {
            [] => WhichOrganization::Unknown,
            [one] => WhichOrganization::One { id: one.id, name: one.name.clone() },
            several => {
                let of = |line: &OrganizationLine| {
                    let asked = Self { organization: line.id.to_string(), before: None, ..self.clone() };
                    (asked.address(), line.name.clone())
                };
                WhichOrganization::OneOf(several.iter().take(OFFERED).map(of).collect())
            }
        }
    }

    fn filter(&self, me: StaffId, organization: Option<OrganizationId>) -> TicketFilter {
        TicketFilter {
            statuses: match self.status.as_str() {
                "any" => Vec::new(),
                name => name.parse().map_or(TicketStatus::UNRESOLVED.to_vec(), |status| vec![status]),
            },
            assignee: match self.view.as_str() {
                "mine" => Some(AssigneeFilter::Staff(me)),
                "nobody" => Some(AssigneeFilter::Nobody),
                _ => None,
            },
            organization,
            asset: self.asset.parse().ok(),
            department: self.department.parse::<DepartmentId>().ok(),
            created_from: midnight(&self.from),
            created_before: midnight(&self.to).map(|day| day + DAY_MILLIS),
            words: words(&self.search),
        }
    }

    /// The address of the same part for somebody else's tickets, from its beginning.
    fn with_view(&self, view: &str) -> String {
        Self { view: view.into(), before: None, ..self.clone() }.address()
    }

    fn address(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        let fields = [
            ("view", &self.view),
            ("status", &self.status),
            ("organization", &self.organization),
            ("asset", &self.asset),
            ("department", &self.department),
            ("from", &self.from),
            ("to", &self.to),
            ("search", &self.search),
        ];
        query.extend_pairs(fields.iter().filter(|(_, value)| !value.is_empty()));
        query.extend_pairs(self.before.map(|before| ("before", before.to_string())));
        format!("/console/tickets?{}", query.finish())
    }
}

/// A part of the queue.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Tickets);
    let organization = asked.organization(&app);
    let filter = match &organization {
        WhichOrganization::Any => Some(asked.filter(signed_in.staff.id, None)),
        WhichOrganization::One { id, .. } => Some(asked.filter(signed_in.staff.id, Some(*id))),
        WhichOrganization::OneOf(_) | WhichOrganization::Unknown => None,
    };
    let part = PageRequest { after: asked.before, limit: ON_A_PAGE };
    let found = match filter {
        Some(filter) => app.store.newest_tickets(TicketScope::Staff, &filter, part).await?,
        None => Page { items: Vec::new(), next: None },
    };
    let (names, staff) = (app.store.ticket_names(&found.items).await?, staff_names(&app).await?);
    let departments = app.store.departments().await?;
    let lines = found.items.into_iter().map(|ticket| TicketLine {
        department: departments.iter().find(|row| Some(row.id) == ticket.department_id).map(|row| row.name.clone()),
        ..line(ticket, &names, &staff)
    });
    let lines = lines.collect();
    let older = found.next.map(|before| Asked { before: Some(before), ..asked.clone() }.address());
    let statuses = TicketStatus::VARIANTS;
    page(StatusCode::OK, &TicketsPage { layout, asked, lines, organization, statuses, departments, older })
}

/// What staff are called.
pub(super) async fn staff_names(app: &App) -> Result<HashMap<StaffId, String>, StoreError> {
    Ok(app.store.all_staff().await?.into_iter().map(|row| (row.id, row.name)).collect())
}

fn line(ticket: Ticket, names: &TicketNames, staff: &HashMap<StaffId, String>) -> TicketLine {
    let requester = ticket.requester_id.and_then(|id| names.requesters.get(&id)).map(|row| row.name.clone());
    TicketLine {
        id: ticket.id,
        number: ticket.number,
        subject: ticket.subject,
        verified: ticket.unverified_name.is_none(),
        from: ticket.unverified_name.or(requester).unwrap_or_default(),
        organization: names.organizations.get(&ticket.organization_id).cloned().unwrap_or_default(),
        asset: ticket.asset_id.and_then(|id| names.assets.get(&id)).cloned().unwrap_or_default(),
        department: None,
        status: ticket.status,
        urgent: ticket.urgency == Urgency::High,
        assignee: ticket.assignee_id.and_then(|id| staff.get(&id).cloned()),
        created: moment(ticket.created_at),
    }
}
