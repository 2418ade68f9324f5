//! Webhooks: what a receiver gets, and what is seen of it.

use std::{collections::HashSet, time::Duration};

use axum::http::HeaderMap;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell_server::clock::{Clock as _, SystemClock};
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use sha2::Sha256;

use super::DATABASE;
use crate::{
    agents::{Agent, ask_to_enroll},
    browsers::Browser,
    receiver::Receiver,
    staff_members::member,
    world::{Msp, ServerProgram, World},
};

const EVERYTHING: [&str; 5] =
    ["ticket.created", "ticket.updated", "ticket.commented", "asset.enrolled", "asset.retired"];

async fn msp(receiver: &Receiver) -> Msp {
    Msp::of(World::configured(DATABASE, |config| config.outbound = receiver.outbound()).await).await
}

/// Makes an endpoint and gives its id and secret.
async fn endpoint(world: &World, url: &str, events: &[&str]) -> (String, String) {
    let made = world.done(Method::POST, "/webhook-endpoints", json!({"url": url, "events": events})).await;
    let text = |name: &str| made[name].as_str().expect("text").to_owned();
    (text("id"), text("secret"))
}

async fn ticket(msp: &Msp, agent: &Agent<'_>, description: &str) -> String {
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, &[("description", description)]).await;
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers[name].to_str().expect("text")
}

/// Checks the signature as the specification tells receivers to, and gives the message.
fn verified(secret: &str, (headers, body): &(HeaderMap, String)) -> Value {
    let secret = STANDARD.decode(secret.strip_prefix("whsec_").expect("the prefix")).expect("base64");
    assert!((24..=64).contains(&secret.len()));
    let signed = format!("{}.{}.{body}", text(headers, "webhook-id"), text(headers, "webhook-timestamp"));
    let mut mac = Hmac::<Sha256>::new_from_slice(&secret).expect("a key");
    mac.update(signed.as_bytes());
    let signature = format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes()));
    assert_eq!(text(headers, "webhook-signature"), signature);
    serde_json::from_str(body).expect("JSON")
}

#[tokio::test]
async fn each_event_reaches_the_endpoint_that_wants_it_signed_with_its_own_secret() {
    let (mut receiver, mut tickets_alone) = (Receiver::start().await, Receiver::start().await);
    let msp = msp(&receiver).await;
    let (id, secret) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &EVERYTHING).await;
    let wished = format!("{}/hook", tickets_alone.origin);
    let (other, others_secret) = endpoint(&msp.world, &wished, &["ticket.created"]).await;
    assert_ne!(secret, others_secret);

    let agent = Agent::of_jane(&msp).await;
    let made = ticket(&msp, &agent, "Printer on fire").await;
    msp.world.done(Method::PATCH, &format!("/tickets/{made}"), json!({"status": "open"})).await;
    let note = json!({"kind": "note", "text": "She sets fires"});
    msp.world.done(Method::POST, &format!("/tickets/{made}/comments"), note).await;
    msp.world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;

    let mut messages = Vec::new();
    for _ in 0..5 {
        let message = receiver.next().await;
        assert!(text(&message.0, "webhook-id").starts_with("msg_"));
        assert_eq!(text(&message.0, "webhook-timestamp"), "1767225600");
        assert_eq!(text(&message.0, "content-type"), "application/json");
        messages.push(verified(&secret, &message));
    }
    let of = |event: &str| messages.iter().find(|message| message["type"] == event).expect(event);
    let statuses = ["ticket.created", "ticket.updated"].map(|event| of(event)["data"]["ticket"]["status"].clone());
    assert_eq!(statuses, ["new", "open"]);
    assert_eq!(of("ticket.created")["timestamp"], "2026-01-01T00:00:00Z");
    assert_eq!(of("ticket.created")["data"]["ticket"]["number"], 1001);
    assert_eq!(of("ticket.commented")["data"]["comment"]["kind"], "note");
    let files = ["ticket.created", "ticket.commented"].map(|event| of(event)["data"]["attachments"].clone());
    assert_eq!(files, [json!([]), json!([])]);
    assert_eq!(of("ticket.updated")["data"].get("attachments"), None);
    assert_eq!(of("asset.enrolled")["data"]["asset"]["id"], json!(agent.asset));
    assert_eq!(of("asset.retired")["data"]["asset"]["state"], "retired");

    let delivered =
        |list: &Value| list["items"].as_array().expect("a list").iter().all(|one| one["state"] == "delivered");
    let list = msp.world.once(&format!("/webhook-endpoints/{id}/deliveries"), delivered).await;
    assert_eq!((list["items"].as_array().expect("a list").len(), &list["items"][0]["answer"]), (5, &json!("204")));
    let others = msp.world.get(&format!("/webhook-endpoints/{other}/deliveries")).await;
    let events = others["items"].as_array().expect("a list").iter().map(|one| one["event"].clone());
    assert_eq!(events.collect::<Vec<_>>(), ["ticket.created"]);
    // The other one has a certificate that this server does not know.
    assert!(tickets_alone.messages.try_recv().is_err());
    assert!(!String::from_utf8_lossy(&msp.world.stored()).contains(&secret), "the database does not hold the secret");
}

