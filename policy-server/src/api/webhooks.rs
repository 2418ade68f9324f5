//! `/api/v1/webhook-endpoints` and `/api/v1/webhook-deliveries`: who is told of what happens, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, ShownOnce, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::webhooks::{self, EndpointChange, NewEndpoint},
    domain::{
        delivery::DeliveryState,
        ids::{WebhookDeliveryId, WebhookEndpointId},
        webhook::WebhookEvent,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Page, WebhookDelivery, WebhookEndpoint},
};

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookEndpoint")]
pub(super) struct EndpointJson {
    id: WebhookEndpointId,
    url: String,
    events: Vec<WebhookEvent>,
    disabled_at: Option<UnixMillis>,
    failing_since: Option<UnixMillis>,
    created_at: UnixMillis,
}

/// The answer that carries the secret: the only time that it is shown.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookEndpointWithSecret")]
pub(super) struct WithSecret {
    #[serde(flatten)]
    endpoint: EndpointJson,
    secret: String,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "WebhookDelivery")]
pub(super) struct DeliveryJson {
    id: WebhookDeliveryId,
    endpoint_id: WebhookEndpointId,
    event: WebhookEvent,
    body: String,
    state: DeliveryState,
    attempts: i64,
    answer: String,
    due_at: UnixMillis,
    created_at: UnixMillis,
    ended_at: Option<UnixMillis>,
}

impl From<WebhookEndpoint> for EndpointJson {
    fn from(row: WebhookEndpoint) -> Self {
        Self {
            id: row.id,
            url: row.url,
            events: row.events.0,
            disabled_at: row.disabled_at,
            failing_since: row.failing_since,
            created_at: row.created_at,
        }
    }
}

impl From<WebhookDelivery> for DeliveryJson {
    fn from(row: WebhookDelivery) -> Self {
        Self {
            id: row.id,
            endpoint_id: row.endpoint_id,
            event: row.event,
            body: row.body,
            state: row.state,
            attempts: row.attempts,
            answer: row.answer,
            due_at: row.due_at,
            created_at: row.created_at,
            ended_at: row.ended_at,
        }
    }
}

/// Every endpoint; at most 100.
pub(super) async fn list(State(app): State<SharedApp>) -> Result<Json<ListAnswer<EndpointJson>>, Refused> {
    let items = app.store.webhook_endpoints().await?;
    Ok(ListAnswer::new(Page { items, next: None }, EndpointJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewEndpoint>,
) -> Result<Made<ShownOnce<WithSecret>>, Refused> {
    let (row, secret) = webhooks::make(&app, &actor, new).await?;
    Ok(Made(ShownOnce(WithSecret { endpoint: row.into(), secret })))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<WebhookEndpointId>,
) -> Result<Tagged<EndpointJson>, Refused> {
    Ok(Tagged::of(webhooks::endpoint(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<WebhookEndpointId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<EndpointChange>,
) -> Result<Tagged<EndpointJson>, Refused> {
    Ok(Tagged::of(webhooks::change(&app, &actor, expected.of(id), change).await?))
}

/// The messages to an endpoint, the newest first.
pub(super) async fn deliveries(
    State(app): State<SharedApp>,
    Path(id): Path<WebhookEndpointId>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<DeliveryJson>>, Refused> {
    webhooks::endpoint(&app, id).await?;
    Ok(ListAnswer::new(app.store.webhook_deliveries(id, list.page()?).await?, DeliveryJson::from))
}

pub(super) async fn replay(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<WebhookDeliveryId>,
) -> Result<Json<DeliveryJson>, Refused> {
    Ok(Json(webhooks::replay(&app, &actor, id).await?.into()))
}
