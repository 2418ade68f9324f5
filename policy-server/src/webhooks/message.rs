//! The messages that an event makes, one for each endpoint that wants it.

use deskbell_protocol::UnixMillis;
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    app::App,
    domain::{delivery::DeliveryState, ids::WebhookDeliveryId, webhook::WebhookEvent},
    store::{WebhookDelivery, WebhookEndpoint},
};

#[derive(Serialize)]
struct Message<'a, T> {
    #[serde(rename = "type")]
    event: WebhookEvent,
    timestamp: String,
    data: &'a T,
}

/// A message to each of `endpoints` that wants this event and is not switched off.
pub fn deliveries(
    app: &App,
    endpoints: &[WebhookEndpoint],
    event: WebhookEvent,
    data: &impl Serialize,
) -> Vec<WebhookDelivery> {
    let wants = |endpoint: &&WebhookEndpoint| endpoint.disabled_at.is_none() && endpoint.events.0.contains(&event);
    let now = app.now();
    endpoints.iter().filter(wants).map(|endpoint| delivery(app, endpoint, event, body(event, now, data))).collect()
}

fn body(event: WebhookEvent, now: UnixMillis, data: &impl Serialize) -> String {
    let timestamp = Timestamp::from_millisecond(now).unwrap_or_default().to_string();
    serde_json::to_string(&Message { event, timestamp, data }).expect("rows are made of texts and numbers")
}

fn delivery(app: &App, endpoint: &WebhookEndpoint, event: WebhookEvent, body: String) -> WebhookDelivery {
    let now = app.now();
    WebhookDelivery {
        id: WebhookDeliveryId(app.new_id()),
        endpoint_id: endpoint.id,
        event,
        body,
        state: DeliveryState::Waiting,
        attempts: 0,
        queued_at: now,
        due_at: now,
        answer: String::new(),
        created_at: now,
        ended_at: None,
    }
}
