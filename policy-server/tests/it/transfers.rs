//! Tickets on their way into a ticket system, as the API shows them.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::{
    agents::Agent,
    browsers::Browser,
    world::{Msp, World},
};

/// Names the ticket system.
pub(crate) async fn set(world: &World, url: &str, queue: &str, token: &str) {
    let system = json!({"kind": "request_tracker", "url": url, "queue": queue, "token": token});
    world.done(Method::PUT, "/ticket-system", system).await;
}

pub(crate) async fn ticket(msp: &Msp, fields: &[(&str, &str)]) -> String {
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, fields).await;
    assert_eq!(receipt.status, StatusCode::SEE_OTHER, "{}", receipt.html);
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

/// The ticket's transfer, as soon as it is `so`.
pub(crate) async fn transfer(msp: &Msp, ticket: &str, so: impl Fn(&Value) -> bool) -> Value {
    let path = format!("/ticket-transfers?ticket_id={ticket}");
    msp.world.once(&path, |list| so(&list["items"][0])).await["items"][0].clone()
}

pub(crate) fn has_arrived(transfer: &Value) -> bool {
    transfer["state"] == "delivered"
}

pub(crate) fn has_failed(transfer: &Value) -> bool {
    transfer["answer"] != ""
}

/// Whatever happens next wakes the sender.
pub(crate) async fn wake(msp: &Msp, later: Duration) {
    msp.world.clock.advance(later);
    let webhook = json!({"url": "https://hooks.msp.example/", "events": ["asset.retired"]});
    let webhook = msp.world.made("/webhook-endpoints", webhook).await;
    msp.world.done(Method::PATCH, &format!("/webhook-endpoints/{webhook}"), json!({"disabled": true})).await;
}
