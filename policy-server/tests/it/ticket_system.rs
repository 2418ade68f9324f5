//! Tickets on their way into the MSP's own ticket system. What it is here stands in for Request Tracker where it has to
//! fail; `request_tracker.rs` runs the real one.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Json, Router,
    extract::{Query, State},
    http::{HeaderMap, StatusCode},
    routing::{get, post},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell_server::clock::{Clock as _, SystemClock};
use reqwest::{Method, multipart};
use serde_json::{Value, json};
use tokio::sync::watch;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    staff_members::member,
    tls_relay::TlsRelay,
    transfers::{has_arrived, has_failed, set, ticket, transfer, wake},
    world::{Msp, ServerProgram, World},
};

const TOKEN: &str = "1-27-750591d67a9a3ba8f35f0406ba29b3f3";
const HERE: &str = "/console/settings/ticket-system";

/// Takes tickets as Request Tracker's REST 2.0 does.
struct Double {
    relay: TlsRelay,
    standing: Arc<Mutex<Standing>>,
}

#[derive(Default)]
struct Standing {
    tickets: Vec<Value>,
    /// What every request is answered with; absent: it works.
    refused_with: Option<u16>,
    /// How many have asked for a ticket, and for how many the first of them waits.
    asked: watch::Sender<usize>,
    awaited: usize,
}

impl Double {
    async fn start() -> Self {
        let standing = Arc::new(Mutex::new(Standing::default()));
        let routes = Router::new()
            .route("/rt/REST/2.0/ticket", post(make))
            .route("/rt/REST/2.0/tickets", get(find))
            .with_state(Arc::clone(&standing));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { relay: TlsRelay::start(port).await, standing }
    }

    fn url(&self) -> String {
        format!("{}/rt", self.relay.origin)
    }

    fn refuse_with(&self, status: Option<u16>) {
        self.standing.lock().expect("whole").refused_with = status;
    }

    fn tickets(&self) -> Vec<Value> {
        self.standing.lock().expect("whole").tickets.clone()
    }

    /// How the server's program may connect here.
    fn permission(&self) -> String {
        format!(
            "export DESKBELL_SERVER__OUTBOUND__ALLOW='[\"127.0.0.1/32\"]'; \
             export DESKBELL_SERVER__OUTBOUND__CA_CERTIFICATE='{}';",
            self.relay.certificate().display()
        )
    }

    /// Lets whoever asks for a ticket wait until so many have asked.
    fn wait_for(&self, askers: usize) {
        self.standing.lock().expect("whole").awaited = askers;
    }

    fn asked(&self) -> watch::Sender<usize> {
        self.standing.lock().expect("whole").asked.clone()
    }

    async fn msp(&self) -> Msp {
        let msp = Msp::of(World::configured(DATABASE, |config| config.outbound = self.relay.outbound()).await).await;
        let jane = json!({"email": "jane@contoso.example"});
        msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), jane).await;
        set(&msp.world, &self.url(), "Helpdesk", TOKEN).await;
        msp
    }
}

type Shared = State<Arc<Mutex<Standing>>>;

fn refused(standing: &Standing, headers: &HeaderMap) -> Result<(), StatusCode> {
    if headers["authorization"] != format!("token {TOKEN}") {
        return Err(StatusCode::UNAUTHORIZED);
    }
    standing.refused_with.map_or(Ok(()), |status| Err(StatusCode::from_u16(status).expect("a status")))
}

async fn make(
    State(standing): Shared,
    headers: HeaderMap,
    Json(ticket): Json<Value>,
) -> Result<(StatusCode, Json<Value>), StatusCode> {
    let mut standing = standing.lock().expect("whole");
    refused(&standing, &headers)?;
    standing.tickets.push(ticket);
    Ok((StatusCode::CREATED, Json(json!({"id": standing.tickets.len().to_string(), "type": "ticket"}))))
}

async fn find(
    State(standing): Shared,
    headers: HeaderMap,
    Query(asked): Query<Value>,
) -> Result<Json<Value>, StatusCode> {
    let (askers, awaited) = {
        let standing = standing.lock().expect("whole");
        (standing.asked.clone(), standing.awaited)
    };
    askers.send_modify(|askers| *askers += 1);
    askers.subscribe().wait_for(|askers| *askers >= awaited).await.ok();
    let standing = standing.lock().expect("whole");
    refused(&standing, &headers)?;
    let link = asked["query"].as_str().and_then(|query| query.strip_prefix("RefersTo = '")?.strip_suffix('\''));
    let found = standing.tickets.iter().enumerate().filter(|(_, ticket)| ticket["RefersTo"] == json!(link));
    let items: Vec<_> = found.map(|(index, _)| json!({"id": (index + 1).to_string(), "type": "ticket"})).collect();
    Ok(Json(json!({"count": items.len(), "items": items})))
}

