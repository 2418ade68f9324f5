//! `/console/settings/mail`: where new tickets are forwarded to, and the outbox, for administrators.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        expected::Expected,
        mails::{self, TicketForwarding},
    },
    domain::{delivery::DeliveryState, ids::MailId},
    portal::pages::{PageFailed, page},
    store::{Mail, PageRequest},
};

const ON_A_PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "console/mails.html")]
struct MailsPage {
    layout: Layout,
    address: String,
    errors: FormErrors,
    has_server: bool,
    lines: Vec<MailLine>,
    older: Option<Uuid>,
}

struct MailLine {
    id: MailId,
    recipient: String,
    subject: String,
    state: &'static str,
    answer: String,
    created: String,
}

#[derive(Template)]
#[template(path = "console/mail.html")]
struct MailPage {
    layout: Layout,
    mail: Mail,
    created: String,
    errors: FormErrors,
}

impl MailPage {
    fn is_given_up(&self) -> bool {
        self.mail.state == DeliveryState::GivenUp
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// Only what is older than this.
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentForwarding {
    address: String,
}

/// The setting and the outbox.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(part): Query<Part>,
) -> Result<Response, PageFailed> {
    let address = app.provider().await?.forward_tickets_to.unwrap_or_default();
    outbox(&app, &signed_in, part, address, (StatusCode::OK, FormErrors::default())).await
}

/// Sets where new tickets are forwarded to.
pub(super) async fn set_forwarding(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(SentForwarding { address }): Sent<SentForwarding>,
) -> Result<Response, PageFailed> {
    let wish = TicketForwarding { address: Some(address.trim().to_owned()).filter(|address| !address.is_empty()) };
    match Outcome::of(mails::set_forwarding(&app, &signed_in.actor(), &Expected::Anything, wish).await)? {
        Outcome::Done(_) => Ok(see("/console/settings/mail", "saved")),
        Outcome::Again(status, errors) => outbox(&app, &signed_in, Part::default(), address, (status, errors)).await,
    }
}

/// A mail.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<MailId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, id, &done, (StatusCode::OK, FormErrors::default())).await
}

/// Tries a mail again.
pub(super) async fn retry(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<MailId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(mails::retry(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/settings/mail/{id}"), "queued")),
        Outcome::Again(status, errors) => shown(&app, &signed_in, id, &Done::default(), (status, errors)).await,
    }
}

async fn outbox(
    app: &App,
    signed_in: &SignedIn,
    part: Part,
    address: String,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(&part.done);
    let found = app.store.mails(PageRequest { after: part.before, limit: ON_A_PAGE }).await?;
    let lines = found.items.into_iter().map(|mail| MailLine {
        id: mail.id,
        recipient: mail.recipient,
        subject: mail.subject,
        state: mail.state.title(),
        answer: mail.answer,
        created: moment(mail.created_at),
    });
    let has_server = app.config.mail.is_some();
    page(status, &MailsPage { layout, address, errors, has_server, lines: lines.collect(), older: found.next })
}

async fn shown(
    app: &App,
    signed_in: &SignedIn,
    id: MailId,
    done: &Done,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let Some(mail) = app.store.mail(id).await? else { return layout::missing(app, signed_in, "mail") };
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    page(status, &MailPage { layout, created: moment(mail.created_at), mail, errors })
}
