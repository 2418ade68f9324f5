//! `/console/settings/ticket-system`: the ticket system that the MSP has besides, and what is on its way there, for
//! administrators.

use std::collections::HashMap;

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
    guard::SignedIn,
    layout::{Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::ticket_systems::{self, WrittenTicketSystem},
    domain::{
        access::TicketScope,
        delivery::DeliveryState,
        ids::{TicketId, TicketTransferId},
        ticket_system::TicketSystemKind,
    },
    portal::pages::{PageFailed, page},
    store::{PageRequest, Ticket, TicketTransfer},
};

const ON_A_PAGE: u64 = 100;
const HERE: &str = "/console/settings/ticket-system";

#[derive(Template)]
#[template(path = "console/ticket_system.html")]
struct TicketSystemPage {
    layout: Layout,
    is_set: bool,
    kinds: &'static [TicketSystemKind],
    typed: SentTicketSystem,
    errors: FormErrors,
    lines: Vec<TransferLine>,
    older: Option<Uuid>,
}

struct TransferLine {
    id: TicketTransferId,
    ticket_id: TicketId,
    number: i64,
    subject: String,
    state: &'static str,
    answer: String,
    remote: Option<(String, String)>,
    attempts: i64,
    can_retry: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentTicketSystem {
    kind: TicketSystemKind,
    url: String,
    queue: String,
    /// Empty: the one that was given before.
    token: String,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// Only what is older than this.
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

/// The setting, and the tickets.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(part): Query<Part>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, part, None, (StatusCode::OK, FormErrors::default())).await
}

/// Sets the ticket system.
pub(super) async fn set(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SentTicketSystem>,
) -> Result<Response, PageFailed> {
    let token = Some(sent.token.clone()).filter(|token| !token.trim().is_empty());
    let written = WrittenTicketSystem { kind: sent.kind, url: sent.url.clone(), queue: sent.queue.clone(), token };
    match Outcome::of(ticket_systems::set(&app, &signed_in.actor(), written).await)? {
        Outcome::Done(_) => Ok(see(HERE, "saved")),
        Outcome::Again(status, errors) => shown(&app, &signed_in, Part::default(), Some(sent), (status, errors)).await,
    }
}

/// Forgets the ticket system.
pub(super) async fn remove(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    match Outcome::of(ticket_systems::remove(&app, &signed_in.actor()).await)? {
        Outcome::Done(()) => Ok(see(HERE, "removed")),
        Outcome::Again(status, errors) => shown(&app, &signed_in, Part::default(), None, (status, errors)).await,
    }
}

/// Sends a ticket again.
pub(super) async fn retry(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<TicketTransferId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(ticket_systems::retry(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(HERE, "queued")),
        Outcome::Again(status, errors) => shown(&app, &signed_in, Part::default(), None, (status, errors)).await,
    }
}

async fn shown(
    app: &App,
    signed_in: &SignedIn,
    part: Part,
    typed: Option<SentTicketSystem>,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(&part.done);
    let set = app.store.ticket_system().await?;
    let is_set = set.is_some();
    // The token is not shown, and typed once more where something else was wrong.
    let typed = match (typed, set) {
        (Some(typed), _) => SentTicketSystem { token: String::new(), ..typed },
        (None, Some(row)) => SentTicketSystem { kind: row.kind, url: row.url, queue: row.queue, token: String::new() },
        (None, None) => SentTicketSystem {
            kind: TicketSystemKind::RequestTracker,
            url: String::new(),
            queue: String::new(),
            token: String::new(),
        },
    };
    let found = app.store.ticket_transfers(None, PageRequest { after: part.before, limit: ON_A_PAGE }).await?;
    let ids: Vec<_> = found.items.iter().map(|row| row.ticket_id).collect();
    let tickets = app.store.tickets_among(TicketScope::Staff, &ids).await?;
    let tickets: HashMap<_, _> = tickets.into_iter().map(|ticket| (ticket.id, ticket)).collect();
    let lines = found.items.into_iter().filter_map(|row| Some(line(tickets.get(&row.ticket_id)?, row))).collect();
    let kinds = TicketSystemKind::VARIANTS;
    page(status, &TicketSystemPage { layout, is_set, kinds, typed, errors, lines, older: found.next })
}

fn line(ticket: &Ticket, row: TicketTransfer) -> TransferLine {
    TransferLine {
        id: row.id,
        ticket_id: row.ticket_id,
        number: ticket.number,
        subject: ticket.subject.clone(),
        state: row.state.title(),
        can_retry: match row.state {
            DeliveryState::Waiting => !row.answer.is_empty(),
            DeliveryState::GivenUp => true,
            DeliveryState::Delivered | DeliveryState::Bounced => false,
        },
        answer: row.answer,
        remote: row.remote_number.zip(row.remote_url),
        attempts: row.attempts,
    }
}
