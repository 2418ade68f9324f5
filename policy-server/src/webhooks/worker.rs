//! Sends what is due, and tries again what failed. A message is claimed before it is sent: several servers on one database
//! do not send it at once, and one that dies leaves it to the next (at least once).

use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::watch;
use tracing::{error, info, warn};

use super::signature::EndpointSecret;
use crate::{
    app::App,
    domain::{
        delivery::{Attempt, is_too_old, standing},
        webhook::{attempt, health},
    },
    secrets,
    store::{WebhookDelivery, WebhookEndpoint},
};

/// How many messages are under way at once.
const AT_ONCE: u64 = 16;
/// The longest and the shortest sleep between two looks into the outbox.
const SLEEP: std::ops::RangeInclusive<Duration> = Duration::from_secs(1)..=Duration::from_mins(1);

/// Works until `stopping` says so. Wakes when something is written, and when something is due again.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        let sent = send_due(app).await.unwrap_or_else(|error| {
            error!("Webhooks cannot be sent: {error:#}");
            0
        });
        if sent == AT_ONCE {
            continue;
        }
        tokio::select! {
            () = app.webhooks_queued.notified() => {}
            () = tokio::time::sleep(sleep(app).await) => {}
            _ = stopping.changed() => {}
        }
    }
}

async fn sleep(app: &App) -> Duration {
    let next = app.store.next_webhook_at().await.ok().flatten();
    let until = next.map_or(*SLEEP.end(), |next| {
        Duration::from_millis(u64::try_from(next.saturating_sub(app.now())).unwrap_or_default())
    });
    until.clamp(*SLEEP.start(), *SLEEP.end())
}

/// Sends what is due, at most [`AT_ONCE`] messages; gives how many there were.
async fn send_due(app: &App) -> anyhow::Result<u64> {
    let due = app.store.due_webhook_deliveries(app.now(), AT_ONCE).await?;
    let sent = due.len() as u64;
    for result in join_all(due.into_iter().map(|delivery| send(app, delivery))).await {
        result?;
    }
    Ok(sent)
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
