//! S3: each switch holds on every surface, for those who were in before it was turned as well.

use deskbell_protocol::Refusal;
use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, ask_to_enroll},
    browsers::{Browser, FORM, Page},
    world::{Msp, World},
};

/// A browser with a form before it and a ticket with a file behind it.
struct Visitor<'a> {
    browser: Browser<'a>,
    form: Page,
    receipt: String,
    file: String,
}

impl<'a> Visitor<'a> {
    async fn come(msp: &'a Msp, agent: &Agent<'_>) -> Self {
        let browser = Browser::new(&msp.world);
        let form = browser.open(&agent.click().await).await;
        let sent = Form::new()
            .text("form_id", form.value("input[name=form_id]"))
            .text("form_for", form.value("input[name=form_for]"))
            .text("description", "Printer on fire")
            .part("files", Part::bytes(&b"smoke"[..]).file_name("notes.txt"));
        let origin = &msp.world.origin;
        let post = msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(sent);
        let receipt = browser.send(post).await.location();
        let file = browser.get(&receipt).await.attribute("a[href*='/files/']", "href");
        let form = browser.get(FORM).await;
        Self { browser, form, receipt, file }
    }

    /// What the form, a sent form, the receipt and its file answer.
    async fn surfaces(&self) -> [StatusCode; 4] {
        [
            self.browser.get(FORM).await.status,
            self.browser.send_form(&self.form, &[("description", "again")]).await.status,
            self.browser.get(&self.receipt).await.status,
            self.browser.get(&self.file).await.status,
        ]
    }
}

const OPEN: [StatusCode; 4] = [StatusCode::OK, StatusCode::SEE_OTHER, StatusCode::OK, StatusCode::OK];

async fn tickets(world: &World) -> usize {
    world.get("/tickets").await["items"].as_array().expect("a list").len()
}

/// Turns a switch that shuts the form, looks at every surface, and turns it back.
async fn shuts_the_form(path: &str, off: Value, on: Value, reason: Refusal, msp: &Msp) {
    let agent = Agent::of_jane(msp).await;
    let visitor = Visitor::come(msp, &agent).await;
    let click = agent.click().await;
    let before = tickets(&msp.world).await;
    msp.world.done(Method::PATCH, path, off).await;

    let shut = visitor.surfaces().await;
    assert!(shut.iter().all(StatusCode::is_client_error), "{reason:?}: who was in: {shut:?}");
    assert_eq!(agent.launch().await.refusal, Some(reason), "a click");
    let late = Browser::new(&msp.world).open(&click).await;
    assert!(late.status.is_client_error() && !late.has("main form"), "{reason:?}: who clicked before: {}", late.status);
    assert_eq!(tickets(&msp.world).await, before, "{reason:?}: no ticket came of it");

    msp.world.done(Method::PATCH, path, on).await;
    assert_eq!(visitor.surfaces().await, OPEN, "{reason:?}: turned back");
}

/// S3: a portal that is not published.
#[tokio::test]
async fn a_portal_that_is_not_published_takes_and_shows_nothing() {
    let msp = Msp::start(DATABASE).await;
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let (path, reason) = (format!("/portals/{portal}"), Refusal::PortalNotPublished);
    shuts_the_form(&path, json!({"published": false}), json!({"published": true}), reason, &msp).await;
}

/// S3: a portal user who is deactivated.
#[tokio::test]
async fn a_deactivated_portal_user_sends_and_sees_nothing() {
    let msp = Msp::start(DATABASE).await;
    let path = format!("/portal-users/{}", msp.portal_user);
    let (off, on) = (json!({"state": "deactivated"}), json!({"state": "enabled"}));
    shuts_the_form(&path, off, on, Refusal::Deactivated, &msp).await;
}

/// What an agent gets from each of its requests.
async fn asked(agent: &Agent<'_>, icon: &str) -> [StatusCode; 4] {
    let report = json!({"facts": crate::agents::facts(), "sessions": []});
    let report = agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
    let icon = agent.request(Method::GET, &format!("/icons/{icon}")).send().await.expect("an answer");
    [agent.policy(None, 0).await.status(), agent.ask_to_launch("portal").await.status(), report.status(), icon.status()]
}

/// S3: an asset that waits for approval, and one that is retired.
#[tokio::test]
async fn an_asset_is_served_between_its_approval_and_its_retirement_and_at_no_other_time() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let token = json!({"organization_id": msp.organization, "name": "long-lived", "needs_approval": true});
    let token = world.done(Method::POST, "/enrollment-tokens", token).await;
    let enrolled = ask_to_enroll(world, token["token"].as_str().expect("a token")).await;
    let agent = Agent::new(world, enrolled.json().await.expect("JSON"));
    agent.assign(&msp.jane).await;
    let no_icon = "0".repeat(64);

    assert_eq!(asked(&agent, &no_icon).await, [StatusCode::FORBIDDEN; 4], "waiting");
    world.done(Method::POST, &format!("/assets/{}/approve", agent.asset), json!({})).await;
    let [policy, launch, report, icon] = asked(&agent, &no_icon).await;
    assert!([policy, launch, report].iter().all(StatusCode::is_success), "{policy} {launch} {report}");
    assert_eq!(icon, StatusCode::NOT_FOUND);
    let visitor = Visitor::come(&msp, &agent).await;
    let click = agent.click().await;
    world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;
    assert_eq!(asked(&agent, &no_icon).await, [StatusCode::GONE; 4], "retired");
    let shut = visitor.surfaces().await;
    assert!(shut.iter().all(StatusCode::is_client_error), "{shut:?}");
    let late = Browser::new(world).get(&click).await;
    let late = if late.status == StatusCode::SEE_OTHER { visitor.browser.get(&late.location()).await } else { late };
    assert!(late.status.is_client_error() && !late.has("main form"), "{}", late.status);
}

