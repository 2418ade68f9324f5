//! Sends what is due, and tries again what failed. A message is claimed before it is sent: several servers on one database
//! do not send it at once, and one that dies leaves it to the next (at least once).
//!
//! Each endpoint gets its messages one after the other, in the order in which they are due; endpoints do not wait for each
//! other, so that one that does not answer holds up nobody else's.

use std::{collections::HashSet, time::Duration};

use futures_util::{StreamExt as _, stream::FuturesUnordered};
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::signature::EndpointSecret;
use crate::{
    app::App,
    domain::{
        delivery::{Attempt, is_too_old, standing},
        ids::WebhookEndpointId,
        webhook::{attempt, health},
    },
    secrets,
    store::{WebhookDelivery, WebhookEndpoint},
};

/// The longest and the shortest sleep between two looks into the outbox.
const SLEEP: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(1);

/// Works until `stopping` says so. Wakes when something is written, and when something is due again.
pub async fn run(app: &App, stopping: watch::Receiver<bool>) {
    let (mut busy, mut sending) = (HashSet::new(), FuturesUnordered::new());
    while !*stopping.borrow() {
        match app.store.due_webhook_endpoints(app.now()).await {
            Ok(due) => {
                sending.extend(due.into_iter().filter(|id| busy.insert(*id)).map(|id| send_due(app, id, &stopping)));
            }
            Err(error) => error!("Webhooks cannot be sent: {error:#}"),
        }
        let sleep = sleep(app).await;
        let mut stop = stopping.clone();
        tokio::select! {
            Some(endpoint) = sending.next() => drop(busy.remove(&endpoint)),
            () = app.webhooks_queued.notified() => {}
            () = tokio::time::sleep(sleep) => {}
            _ = stop.changed() => {}
        }
    }
    while sending.next().await.is_some() {}
}

async fn sleep(app: &App) -> Duration {
    let next = app.store.next_webhook_at().await.ok().flatten();
    let until = next.map_or(*SLEEP.end(), |next| {
        Duration::from_millis(u64::try_from(next.saturating_sub(app.now())).unwrap_or_default())
    });
    until.clamp(*SLEEP.start(), *SLEEP.end())
}

/// Sends what is due at an endpoint, one message after the other; gives its id back.
async fn send_due(app: &App, endpoint: WebhookEndpointId, stopping: &watch::Receiver<bool>) -> WebhookEndpointId {
    if let Err(error) = send_until_none(app, endpoint, stopping).await {
        error!(%endpoint, "Webhooks cannot be sent: {error:#}");
        tokio::time::sleep(*SLEEP.start()).await;
    }
    endpoint
}

async fn send_until_none(
    app: &App,
    endpoint: WebhookEndpointId,
    stopping: &watch::Receiver<bool>,
) -> anyhow::Result<()> {
    while !*stopping.borrow() {
        let Some(due) = app.store.due_webhook_delivery(endpoint, app.now()).await? else { break };
        send(app, due).await?;
    }
    Ok(())
}

async fn send(app: &App, delivery: WebhookDelivery) -> anyhow::Result<()> {
    let Some(endpoint) = app.store.webhook_endpoint(delivery.endpoint_id).await? else { return Ok(()) };
    if !app.store.claim_webhook_delivery(&delivery, app.now()).await? {
        return Ok(());
    }
    let attempted = if is_too_old(delivery.queued_at, app.now()) {
        Attempt::Refused("it waited for too long".into())
    } else {
        post(app, &endpoint, &delivery).await
    };
    let now = app.now();
    let (failing_since, switched_off) = health(endpoint.failing_since, &attempted, now);
    if let Attempt::Failed(answer) | Attempt::Refused(answer) = &attempted {
        warn!(endpoint = %endpoint.id, "A webhook was not delivered: {answer}");
    }
    if switched_off {
        info!(endpoint = %endpoint.id, "The webhook endpoint has failed for days and is switched off");
    }
    let [chance] = secrets::random::<1>()?;
    let standing = standing(attempted, delivery.attempts + 1, delivery.queued_at, now, chance);
    let disabled_at = switched_off.then_some(now);
    Ok(app.store.save_webhook_standing(delivery.id, standing, endpoint.id, failing_since, disabled_at).await?)
}

async fn post(app: &App, endpoint: &WebhookEndpoint, delivery: &WebhookDelivery) -> Attempt {
    let Ok(url) = endpoint.url.parse() else { return Attempt::Refused("the address cannot be read".into()) };
    let (id, seconds) = (format!("msg_{}", delivery.id.0.simple()), app.now() / 1000);
    let signature = EndpointSecret::of(&app.key, endpoint.id).sign(&id, seconds, &delivery.body);
    let headers = [("webhook-id", id), ("webhook-timestamp", seconds.to_string()), ("webhook-signature", signature)];
    match app.outbound.post(&url, &headers, delivery.body.clone()).await {
        Ok(status) => attempt(status),
        Err(error) => Attempt::Failed(error.to_string()),
    }
}