#[tokio::test]
async fn what_is_not_taken_is_tried_again_under_its_id_and_can_be_replayed() {
    let mut receiver = Receiver::start().await;
    receiver.answer_with(503);
    let msp = msp(&receiver).await;
    let (id, secret) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["ticket.created"]).await;
    let agent = Agent::of_jane(&msp).await;
    ticket(&msp, &agent, "Printer on fire").await;
    let first = receiver.next().await;
    let path = format!("/webhook-endpoints/{id}/deliveries");
    let failed = msp.world.once(&path, |list| list["items"][0]["answer"] == "503").await;
    assert_eq!((&failed["items"][0]["state"], &failed["items"][0]["attempts"]), (&json!("waiting"), &json!(1)));
    assert!(msp.world.get(&format!("/webhook-endpoints/{id}")).await["failing_since"].is_i64());
    let replay = format!("/webhook-deliveries/{}/replay", failed["items"][0]["id"].as_str().expect("an id"));
    let (status, _) = msp.world.api(Method::POST, &replay, Some(json!({}))).await;
    assert_eq!(status, StatusCode::CONFLICT, "it is on its way");

    receiver.answer_with(200);
    msp.world.clock.advance(Duration::from_secs(5));
    // Whatever happens next wakes the sender.
    msp.world.done(Method::PATCH, &format!("/webhook-endpoints/{id}"), json!({})).await;
    let again = receiver.next().await;
    assert_eq!(text(&again.0, "webhook-id"), text(&first.0, "webhook-id"));
    assert_eq!((&again.1, text(&again.0, "webhook-timestamp")), (&first.1, "1767225605"));
    verified(&secret, &again);
    let done = msp.world.once(&path, |list| list["items"][0]["state"] == "delivered").await;
    assert_eq!(done["items"][0]["attempts"], 2);
    assert!(msp.world.get(&format!("/webhook-endpoints/{id}")).await["failing_since"].is_null());

    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let page = boss.get(&format!("/console/settings/webhooks/{id}")).await;
    assert!(page.text("tbody tr").contains("Delivered"), "{}", page.html);
    let delivery = done["items"][0]["id"].as_str().expect("an id");
    let replay = boss.post(&format!("/console/settings/webhooks/{id}/replay/{delivery}"), &[]).await;
    assert_eq!(replay.location(), format!("/console/settings/webhooks/{id}?done=queued"));
    let replayed = receiver.next().await;
    assert_eq!((text(&replayed.0, "webhook-id"), &replayed.1), (text(&first.0, "webhook-id"), &first.1));
}

