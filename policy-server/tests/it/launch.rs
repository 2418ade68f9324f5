use std::time::Duration;

use deskbell_protocol::Refusal;
use deskbell_server::clock::ManualClock;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::{Msp, policy_json},
};

const HOUR: Duration = Duration::from_hours(1);

/// AGT-10, invariant 14, S23: the first GET sets the cookie and redirects; the address has no code any more.
#[tokio::test]
async fn a_click_opens_the_form_and_leaves_no_code_in_the_address() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);

    let first = browser.get(&agent.click().await).await;

    assert_eq!((first.status, first.location().as_str()), (StatusCode::SEE_OTHER, FORM));
    let cookie = first.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-asset-"), "{cookie}");
    for attribute in ["Secure", "HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.split("; ").any(|part| part == attribute), "{attribute} is missing: {cookie}");
    }
    let form = browser.get(FORM).await;
    assert_eq!(form.status, StatusCode::OK);
    assert_eq!(form.text(".who"), "Reporting as Jane Doe for PC-042");
    assert_eq!(form.headers["cache-control"], "no-store");
}

/// AGT-10: the same code with that cookie leads to the form again; without it, it is used up.
#[tokio::test]
async fn a_code_belongs_to_the_first_browser() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let (mine, other) = (Browser::new(&msp.world), Browser::new(&msp.world));
    let click = agent.click().await;

    assert_eq!(mine.open(&click).await.status, StatusCode::OK);
    assert_eq!(mine.open(&click).await.status, StatusCode::OK);
    assert!(other.get(&click).await.is_again());
    assert_eq!(other.get(FORM).await.status, StatusCode::FORBIDDEN);
}

/// AGT-10: twenty browsers at once, and one session comes of it.
#[tokio::test(flavor = "multi_thread")]
async fn only_one_of_many_browsers_at_once_gets_the_session() {
    let msp = Msp::start(DATABASE).await;
    let click = Agent::of_jane(&msp).await.click().await;
    let browsers: Vec<_> = (0..20).map(|_| Browser::new(&msp.world)).collect();

    let pages = futures_util::future::join_all(browsers.iter().map(|browser| browser.get(&click))).await;

    let through = pages.iter().filter(|page| page.status == StatusCode::SEE_OTHER).count();
    let again = pages.iter().filter(|page| page.is_again()).count();
    assert_eq!((through, again), (1, 19));
}

/// AGT-10, invariant 14: 60 seconds, and every unusable code has the same friendly page.
#[tokio::test]
async fn late_forged_and_unreadable_codes_get_the_friendly_page() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let late = agent.click().await;
    let in_time = agent.click().await;
    msp.world.clock.advance(Duration::from_millis(59_999));
    assert_eq!(browser.get(&in_time).await.status, StatusCode::SEE_OTHER);
    msp.world.clock.advance(Duration::from_millis(1));
    let forged = format!("/launch/{}", "A".repeat(43));
    for path in [&late, &in_time, &forged, "/launch/x", "/launch/%00", "/launch/%25%25"] {
        let page = browser.get(path).await;
        assert!(page.is_again(), "{path}: {} {}", page.status, page.html);
        assert!(page.html.contains("+1 555 0100"), "{path} says whom to ask");
        assert!(page.headers.get("set-cookie").is_none(), "{path}");
    }
}

/// AGT-10: what looks at links, such as a chat's preview, asks with HEAD and uses nothing up.
#[tokio::test]
async fn a_head_request_does_not_use_a_code_up() {
    let msp = Msp::start(DATABASE).await;
    let click = Agent::of_jane(&msp).await.click().await;
    let head = msp.world.client.head(format!("{}{click}", msp.world.origin)).send().await.expect("an answer");
    assert_eq!(head.status(), StatusCode::METHOD_NOT_ALLOWED);
    assert_eq!(Browser::new(&msp.world).open(&click).await.status, StatusCode::OK);
}

