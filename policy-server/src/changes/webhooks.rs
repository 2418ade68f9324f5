//! Webhook endpoints, and messages that are sent once more.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{expected::Seen, fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::{WebhookDeliveryId, WebhookEndpointId},
        webhook::{WebhookEvent, endpoint_url},
    },
    problems::Refused,
    store::{Json, WebhookDelivery, WebhookEndpoint},
    webhooks::signature::EndpointSecret,
};

/// A new endpoint.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[schemars(rename = "NewWebhookEndpoint")]
#[serde(deny_unknown_fields)]
pub struct NewEndpoint {
    /// Where messages are sent.
    pub url: String,
    /// Of what it is told.
    pub events: Vec<WebhookEvent>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(rename = "WebhookEndpointChange")]
#[serde(deny_unknown_fields)]
pub struct EndpointChange {
    /// Where messages are sent.
    pub url: Option<String>,
    /// Of what it is told.
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether nothing is sent there. What waits for it goes on waiting.
    pub disabled: Option<bool>,
}

/// Makes an endpoint; gives the secret that its receiver needs, too.
pub async fn make(app: &App, actor: &Actor, new: NewEndpoint) -> Result<(WebhookEndpoint, String), Refused> {
    let (url, events) = checked(&new.url, new.events)?;
    let row = WebhookEndpoint {
        id: WebhookEndpointId(app.new_id()),
        url,
        events: Json(events),
        disabled_at: None,
        failing_since: None,
        created_at: app.now(),
    };
    let detail = json!({"events": row.events});
    let record = record(app, actor, AuditAction::WebhookEndpointMade, row.id.0, &detail);
    app.store.insert_webhook_endpoint(row.clone(), record).await?;
    let secret = EndpointSecret::of(&app.key, row.id).text();
    Ok((row, secret))
}

/// Changes an endpoint. One that is switched on again has never failed.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<WebhookEndpointId>>,
    change: EndpointChange,
) -> Result<WebhookEndpoint, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_webhook_endpoint(id, |row| {
        expected.check(row)?;
        let url = change.url.as_deref().unwrap_or(&row.url);
        let (url, events) = checked(url, change.events.unwrap_or_else(|| row.events.0.clone()))?;
        (row.url, row.events) = (url, Json(events));
        (row.disabled_at, row.failing_since) = match change.disabled {
            None => (row.disabled_at, row.failing_since),
            Some(true) => (row.disabled_at.or(Some(app.now())), row.failing_since),
            Some(false) => (None, None),
        };
        let detail = json!({"events": row.events, "disabled": row.disabled_at.is_some()});
        Ok::<_, Refused>(record(app, actor, AuditAction::WebhookEndpointChanged, id.0, &detail))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("webhook endpoint"))?;
    app.wake_outbox();
    Ok(row)
}

/// Sends a message again that has come to its end, under the same id.
pub async fn replay(app: &App, actor: &Actor, id: WebhookDeliveryId) -> Result<WebhookDelivery, Refused> {
    delivery(app, id).await?;
    let record = record(app, actor, AuditAction::WebhookReplayed, id.0, &json!({}));
    if !app.store.replay_webhook_delivery(id, record).await? {
        return Err(Refused::new(ProblemKind::Conflict, "This message is still on its way."));
    }
    app.wake_outbox();
    delivery(app, id).await
}

/// The endpoint with this id.
pub async fn endpoint(app: &App, id: WebhookEndpointId) -> Result<WebhookEndpoint, Refused> {
    app.store.webhook_endpoint(id).await?.ok_or_else(|| Refused::not_found("webhook endpoint"))
}

async fn delivery(app: &App, id: WebhookDeliveryId) -> Result<WebhookDelivery, Refused> {
    app.store.webhook_delivery(id).await?.ok_or_else(|| Refused::not_found("webhook delivery"))
}

fn checked(url: &str, events: Vec<WebhookEvent>) -> Result<(String, Vec<WebhookEvent>), Refused> {
    let mut fields = Fields::default();
    let url = fields.check("/url", url, endpoint_url);
    fields.done()?;
    if events.is_empty() {
        return Err(Refused::field("/events", "must name at least one event"));
    }
    Ok((url, events))
}