#[tokio::test]
async fn an_endpoint_that_is_off_or_inside_gets_nothing_and_the_page_says_why() {
    let mut receiver = Receiver::start().await;
    let msp = msp(&receiver).await;
    let (boss_id, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let bad =
        boss.post("/console/settings/webhooks", &[("url", "http://psa.example/"), ("ticket.created", "yes")]).await;
    assert!(
        bad.text("#url-error").contains("begins with https://") && bad.has("input[name='ticket.created'][checked]")
    );
    let none = boss.post("/console/settings/webhooks", &[("url", "https://psa.example/")]).await;
    assert_eq!(none.text("#events-error"), "Must name at least one event.");
    let made =
        boss.post("/console/settings/webhooks", &[("url", "https://10.0.0.1/"), ("asset.enrolled", "yes")]).await;
    assert!(made.value("#secret").starts_with("whsec_"), "{}", made.html);
    let (off, _) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.enrolled"]).await;
    let form =
        [("url", format!("{}/hook", receiver.origin)), ("asset.enrolled", "yes".into()), ("disabled", "yes".into())];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let path = format!("/console/settings/webhooks/{off}");
    assert_eq!(boss.post(&path, &form).await.location(), format!("{path}?done=saved"));

    Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let inside = msp.world.get("/webhook-endpoints").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let failed = |list: &Value| list["items"][0]["attempts"] == 1 && list["items"][0]["answer"] != "";
    msp.world.once(&format!("/webhook-endpoints/{inside}/deliveries"), failed).await;
    let page = boss.get(&format!("/console/settings/webhooks/{inside}")).await;
    assert!(page.text("tbody tr").contains("10.0.0.1 leads to an address that is not public"), "{}", page.html);
    assert!(boss.get("/console/settings/webhooks").await.html.contains("failing since"));
    assert!(receiver.messages.try_recv().is_err());
    let records = msp.world.get(&format!("/audit-records?subject_id={off}")).await;
    assert_eq!(records["items"][0]["action"], "webhook_endpoint_changed");
    assert_eq!(records["items"][0]["actor_id"], json!(boss_id));
}

#[tokio::test]
async fn messages_that_are_due_at_once_come_in_the_order_of_what_happened() {
    let mut receiver = Receiver::start().await;
    receiver.answer_with(503);
    let msp = msp(&receiver).await;
    let (id, secret) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.enrolled"]).await;
    let mut assets = Vec::new();
    for _ in 0..3 {
        assets.push(Agent::enroll(&msp.world, &msp.enrollment_token).await.asset);
        receiver.next().await;
    }
    let failed = |list: &Value| list["items"].as_array().expect("a list").iter().all(|one| one["answer"] == "503");
    msp.world.once(&format!("/webhook-endpoints/{id}/deliveries"), failed).await;
    msp.world.run_sql("UPDATE webhook_delivery SET due_at = 0;");
    receiver.answer_with(204);
    msp.world.done(Method::PATCH, &format!("/webhook-endpoints/{id}"), json!({})).await;
    for asset in assets {
        assert_eq!(verified(&secret, &receiver.next().await)["data"]["asset"]["id"], json!(asset));
    }
}

/// What waits for an endpoint that is switched off goes on waiting, for three days; one that failed for five is switched off.
#[tokio::test]
async fn an_endpoint_is_switched_off_and_on_and_what_waited_for_too_long_is_not_sent() {
    let mut receiver = Receiver::start().await;
    receiver.answer_with(503);
    let msp = msp(&receiver).await;
    let (id, _) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.enrolled"]).await;
    let (path, deliveries) = (format!("/webhook-endpoints/{id}"), format!("/webhook-endpoints/{id}/deliveries"));
    let change = async |change: Value| msp.world.done(Method::PATCH, &path, change).await;
    let enroll = async || Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let last = async |answer: &str| msp.world.once(&deliveries, |list| list["items"][0]["answer"] == answer).await;
    enroll().await;
    receiver.next().await;
    last("503").await;
    change(json!({"disabled": true})).await;
    msp.world.clock.advance(Duration::from_secs(5));
    receiver.answer_with(204);
    let (_, others) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.retired"]).await;
    let asset = enroll().await.asset;
    msp.world.done(Method::POST, &format!("/assets/{asset}/retire"), json!({})).await;
    verified(&others, &receiver.next().await);
    assert_eq!(msp.world.get(&deliveries).await["items"].as_array().map(Vec::len), Some(1));
    assert!(receiver.messages.try_recv().is_err(), "nothing is sent there");
    msp.world.clock.advance(Duration::from_mins(1));
    change(json!({"disabled": false})).await;
    assert_eq!(text(&receiver.next().await.0, "webhook-timestamp"), "1767225665");
    last("204").await;

    receiver.answer_with(503);
    enroll().await;
    receiver.next().await;
    last("503").await;
    msp.world.clock.advance(Duration::from_hours(5 * 24));
    change(json!({})).await;
    let old = last("it waited for too long").await;
    assert_eq!(old["items"][0]["state"], "given_up");
    assert!(receiver.messages.try_recv().is_err());
    let off = msp.world.get(&path).await;
    assert!(off["disabled_at"].is_i64() && off["failing_since"].is_i64(), "{off}");
    let on = change(json!({"disabled": false})).await;
    assert_eq!((&on["disabled_at"], &on["failing_since"]), (&Value::Null, &Value::Null), "it begins anew");
}

/// Invariant 24: a server that is killed leaves what it has not delivered to the next one.
#[tokio::test]
async fn a_message_survives_kill_9_and_keeps_its_id() {
    let mut receiver = Receiver::start().await;
    receiver.answer_with(503);
    let mut msp = msp(&receiver).await;
    let (id, _) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.enrolled"]).await;
    msp.world.stop().await;
    let environment = permitting(&receiver);
    let mut server = msp.world.program(&environment).await;
    assert_eq!(ask_to_enroll(&msp.world, &msp.enrollment_token).await.status(), StatusCode::CREATED);
    let first = receiver.next().await;
    let path = format!("/webhook-endpoints/{id}/deliveries");
    msp.world.once(&path, |list| list["items"][0]["answer"] == "503").await;
    server.process.kill().await.expect("killed");
    receiver.answer_with(204);
    let _server = msp.world.program(&environment).await;
    let second = receiver.next().await;
    assert_eq!(text(&second.0, "webhook-id"), text(&first.0, "webhook-id"));
    msp.world.once(&path, |list| list["items"][0]["state"] == "delivered").await;
}

/// How the server's program may send to a receiver on this computer.
fn permitting(receiver: &Receiver) -> String {
    format!(
        "export DESKBELL_SERVER__OUTBOUND__ALLOW='[\"127.0.0.1/32\"]'; \
         export DESKBELL_SERVER__OUTBOUND__CA_CERTIFICATE='{}';",
        receiver.certificate().display()
    )
}

/// A receiver that lets the server wait for 10 seconds costs the others none of them; each gets its messages in order.
#[tokio::test]
async fn a_receiver_that_does_not_answer_holds_nobody_else_up() {
    let mut receiver = Receiver::start().await;
    let msp = msp(&receiver).await;
    endpoint(&msp.world, &format!("{}/silent", receiver.origin), &["asset.enrolled"]).await;
    let (id, secret) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.enrolled"]).await;
    let delivered =
        |list: &Value| list["items"].as_array().expect("a list").iter().all(|one| one["state"] == "delivered");
    let told = async {
        for _ in 0..3 {
            let (one, other) = (
                Agent::enroll(&msp.world, &msp.enrollment_token).await,
                Agent::enroll(&msp.world, &msp.enrollment_token).await,
            );
            for agent in [one, other] {
                let message = verified(&secret, &receiver.next().await);
                assert_eq!(message["data"]["asset"]["id"], json!(agent.asset));
            }
            msp.world.once(&format!("/webhook-endpoints/{id}/deliveries"), delivered).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(9), told).await.expect("nobody waits for the silent one");
}

/// Two servers that come to the same outbox at the same time: neither gets its first answer before the other is there, too.
#[tokio::test]
async fn each_message_is_sent_once_by_one_of_two_servers() {
    let mut receiver = Receiver::start().await;
    // This server may not send there.
    let mut msp = Msp::start(DATABASE).await;
    msp.world.clock.advance(Duration::from_millis((SystemClock.now() - msp.world.clock.now()).unsigned_abs()));
    let url = format!("{}/together", receiver.origin);
    let (id, _) = endpoint(&msp.world, &url, &["asset.enrolled"]).await;
    let deliveries = format!("/webhook-endpoints/{id}/deliveries");
    for _ in 0..8 {
        Agent::enroll(&msp.world, &msp.enrollment_token).await;
    }
    let all = |list: &Value, so: fn(&Value) -> bool| list["items"].as_array().expect("a list").iter().all(so);
    msp.world.once(&deliveries, |list| all(list, |one| one["answer"] != "")).await;
    msp.world.stop().await;

    let environment = [("DESKBELL_SERVER__DATABASE__URL", msp.world.database_url.as_str())];
    let permitting = permitting(&receiver);
    let other = ServerProgram::start(&msp.world.data, &permitting, &environment);
    let _servers = tokio::join!(msp.world.program(&permitting), other);

    let mut ids = HashSet::new();
    for _ in 0..8 {
        let (headers, body) = receiver.next().await;
        assert!(ids.insert(text(&headers, "webhook-id").to_owned()), "one is sent twice: {body}");
    }
    msp.world.once(&deliveries, |list| all(list, |one| one["state"] == "delivered")).await;
    assert!(receiver.messages.try_recv().is_err());
}

#[tokio::test]
async fn an_asset_whose_place_another_took_is_told_of_as_retired() {
    let mut receiver = Receiver::start().await;
    let msp = msp(&receiver).await;
    let old = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let new = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let (_, secret) = endpoint(&msp.world, &format!("{}/hook", receiver.origin), &["asset.retired"]).await;
    msp.world.done(Method::POST, &format!("/assets/{}/take-over", new.asset), json!({})).await;
    let message = verified(&secret, &receiver.next().await);
    assert_eq!(message["type"], "asset.retired");
    assert_eq!(message["data"]["asset"]["id"], json!(old.asset));
    assert_eq!(message["data"]["asset"]["state"], "retired");
}

#[tokio::test]
async fn only_administrators_say_where_data_goes() {
    let world = World::start(DATABASE).await;
    let made = world.done(Method::POST, "/api-tokens", json!({"name": "t", "role": "technician"})).await;
    let token = made["token"].as_str().expect("a token");
    for (method, path) in [
        (Method::GET, "/webhook-endpoints"),
        (Method::POST, "/webhook-endpoints"),
        (Method::GET, "/mails"),
        (Method::PUT, "/ticket-forwarding"),
    ] {
        let request = world.client.request(method.clone(), format!("{}/api/v1{path}", world.origin));
        let answer = request.bearer_auth(token).json(&json!({})).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path}");
    }
}