#[tokio::test]
async fn a_ticket_arrives_with_its_facts_and_files_and_its_number_comes_back() {
    let double = Double::start().await;
    let msp = double.msp().await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let mut parts = multipart::Form::new();
    for name in ["form_id", "form_for"] {
        parts = parts.text(name, form.value(&format!("input[name={name}]")));
    }
    parts = parts.text("description", "Drucker «brennt»\nSince noon").text("phone", "+1 555 0142");
    for (name, bytes) in [("schön.txt", b"hello".to_vec()), ("0", vec![1; 9]), ("big.bin", vec![7; 10_000_001])] {
        parts = parts.part("files", multipart::Part::bytes(bytes).file_name(name));
    }
    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(parts);
    let receipt = browser.send(post).await;
    let id = receipt.location().rsplit('/').next().expect("an id").to_owned();

    let arrived = transfer(&msp, &id, has_arrived).await;
    let url = format!("{}/Ticket/Display.html?id=1", double.url());
    assert_eq!((&arrived["remote_number"], &arrived["remote_url"]), (&json!("1"), &json!(url)));
    let made = double.tickets().pop().expect("a ticket");
    let link = format!("{origin}/console/tickets/{id}");
    assert_eq!((&made["Queue"], &made["RefersTo"]), (&json!("Helpdesk"), &json!(link)));
    assert_eq!(made["Subject"], "[1001] Drucker «brennt»");
    assert_eq!(made["Requestor"], "\"Jane Doe\" <jane@contoso.example>");
    let text = made["Content"].as_str().expect("text");
    assert!(text.starts_with("Drucker «brennt»\nSince noon\n\nDeskbell: http://localhost"), "{text}");
    for line in [
        "Organization: Contoso",
        "Requester: Jane Doe",
        "Telephone: +1 555 0142",
        "Urgency: normal",
        "Asset: PC-042",
        "Serial number: SN-1",
        "File: big.bin (9766 KB) is in Deskbell alone",
    ] {
        assert!(text.lines().any(|one| one == line), "{line}: {text}");
    }
    let files = made["Attachments"].as_array().expect("files");
    let name = |file: &Value| -> String {
        let bytes = file["FileName"].as_str().expect("a name").chars().map(|c| u8::try_from(c).expect("a byte"));
        String::from_utf8(bytes.collect()).expect("UTF-8")
    };
    assert_eq!(files.iter().map(name).collect::<Vec<_>>(), ["schön.txt", "0.bin"]);
    assert_eq!(files[0]["FileContent"], json!(STANDARD.encode("hello")));

    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let page = boss.get(&format!("/console/tickets/{id}")).await;
    assert_eq!((page.text("#transfer"), page.attribute("#transfer a", "href")), ("There it is ticket #1.".into(), url));
    assert_eq!(boss.get(HERE).await.texts("tbody td")[..3], ["1001 Drucker «brennt»", "Delivered", "#1"]);
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_ticket() {
    let double = Double::start().await;
    let msp = double.msp().await;
    double.relay.lose_answers(1);
    let id = ticket(&msp, &[("description", "Printer on fire")]).await;
    let failed = transfer(&msp, &id, has_failed).await;
    assert_eq!((&failed["state"], double.relay.answers_still_to_lose()), (&json!("waiting"), 0));
    assert_eq!(double.tickets().len(), 1, "it was made, and nobody here knows");
    wake(&msp, Duration::from_secs(5)).await;
    let arrived = transfer(&msp, &id, has_arrived).await;
    assert_eq!((&arrived["remote_number"], &arrived["attempts"]), (&json!("1"), &json!(2)));
    assert_eq!(double.tickets().len(), 1);
}

#[tokio::test]
async fn what_fails_is_tried_for_three_days_says_why_and_can_be_sent_again() {
    let double = Double::start().await;
    let msp = double.msp().await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    double.refuse_with(Some(503));
    let id = ticket(&msp, &[("description", "Printer on fire")]).await;
    let failed = transfer(&msp, &id, has_failed).await;
    let why = "503: Request Tracker, or a proxy before it, cannot work at the moment";
    assert_eq!((&failed["answer"], &failed["state"]), (&json!(why), &json!("waiting")));
    assert!(boss.get(HERE).await.text("tbody tr").contains(why));
    assert!(boss.get(&format!("/console/tickets/{id}")).await.text("#transfer").contains(why));

    double.refuse_with(None);
    wake(&msp, Duration::from_hours(73)).await;
    transfer(&msp, &id, |transfer| transfer["state"] == "given_up").await;
    assert_eq!(double.tickets(), Vec::<Value>::new(), "nobody expects it there any more");
    // Her session did not last that long.
    let (_, boss) = member(&msp.world, "chief@msp.example", "administrator").await;
    let retry = format!("{HERE}/{}/retry", failed["id"].as_str().expect("an id"));
    assert_eq!(boss.post(&retry, &[]).await.location(), format!("{HERE}?done=queued"));
    transfer(&msp, &id, has_arrived).await;
    let again = boss.post(&retry, &[]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert!(again.text("[role=alert]").contains("has arrived"), "{}", again.html);
    assert_eq!(double.tickets().len(), 1);
}

/// A token is neither shown nor stored in the clear, and goes to no other place than that for which it was given.
#[tokio::test]
async fn the_token_is_sealed_and_stays_with_its_address_and_a_new_one_helps_at_once() {
    let (double, other) = (Double::start().await, Double::start().await);
    let msp = double.msp().await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let page = boss.get(HERE).await;
    assert_eq!((page.value("#url"), page.value("#token")), (double.url(), String::new()));
    let shown = msp.world.get("/ticket-system").await;
    assert!(!page.html.contains(TOKEN) && !shown.to_string().contains(TOKEN) && shown.get("token").is_none());
    assert!(!String::from_utf8_lossy(&msp.world.stored()).contains(TOKEN), "the database does not hold it");

    let form = |url: &str, token: &str| {
        [("kind", "request_tracker"), ("url", url), ("queue", "Other"), ("token", token)]
            .map(|(name, value)| (name, value.to_owned()))
    };
    let sent = async |url: &str, token: &str| {
        let form = form(url, token);
        boss.post(HERE, &form.each_ref().map(|(name, value)| (*name, value.as_str()))).await
    };
    let elsewhere = sent(&other.url(), "").await;
    assert_eq!(elsewhere.text("#token-error"), "Must be given for this address.");
    let plain = sent(&double.url().replace("https", "http"), "a b").await;
    assert!(plain.text("#url-error").contains("begins with https://") && plain.has("#token-error"), "{}", plain.html);
    assert_eq!(plain.value("#token"), "", "what was typed as a token is not shown either");
    assert_eq!(sent(&double.url(), "").await.location(), format!("{HERE}?done=saved"), "the token is kept");

    sent(&double.url(), "wrong").await;
    let id = ticket(&msp, &[("description", "x")]).await;
    let failed = transfer(&msp, &id, has_failed).await;
    assert_eq!(failed["answer"], "401: the token is not accepted");
    sent(&double.url(), TOKEN).await;
    transfer(&msp, &id, has_arrived).await;
    assert_eq!((&double.tickets()[0]["Queue"], other.tickets().len()), (&json!("Other"), 0));

    assert_eq!(boss.post(&format!("{HERE}/remove"), &[]).await.location(), format!("{HERE}?done=removed"));
    let gone = ticket(&msp, &[("description", "stays here")]).await;
    assert_eq!(msp.world.get(&format!("/ticket-transfers?ticket_id={gone}")).await["items"], json!([]));
    let records = msp.world.get("/audit-records").await.to_string();
    assert!(records.contains("ticket_system_removed") && !records.contains(TOKEN), "{records}");
}

/// What is said later stays where it was said, and what waits longest goes first.
#[tokio::test]
async fn tickets_arrive_in_their_order_without_what_was_said_meanwhile() {
    let double = Double::start().await;
    let msp = double.msp().await;
    double.refuse_with(Some(503));
    let mut ids = Vec::new();
    for description in ["One", "Two", "Three"] {
        ids.push(ticket(&msp, &[("description", description)]).await);
        transfer(&msp, &ids[ids.len() - 1], has_failed).await;
    }
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let file = multipart::Part::bytes(&b"ours"[..]).file_name("ours.txt");
    let note = multipart::Form::new().text("kind", "note").text("text", "Bring water").part("files", file);
    let said = kim.post_files(&format!("/console/tickets/{}/comments", ids[0]), note).await;
    assert_eq!(said.status, StatusCode::SEE_OTHER, "{}", said.html);
    let files = msp.world.get(&format!("/tickets/{}/attachments", ids[0])).await;
    assert_eq!(files["items"][0]["name"], "ours.txt");

    double.refuse_with(None);
    set(&msp.world, &double.url(), "Helpdesk", TOKEN).await;
    for id in &ids {
        transfer(&msp, id, has_arrived).await;
    }

    let made = double.tickets();
    let subjects: Vec<_> = made.iter().map(|ticket| ticket["Subject"].as_str().expect("text")).collect();
    assert_eq!(subjects, ["[1001] One", "[1002] Two", "[1003] Three"]);
    assert!(!made[0].to_string().contains("ours.txt") && made[0].get("Attachments").is_none(), "{}", made[0]);
}

/// To hurry what is under way would be to make it twice.
#[tokio::test]
async fn a_ticket_that_is_being_sent_is_not_sent_again() {
    let double = Double::start().await;
    let msp = double.msp().await;
    double.wait_for(2);
    let id = ticket(&msp, &[("description", "Printer on fire")]).await;
    let asked = double.asked();
    asked.subscribe().wait_for(|asked| *asked == 1).await.expect("it is asked for");
    let under_way = transfer(&msp, &id, |transfer| transfer["attempts"] == 1).await;
    let retry = format!("/ticket-transfers/{}/retry", under_way["id"].as_str().expect("an id"));
    let (status, problem) = msp.world.api(Method::POST, &retry, Some(json!({}))).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    asked.send_modify(|asked| *asked += 1);
    let arrived = transfer(&msp, &id, has_arrived).await;
    assert_eq!((&arrived["attempts"], double.tickets().len()), (&json!(1), 1));
}

/// Two servers that come to the same tickets at the same time: neither gets its first answer before the other asks, too.
#[tokio::test]
async fn each_ticket_is_brought_by_one_of_two_servers() {
    let double = Double::start().await;
    // This server may not connect there.
    let mut msp = Msp::start(DATABASE).await;
    msp.world.clock.advance(Duration::from_millis((SystemClock.now() - msp.world.clock.now()).unsigned_abs()));
    set(&msp.world, &double.url(), "Helpdesk", TOKEN).await;
    for _ in 0..8 {
        let id = ticket(&msp, &[("description", "Printer on fire")]).await;
        transfer(&msp, &id, has_failed).await;
    }
    msp.world.stop().await;
    double.wait_for(2);
    let environment = double.permission();

    let database = [("DESKBELL_SERVER__DATABASE__URL", msp.world.database_url.as_str())];
    let other = ServerProgram::start(&msp.world.data, &environment, &database);
    let _servers = tokio::join!(msp.world.program(&environment), other);

    let all = |list: &Value| list["items"].as_array().expect("a list").iter().all(has_arrived);
    msp.world.once("/ticket-transfers", all).await;
    let links: HashSet<_> = double.tickets().iter().map(|ticket| ticket["RefersTo"].to_string()).collect();
    assert_eq!((links.len(), double.tickets().len()), (8, 8));
}

/// Request Tracker mails its requestors: whoever left a name that nobody has checked is not the computer's person.
#[tokio::test]
async fn a_ticket_under_an_unverified_name_has_no_requestor_there() {
    let double = Double::start().await;
    let msp = double.msp().await;
    let id = ticket(&msp, &[("description", "Buy pills"), ("unverified_name", "Sam Boss")]).await;
    transfer(&msp, &id, has_arrived).await;
    let made = double.tickets().pop().expect("a ticket");
    assert!(made.get("Requestor").is_none() && !made.to_string().contains("jane@"), "{made}");
    assert!(made["Content"].as_str().expect("text").contains("\nName that nobody has checked: Sam Boss\n"));
}

#[tokio::test]
async fn a_ticket_system_inside_is_not_connected_to_and_the_page_says_why() {
    let double = Double::start().await;
    let msp = Msp::start(DATABASE).await;
    set(&msp.world, &double.url(), "Helpdesk", TOKEN).await;
    let id = ticket(&msp, &[("description", "x")]).await;
    let failed = transfer(&msp, &id, has_failed).await;
    assert!(
        failed["answer"].as_str().expect("text").contains("not public and not listed in outbound.allow"),
        "{failed}"
    );
}

/// Invariant 24: a server that is killed between the ticket there and its note of it makes no second one.
#[tokio::test]
async fn a_server_that_is_killed_leaves_its_tickets_to_the_next_and_makes_none_twice() {
    let double = Double::start().await;
    let mut msp = double.msp().await;
    msp.world.stop().await;
    let environment = double.permission();
    let mut server = msp.world.program(&environment).await;
    double.relay.lose_answers(1);
    let id = ticket(&msp, &[("description", "Printer on fire")]).await;
    let failed = transfer(&msp, &id, has_failed).await;
    server.process.kill().await.expect("killed");
    assert_eq!(double.tickets().len(), 1);
    let _server = msp.world.program(&environment).await;
    let retry = format!("/ticket-transfers/{}/retry", failed["id"].as_str().expect("an id"));
    msp.world.done(Method::POST, &retry, json!({})).await;
    transfer(&msp, &id, has_arrived).await;
    assert_eq!(double.tickets().len(), 1);
}
