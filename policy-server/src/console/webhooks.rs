//! `/console/settings/webhooks`: which programs are told of what happens, and each message to them, for administrators.

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
    layout::{self, Done, Layout, Section, secret},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::webhooks::{self, EndpointChange, NewEndpoint},
    domain::{
        delivery::DeliveryState,
        ids::{WebhookDeliveryId, WebhookEndpointId},
        webhook::WebhookEvent,
    },
    portal::pages::{PageFailed, page},
    store::{PageRequest, WebhookDelivery, WebhookEndpoint},
};

const ON_A_PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "console/webhooks.html")]
struct WebhooksPage {
    layout: Layout,
    lines: Vec<EndpointLine>,
    events: &'static [WebhookEvent],
    typed: NewEndpoint,
    errors: FormErrors,
}

struct EndpointLine {
    id: WebhookEndpointId,
    url: String,
    events: String,
    state: String,
}

#[derive(Template)]
#[template(path = "console/webhook_secret.html")]
struct SecretPage {
    layout: Layout,
    id: WebhookEndpointId,
    secret: String,
}

#[derive(Template)]
#[template(path = "console/webhook.html")]
struct EndpointPage {
    layout: Layout,
    id: WebhookEndpointId,
    events: &'static [WebhookEvent],
    typed: NewEndpoint,
    disabled: bool,
    state: String,
    lines: Vec<DeliveryLine>,
    older: Option<Uuid>,
    errors: FormErrors,
}

struct DeliveryLine {
    id: WebhookDeliveryId,
    event: &'static str,
    state: &'static str,
    answer: String,
    attempts: i64,
    created: String,
    ended: bool,
}

/// What a form of the endpoint's page did.
struct Answer {
    status: StatusCode,
    /// What was typed, where it was refused.
    typed: Option<NewEndpoint>,
    errors: FormErrors,
}

/// A form's checkboxes are named after their events.
#[derive(Debug, Deserialize)]
pub(super) struct SentEndpoint {
    url: String,
    #[serde(flatten)]
    checked: HashMap<String, String>,
}

impl SentEndpoint {
    fn endpoint(&self) -> NewEndpoint {
        let checked = |event: &WebhookEvent| self.checked.contains_key(event.name());
        let events = WebhookEvent::VARIANTS.iter().copied().filter(checked).collect();
        NewEndpoint { url: self.url.clone(), events }
    }
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct Part {
    /// Only what is older than this.
    before: Option<Uuid>,
    #[serde(flatten)]
    done: Done,
}

/// Every endpoint.
pub(super) async fn list(State(app): State<SharedApp>, signed_in: SignedIn) -> Result<Response, PageFailed> {
    let nothing = NewEndpoint { url: String::new(), events: WebhookEvent::VARIANTS.to_vec() };
    endpoints(&app, &signed_in, nothing, (StatusCode::OK, FormErrors::default())).await
}

/// Adds an endpoint and shows its secret, once.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SentEndpoint>,
) -> Result<Response, PageFailed> {
    let new = sent.endpoint();
    match Outcome::of(webhooks::make(&app, &signed_in.actor(), new.clone()).await)? {
        Outcome::Done((row, text)) => {
            let layout = Layout::load(&app, &signed_in, Section::Settings);
            Ok(secret(page(StatusCode::OK, &SecretPage { layout, id: row.id, secret: text })?))
        }
        Outcome::Again(status, errors) => endpoints(&app, &signed_in, new, (status, errors)).await,
    }
}

/// An endpoint and the messages to it.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<WebhookEndpointId>,
    Query(part): Query<Part>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, id, part, Answer { status: StatusCode::OK, typed: None, errors: FormErrors::default() })
        .await
}

/// Changes an endpoint.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<WebhookEndpointId>,
    Sent(sent): Sent<SentEndpoint>,
) -> Result<Response, PageFailed> {
    let typed = sent.endpoint();
    let NewEndpoint { url, events } = typed.clone();
    let disabled = Some(sent.checked.contains_key("disabled"));
    let change = EndpointChange { url: Some(url), events: Some(events), disabled };
    match Outcome::of(webhooks::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/settings/webhooks/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, Part::default(), Answer { status, typed: Some(typed), errors }).await
        }
    }
}

/// Sends a message again.
pub(super) async fn replay(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, delivery)): Path<(WebhookEndpointId, WebhookDeliveryId)>,
) -> Result<Response, PageFailed> {
    match Outcome::of(webhooks::replay(&app, &signed_in.actor(), delivery).await)? {
        Outcome::Done(_) => Ok(see(&format!("/console/settings/webhooks/{id}"), "queued")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, Part::default(), Answer { status, typed: None, errors }).await
        }
    }
}

async fn endpoints(
    app: &App,
    signed_in: &SignedIn,
    typed: NewEndpoint,
    (status, errors): (StatusCode, FormErrors),
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings);
    let lines = app.store.webhook_endpoints().await?.into_iter().map(|row| EndpointLine {
        id: row.id,
        state: state(&row),
        url: row.url,
        events: row.events.0.iter().map(|event| event.name()).collect::<Vec<_>>().join(", "),
    });
    let events = WebhookEvent::VARIANTS;
    page(status, &WebhooksPage { layout, lines: lines.collect(), events, typed, errors })
}

async fn shown(
    app: &App,
    signed_in: &SignedIn,
    id: WebhookEndpointId,
    part: Part,
    Answer { status, typed, errors }: Answer,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.webhook_endpoint(id).await? else {
        return layout::missing(app, signed_in, "webhook endpoint");
    };
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(&part.done);
    let found = app.store.webhook_deliveries(id, PageRequest { after: part.before, limit: ON_A_PAGE }).await?;
    let (disabled, state) = (row.disabled_at.is_some(), state(&row));
    let typed = typed.unwrap_or(NewEndpoint { url: row.url, events: row.events.0 });
    let shown = EndpointPage {
        layout,
        id,
        events: WebhookEvent::VARIANTS,
        disabled,
        state,
        typed,
        lines: found.items.into_iter().map(line).collect(),
        older: found.next,
        errors,
    };
    page(status, &shown)
}

fn state(row: &WebhookEndpoint) -> String {
    match (row.disabled_at, row.failing_since) {
        (Some(at), _) => format!("off since {}", moment(at)),
        (None, Some(since)) => format!("failing since {}", moment(since)),
        (None, None) => "on".into(),
    }
}

fn line(row: WebhookDelivery) -> DeliveryLine {
    DeliveryLine {
        id: row.id,
        event: row.event.name(),
        state: row.state.title(),
        answer: row.answer,
        attempts: row.attempts,
        created: moment(row.created_at),
        ended: row.state != DeliveryState::Waiting,
    }
}