/// S3: a hidden tray and an entry that is gone, in what agents are told and in what a click does.
#[tokio::test]
async fn what_a_policy_hides_or_takes_away_is_gone_for_agents_and_for_clicks() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let visitor = Visitor::come(&msp, &agent).await;
    let told = async || -> Value { agent.policy(None, 0).await.json().await.expect("JSON") };
    assert_eq!(told().await["policy"]["hide_tray"], json!(false));
    let path = format!("/policies/{}", msp.policy);
    let mut policy = crate::world::policy_json("Standard", "Customer Online Portal");
    policy["settings"]["hide_tray"] = json!(true);
    msp.world.done(Method::PUT, &path, policy.clone()).await;
    assert_eq!(told().await["policy"]["hide_tray"], json!(true));
    policy["menu"]["entries"] = json!([]);
    msp.world.done(Method::PUT, &path, policy).await;
    assert!(!told().await.to_string().contains("Customer Online Portal"));
    assert!(agent.ask_to_launch("portal").await.status().is_client_error());
    let shut = visitor.surfaces().await;
    assert!(shut.iter().all(StatusCode::is_client_error), "{shut:?}");
}

/// S3: tokens that are revoked. S2: what a browser got from a tray makes and shows nothing of the API, with whatever filter or
/// none; the people of a portal cannot make a token.
#[tokio::test]
async fn a_revoked_token_and_a_browser_of_the_portal_get_nothing_from_the_api() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let visitor = Visitor::come(&msp, &agent).await;
    let made = world.done(Method::POST, "/api-tokens", json!({"name": "x", "role": "administrator"})).await;
    let revoked = made["token"].as_str().expect("a token").to_owned();
    let path = format!("/api-tokens/{}/revoke", made["id"].as_str().expect("an id"));
    world.done(Method::POST, &path, json!({})).await;
    let cookies = visitor.browser.cookies();
    let session = cookies.split_once('=').expect("a cookie").1.to_owned();
    let tokens = world.get("/api-tokens").await;

    for secret in [&revoked, &session] {
        for path in [
            "/api/v1/tickets",
            "/api/v1/tickets?search=printer",
            &format!("/api/v1/tickets?organization_id={}", msp.organization),
            "/api/v1/end-users",
            "/metrics",
        ] {
            let get = world.client.get(format!("{}{path}", world.origin)).bearer_auth(secret);
            let answer = get.header("cookie", &cookies).send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
            assert!(!answer.text().await.expect("text").contains("Printer"));
        }
        let token = json!({"name": "mine", "role": "read_only"});
        let post = world.client.post(format!("{}/api/v1/api-tokens", world.origin)).bearer_auth(secret).json(&token);
        assert_eq!(post.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
    }
    let form = [("name", "mine"), ("role", "read_only")];
    let console = visitor.browser.post("/console/settings/api-tokens", &form).await;
    assert_eq!((console.status, console.location().as_str()), (StatusCode::SEE_OTHER, "/users/sign_in"));
    assert_eq!(world.get("/api-tokens").await, tokens);
    let enrollment = world.get("/enrollment-tokens").await["items"][0]["id"].as_str().expect("an id").to_owned();
    world.done(Method::POST, &format!("/enrollment-tokens/{enrollment}/revoke"), json!({})).await;
    assert_eq!(ask_to_enroll(world, &msp.enrollment_token).await.status(), StatusCode::UNAUTHORIZED);
}

/// S13: an address with a line break is refused wherever one is typed, and no name keeps one.
#[tokio::test]
async fn nothing_that_is_typed_brings_a_line_break_into_an_address_or_a_name() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let organization = &msp.organization;
    for wrong in
        ["a@b.example\r\nBcc: x@y.example", "a@b.example\nx", "a\r@b.example", "a@b.example\u{0}", "a@b\u{85}.example"]
    {
        for (method, path, body) in [
            (Method::POST, "/end-users", json!({"organization_id": organization, "name": "x", "email": wrong})),
            (Method::POST, "/staff", json!({"name": "x", "email": wrong, "role": "technician"})),
            (Method::POST, "/organizations", json!({"name": wrong.len().to_string(), "email": wrong})),
            (Method::PATCH, "/provider", json!({"support_email": wrong})),
            (Method::PUT, "/ticket-forwarding", json!({"address": wrong})),
        ] {
            let (status, problem) = world.api(method, path, Some(body)).await;
            assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {wrong:?}: {problem}");
        }
    }
    for typed in ["Jane\r\nBcc: x@y.example", "Jane\nDoe", "Ja\u{85}ne"] {
        for (path, body) in [
            ("/end-users", json!({"organization_id": organization, "name": typed})),
            ("/organizations", json!({"name": typed})),
            ("/folders", json!({"organization_id": organization, "name": typed})),
            ("/staff", json!({"name": typed, "email": format!("{}@msp.example", typed.len()), "role": "technician"})),
            ("/portal-users", json!({"organization_id": organization, "sign_in_name": typed})),
            ("/enrollment-tokens", json!({"organization_id": organization, "name": typed})),
            ("/api-tokens", json!({"name": typed, "role": "read_only"})),
        ] {
            let (status, answer) = world.api(Method::POST, path, Some(body)).await;
            let kept =
                [&answer["name"], &answer["sign_in_name"]].into_iter().filter_map(Value::as_str).collect::<String>();
            let is_line = status.is_success() && !kept.is_empty() && !kept.contains(char::is_control);
            assert!(is_line || status == StatusCode::UNPROCESSABLE_ENTITY, "{path} {typed:?}: {status} {kept:?}");
        }
    }
}
