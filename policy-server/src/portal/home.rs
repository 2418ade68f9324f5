//! `/my_profile/v2/index`: a portal user's tickets, and those of their organization (RS-03, RS-08).

use std::sync::Arc;

use askama::Template;
use axum::{
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    conversation::status,
    look::Look,
    pages::{PageFailed, page},
    signed_in::HOME,
    visit::{Access, Visit},
    visitor::{Head, Visitor, ways},
};
use crate::{
    app::SharedApp,
    domain::{
        access::TicketScope,
        ids::TicketId,
        plain_line::plain_line,
        ticket::TicketStatus,
        ticket_filter::{TicketFilter, words},
    },
    store::{Page, PageRequest, Ticket},
};

/// How many tickets a page lists.
const ON_A_PAGE: u64 = 50;
/// The longest search, in characters.
const MAX_SEARCH: usize = 200;

/// Which tickets are wanted, and what was just sent.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    before: Option<Uuid>,
    sent: Option<i64>,
    q: String,
    status: String,
    of: String,
}

/// What the list is narrowed to.
struct Narrowed {
    search: String,
    /// One of [`STATUSES`], or empty.
    status: &'static str,
    /// Only one's own, where others' are seen as well.
    own: bool,
}

/// What can be chosen as a status, beside any.
const STATUSES: [&str; 7] = ["unresolved", "done", "new", "open", "waiting", "resolved", "closed"];

#[derive(Template)]
#[template(path = "portal/home.html")]
struct HomePage {
    look: Arc<Look>,
    head: Head,
    /// The number of a ticket that was just sent and is not seen here.
    sent: Option<i64>,
    /// The computer from whose tray this browser came.
    computer: Option<String>,
    /// Whether tickets are seen at all.
    sees: bool,
    /// Whether one's own are some of those that are seen.
    has_own: bool,
    narrowed: Narrowed,
    tickets: Vec<Line>,
    /// Where the list goes on.
    older: Option<String>,
}

struct Line {
    id: TicketId,
    number: i64,
    subject: String,
    status: String,
    since: String,
}

impl HomePage {
    fn said(&self, status: &str) -> String {
        self.look.words.say(&format!("ticket-status-{status}"))
    }
}

impl Narrowed {
    fn of(asked: &Asked) -> Self {
        Self {
            search: plain_line(&asked.q).chars().take(MAX_SEARCH).collect(),
            status: STATUSES.into_iter().find(|status| *status == asked.status).unwrap_or_default(),
            own: asked.of == "me",
        }
    }

    /// Whether it is narrowed to nothing.
    fn is_all(&self) -> bool {
        self.search.is_empty() && self.status.is_empty() && !self.own
    }

    fn statuses(&self) -> Vec<TicketStatus> {
        match self.status {
            "unresolved" => TicketStatus::UNRESOLVED.to_vec(),
            "done" => vec![TicketStatus::Resolved, TicketStatus::Closed],
            one => one.parse().into_iter().collect(),
        }
    }

    /// The query of the part that goes on after `before`.
    fn query(&self, before: Uuid) -> String {
        let of = if self.own { "me" } else { "" };
        let parts = [("q", self.search.as_str()), ("status", self.status), ("of", of)];
        let parts = parts.into_iter().filter(|(_, value)| !value.is_empty());
        let query = parts.map(|(name, value)| format!("{name}={}&", utf8_percent_encode(value, NON_ALPHANUMERIC)));
        format!("{}before={before}", query.collect::<String>())
    }
}

/// The list.
pub async fn show(
    State(app): State<SharedApp>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
    visitor: Visitor,
) -> Result<Response, PageFailed> {
    let (look, head) = (Arc::clone(visitor.look()), visitor.head());
    let (all, own, narrowed) = (visitor.tickets(), visitor.own_tickets(), Narrowed::of(&asked));
    let scope = if narrowed.own { own.or(all) } else { all };
    let found = match scope {
        Some(scope) => {
            let organization = match scope {
                TicketScope::Organization(view) => Some(view.organization),
                _ => None,
            };
            let (statuses, words) = (narrowed.statuses(), words(&narrowed.search));
            let filter = TicketFilter { organization, statuses, words, ..TicketFilter::default() };
            app.store.newest_tickets(scope, &filter, PageRequest { after: asked.before, limit: ON_A_PAGE }).await?
        }
        None => Page { items: Vec::new(), next: None },
    };
    let line = |ticket: Ticket| Line {
        id: ticket.id,
        number: ticket.number,
        status: status(&look, ticket.status),
        since: look.words.moment(ticket.created_at),
        subject: ticket.subject,
    };
    let tickets = found.items.into_iter().map(line).collect();
    let computer = match Visit::load(&app, &look, &headers).await?.access {
        // The tray of this browser may be of another organization's computer (RS-12).
        Access::Form(visit) if visit.asset.organization_id == visitor.organization() => Some(visit.asset.name),
        Access::Form(_) | Access::Stranger | Access::Ended(_) | Access::Refused(_) => None,
    };
    let shown = HomePage {
        head,
        sent: asked.sent,
        computer,
        sees: all.is_some(),
        has_own: own.is_some(),
        tickets,
        older: found.next.map(|before| format!("{}?{}", look.at(HOME), narrowed.query(before))),
        narrowed,
        look,
    };
    page(StatusCode::OK, &shown)
}

/// The page as somebody with a ticket would see it, with nobody behind it (SYN-53).
pub fn sample(look: Arc<Look>) -> Result<Response, PageFailed> {
    let line = Line {
        id: TicketId(Uuid::nil()),
        number: 1042,
        subject: look.words.say("sample-subject"),
        status: look.words.say("ticket-status-open"),
        since: look.words.moment(0),
    };
    let shown = HomePage {
        head: Head { person: "Jane Doe".into(), has_account: true, ways: ways(|_| true), staff_view: false },
        sent: None,
        computer: None,
        sees: true,
        has_own: false,
        tickets: vec![line],
        older: None,
        narrowed: Narrowed::of(&Asked::default()),
        look,
    };
    page(StatusCode::OK, &shown)
}
