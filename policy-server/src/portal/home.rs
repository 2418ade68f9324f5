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
        article::{ArticleScope, ArticleVisibility},
        ids::{ArticleId, AssetId, TicketId},
        plain_line::plain_line,
        portal_design::HomeSection,
        portal_user::PortalPermission,
        ticket::TicketStatus,
        ticket_filter::{TicketFilter, words},
    },
    store::{ArticleLine, Page, PageRequest, Ticket, portal_computers::Computer},
};

/// How many computers or articles stand on the home page.
const IN_A_SECTION: usize = 5;
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
    may_send: bool,
    computers: Vec<Computer>,
    articles: Vec<ArticleLine>,
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
            let filter = TicketFilter { statuses, organization, words, ..TicketFilter::default() };
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
    let has = |section| look.design().home.contains(&section);
    let computers = match &visitor {
        Visitor::SignedIn(signed_in) if has(HomeSection::Computers) => {
            app.store.computers(signed_in.computers(), "").await?.into_iter().take(IN_A_SECTION).collect()
        }
        Visitor::SignedIn(_) | Visitor::Link(_) => Vec::new(),
    };
    let articles = if has(HomeSection::Articles) && visitor.may(PortalPermission::ViewArticles) {
        let mut lines = app.store.article_lines(ArticleScope::Organization(visitor.organization()), &[]).await?;
        lines.truncate(IN_A_SECTION);
        lines
    } else {
        Vec::new()
    };
    let shown = HomePage {
        may_send: visitor.may(PortalPermission::CreateTicket),
        computers,
        articles,
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

/// The page as somebody with a ticket and a computer would see it, with nobody behind it (SYN-53).
pub fn sample(look: Arc<Look>) -> Result<Response, PageFailed> {
    let subject = look.words.say("sample-subject");
    let line = Line {
        id: TicketId(Uuid::nil()),
        number: 1042,
        subject: subject.clone(),
        status: status(&look, TicketStatus::Open),
        since: look.words.day("2026-01-31"),
    };
    let computer = Computer { id: AssetId(Uuid::nil()), name: "PC-042".into(), end_user_id: None, end_user_name: None };
    let article = ArticleLine {
        id: ArticleId(Uuid::nil()),
        title: subject,
        section: None,
        language: None,
        visibility: ArticleVisibility::Portal,
        published: true,
        created_at: 0,
        updated_at: 0,
    };
    let head =
        Head { person: "Jane Doe".into(), has_account: true, ways: ways(&look, true, |_| true), staff_view: false };
    let shown = HomePage {
        head,
        sent: None,
        computer: None,
        sees: true,
        has_own: false,
        narrowed: Narrowed::of(&Asked::default()),
        tickets: vec![line],
        older: None,
        may_send: true,
        computers: vec![computer],
        articles: vec![article],
        look,
    };
    page(StatusCode::OK, &shown)
}