/// S6, S23: what is stored opens nothing.
#[tokio::test]
async fn the_database_knows_codes_and_tokens_by_their_hashes_only() {
    let msp = Msp::start(DATABASE).await;
    let click = Agent::of_jane(&msp).await.click().await;
    let code = click.trim_start_matches("/launch/");
    let first = Browser::new(&msp.world).get(&click).await;
    let cookie =
        first.headers["set-cookie"].to_str().expect("text").split(['=', ';']).nth(1).expect("a value").to_owned();
    let stored = msp.world.stored();
    for secret in [code, &cookie, &msp.enrollment_token] {
        assert!(!stored.windows(secret.len()).any(|window| window == secret.as_bytes()), "a secret is stored");
    }
    let hash = deskbell_server::secrets::sha256(code.as_bytes());
    assert!(stored.windows(hash.len()).any(|window| window == hash.as_bytes()), "the database was not found");
}

/// SYN-52: two quick clicks are two tabs that both work.
#[tokio::test]
async fn two_quick_clicks_are_two_working_tabs() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let (one, two) = (agent.click().await, agent.click().await);
    let (first_tab, second_tab) = (browser.open(&one).await, browser.open(&two).await);

    for tab in [&first_tab, &second_tab] {
        let sent = browser.send_form(tab, &[("description", "Help"), ("urgency", "low")]).await;
        assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    }
    assert_eq!(msp.world.get("/tickets").await["items"].as_array().expect("a list").len(), 2);
}

/// AGT-10, invariant 6: after another assignment, the session that the click made is over.
#[tokio::test]
async fn a_changed_assignment_ends_the_session_at_once() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let joe = json!({"organization_id": msp.organization, "name": "Joe"});
    let joe = msp.world.made("/end-users", joe).await;
    agent.assign(&joe).await;

    assert!(browser.get(FORM).await.is_again());
    assert!(browser.send_form(&form, &[("description", "Help")]).await.is_again());
    agent.assign(&msp.jane).await;
    assert!(browser.get(FORM).await.is_again(), "Jane's second assignment is another one");
    assert_eq!(msp.world.get("/tickets").await["items"], json!([]));
}

/// Invariant 6: an entry that the MSP takes off the menu takes its sessions along.
#[tokio::test]
async fn a_session_ends_with_its_menu_entry() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    browser.open(&agent.click().await).await;
    let mut without = policy_json("Standard", "x");
    without["menu"]["entries"] = json!([{"id": "other", "type": "portal", "label": {"text": "Other"}}]);
    msp.world.done(Method::PUT, &format!("/policies/{}", msp.policy), without).await;

    assert!(browser.get(FORM).await.is_again());
    assert_eq!(agent.ask_to_launch("portal").await.status(), StatusCode::NOT_FOUND);
    assert_eq!(agent.ask_to_launch("other").await.status(), StatusCode::OK);
}

/// AGT-10: two idle hours, or twelve in all.
#[tokio::test]
async fn a_session_ends_after_two_idle_hours_or_twelve_in_all() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let (idle, busy) = (Browser::new(&msp.world), Browser::new(&msp.world));
    idle.open(&agent.click().await).await;
    busy.open(&agent.click().await).await;
    for hour in 1..=12 {
        msp.world.clock.advance(HOUR);
        assert_eq!(busy.get(FORM).await.status, StatusCode::OK, "hour {hour}");
    }
    msp.world.clock.advance(Duration::from_millis(1));
    assert!(busy.get(FORM).await.is_again());
    assert!(idle.get(FORM).await.is_again());

    idle.open(&agent.click().await).await;
    msp.world.clock.advance(2 * HOUR);
    assert_eq!(idle.get(FORM).await.status, StatusCode::OK);
    msp.world.clock.advance(2 * HOUR + Duration::from_millis(1));
    assert!(idle.get(FORM).await.is_again());
}

/// AGT-10: what was typed survives the session's end: shown at once, and in the next form of the same person.
#[tokio::test]
async fn what_was_typed_survives_the_end_of_the_session() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    msp.world.clock.advance(3 * HOUR);

    let again =
        browser.send_form(&form, &[("description", "A long <story>"), ("urgency", "high"), ("phone", "7")]).await;
    assert!(again.status == StatusCode::GONE && again.text("textarea") == "A long <story>", "{}", again.html);

    let next = browser.open(&agent.click().await).await;
    assert_eq!((next.text("textarea").as_str(), next.value("#phone").as_str()), ("A long <story>", "7"));
    assert!(next.has("input[value=high][checked]"));
    let sent = browser.send_form(&next, &[("description", "A long <story>")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get(FORM).await.text("textarea"), "", "sent is done with");

    let stranger = Browser::new(&msp.world).open(&agent.click().await).await;
    assert_eq!(stranger.text("textarea"), "", "another browser gets nothing of it");
}

