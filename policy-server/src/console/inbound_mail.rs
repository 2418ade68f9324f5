//! `/console/inbound-mail`: mail that came in, and above all what waits for somebody to look. It is shown as plain text.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::inbound_mails::{self, Acceptance},
    domain::{
        access::TicketScope,
        ids::InboundMailId,
        inbound_mail::InboundOutcome,
        role::Permission::{self, Look, Work},
        search::search_key,
    },
    portal::pages::{PageFailed, page},
    problems::Refused,
    store::{InboundMail, PageRequest},
};

const PATH: &str = "/console/inbound-mail";
const ON_A_PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "console/inbound_mails.html")]
struct MailsPage {
    layout: Layout,
    asked: Asked,
    lines: Vec<(InboundMail, String)>,
    outcomes: &'static [InboundOutcome],
    older: Option<Uuid>,
}

#[derive(Template)]
#[template(path = "console/inbound_mail.html")]
struct MailPage {
    layout: Layout,
    mail: InboundMail,
    received: String,
    may_work: bool,
    typed: Typed,
    errors: FormErrors,
}

impl MailPage {
    fn waits(&self) -> bool {
        self.mail.outcome == InboundOutcome::Quarantined
    }
}

/// Which part of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    /// What became of it; empty: what waits.
    #[serde(default)]
    outcome: String,
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

/// What was typed on a mail's page.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Typed {
    organization: String,
    ticket: String,
}

/// These pages.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/inbound-mail", Look, list)
        .get("/console/inbound-mail/{inbound_mail}", Look, show)
        .post("/console/inbound-mail/{inbound_mail}/ticket", Work, accept_as_ticket)
        .post("/console/inbound-mail/{inbound_mail}/comment", Work, accept_as_comment)
        .post("/console/inbound-mail/{inbound_mail}/discard", Work, discard)
}

/// The mails.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Tickets).with_note(&asked.done);
    let outcome = match asked.outcome.as_str() {
        "any" => None,
        name => Some(name.parse().unwrap_or(InboundOutcome::Quarantined)),
    };
    let found = app.store.inbound_mails(outcome, PageRequest { after: asked.before, limit: ON_A_PAGE }).await?;
    let lines = found.items.into_iter().map(|mail| (mail.clone(), moment(mail.received_at)));
    let (lines, older) = (lines.collect(), found.next);
    page(StatusCode::OK, &MailsPage { layout, asked, lines, outcomes: InboundOutcome::VARIANTS, older })
}

/// One of them.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<InboundMailId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, id, StatusCode::OK, &done, Typed::default(), FormErrors::default()).await
}

/// Takes it as a ticket of an organization.
pub(super) async fn accept_as_ticket(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<InboundMailId>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageFailed> {
    let mut found = app.fleet.organizations_named(typed.organization.trim());
    let key = search_key(&[&typed.organization]);
    if found.iter().filter(|line| search_key(&[&line.name]) == key).count() == 1 {
        found.retain(|line| search_key(&[&line.name]) == key);
    }
    let accepted = match &found[..] {
        [one] if !key.is_empty() => {
            let wish = Acceptance { organization_id: Some(one.id), ticket_id: None };
            inbound_mails::accept(&app, &signed_in.actor(), id, wish).await
        }
        [] => Err(Refused::field("/organization", "is the name of no organization")),
        _ => Err(Refused::field("/organization", "may be several; write the whole name")),
    };
    done(&app, &signed_in, id, typed, accepted).await
}

/// Takes it as a comment to a ticket.
pub(super) async fn accept_as_comment(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<InboundMailId>,
    Sent(typed): Sent<Typed>,
) -> Result<Response, PageFailed> {
    let number = typed.ticket.trim().trim_start_matches('#').parse().unwrap_or(0);
    let accepted = match app.store.ticket_with_number(TicketScope::Staff, number).await? {
        Some(ticket) => {
            let wish = Acceptance { organization_id: None, ticket_id: Some(ticket.id) };
            inbound_mails::accept(&app, &signed_in.actor(), id, wish).await
        }
        None => Err(Refused::field("/ticket", "is the number of no ticket")),
    };
    done(&app, &signed_in, id, typed, accepted).await
}

/// Lets it be.
pub(super) async fn discard(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<InboundMailId>,
) -> Result<Response, PageFailed> {
    let discarded = inbound_mails::discard(&app, &signed_in.actor(), id).await;
    done(&app, &signed_in, id, Typed::default(), discarded).await
}

/// Where staff go on: to the ticket, or to what else waits.
async fn done(
    app: &App,
    signed_in: &SignedIn,
    id: InboundMailId,
    typed: Typed,
    decided: Result<InboundMail, Refused>,
) -> Result<Response, PageFailed> {
    match Outcome::of(decided)? {
        Outcome::Done(InboundMail { ticket_id: Some(ticket), .. }) => {
            Ok(see(&format!("/console/tickets/{ticket}"), "added"))
        }
        Outcome::Done(_) => Ok(see(PATH, "removed")),
        Outcome::Again(status, errors) => shown(app, signed_in, id, status, &Done::default(), typed, errors).await,
    }
}

async fn shown(
    app: &App,
    signed_in: &SignedIn,
    id: InboundMailId,
    status: StatusCode,
    done: &Done,
    typed: Typed,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(mail) = app.store.inbound_mail(id).await? else { return layout::missing(app, signed_in, "mail") };
    let layout = Layout::load(app, signed_in, Section::Tickets).with_note(done);
    let (received, may_work) = (moment(mail.received_at), signed_in.may(Permission::Work));
    page(status, &MailPage { layout, mail, received, may_work, typed, errors })
}