async fn refused(msp: &Msp, agent: &Agent<'_>, refusal: Refusal, words: &str) {
    assert_eq!(agent.launch().await.refusal, Some(refusal));
    let browser = Browser::new(&msp.world);
    let page = browser.open(&agent.click().await).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(!page.has("main form") && page.html.contains(words), "{}", page.html);
    assert!(
        page.has("a[href='tel:+15550100']") && page.has("a[href='mailto:help@northwind.example']"),
        "says whom to ask"
    );
    assert_eq!(browser.post(FORM, &[("description", "x")]).await.status, StatusCode::FORBIDDEN);
    let events = msp.world.get(&format!("/assets/{}/events?limit=200", agent.asset)).await;
    let told = |event: &Value| event["kind"] == "launch_refused" && event["detail"] == refusal.as_str();
    assert!(events["items"].as_array().expect("a list").iter().any(told), "{events}");
    assert_eq!(msp.world.get(&format!("/assets/{}", agent.asset)).await["portal_refusal"], refusal.as_str());
}

/// SYN-41, SYN-42, AGT-20: each reason has its page, its event for staff, and is mended without touching the agent.
#[tokio::test]
async fn each_refusal_is_explained_and_told_to_staff() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    refused(&msp, &agent, Refusal::NoEndUser, "Nobody is assigned to the computer PC-042").await;

    let joe = world.made("/end-users", json!({"organization_id": msp.organization, "name": "Joe Roe"})).await;
    agent.assign(&joe).await;
    refused(&msp, &agent, Refusal::NotAPortalUser, "Joe Roe does not have access").await;

    agent.assign(&msp.jane).await;
    let jane = format!("/portal-users/{}", msp.portal_user);
    world.done(Method::PATCH, &jane, json!({"state": "deactivated"})).await;
    refused(&msp, &agent, Refusal::Deactivated, "access of Jane Doe has been switched off").await;
    world.done(Method::PATCH, &jane, json!({"state": "enabled"})).await;

    let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": false})).await;
    refused(&msp, &agent, Refusal::PortalNotPublished, "is not open yet").await;
    world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": true})).await;

    assert_eq!(agent.launch().await.refusal, None);
    assert_eq!(Browser::new(world).open(&agent.click().await).await.status, StatusCode::OK);
}

/// AGT-20, invariants 6 and 10: a session that was good is refused at its next request.
#[tokio::test]
async fn deactivation_and_retirement_reach_open_sessions_at_their_next_request() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let jane = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &jane, json!({"state": "deactivated"})).await;
    assert_eq!(browser.send_form(&form, &[("description", "x")]).await.status, StatusCode::FORBIDDEN);
    msp.world.done(Method::PATCH, &jane, json!({"state": "enabled"})).await;
    assert_eq!(browser.get(FORM).await.status, StatusCode::OK);

    let late = agent.click().await;
    msp.world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;
    let page = browser.get(FORM).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.html.contains("no longer looked after"), "{}", page.html);
    assert_eq!(Browser::new(&msp.world).open(&late).await.status, StatusCode::FORBIDDEN);
}

/// A clock that jumps a day forward or back ends sessions and codes of before, and the next click works.
#[tokio::test]
async fn a_clock_that_jumps_ends_sessions_and_codes_and_the_next_click_works() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let day = Duration::from_hours(24);
    for jump in [|clock: &ManualClock, by| clock.advance(by), |clock: &ManualClock, by| clock.set_back(by)] {
        let (browser, code) = (Browser::new(&msp.world), agent.click().await);
        let form = browser.open(&agent.click().await).await;

        jump(&msp.world.clock, day);

        assert!(Browser::new(&msp.world).get(&code).await.is_again());
        assert!(browser.send_form(&form, &[("description", "Kept")]).await.is_again());
        let form = browser.open(&agent.click().await).await;
        assert_eq!(form.text("#description"), "Kept");
        assert_eq!(browser.send_form(&form, &[("description", "Kept")]).await.status, StatusCode::SEE_OTHER);
    }
}
