//! The link with which an organization without portal users comes into the portal, and the staff's view of it.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, Page},
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::{Msp, World},
};

/// An organization without portal users.
async fn organization(msp: &Msp, name: &str) -> String {
    msp.world.made("/organizations", json!({"name": name, "email": "office@example.com"})).await
}

async fn link(msp: &Msp, organization: &str) -> Option<String> {
    let answer = msp.world.get(&format!("/organizations/{organization}/portal-link")).await;
    let url = answer["url"].as_str()?;
    Some(url.strip_prefix(&msp.world.origin).expect("our own").to_owned())
}

async fn switch(msp: &Msp, organization: &str, enabled: bool) -> (StatusCode, Value) {
    let path = format!("/organizations/{organization}/portal-link");
    msp.world.api(Method::PUT, &path, Some(json!({"enabled": enabled}))).await
}

async fn portal_user(msp: &Msp, organization: &str, name: &str) -> String {
    msp.world.made("/portal-users", json!({"organization_id": organization, "sign_in_name": name})).await
}

fn leads_to(page: &Page, path: &str) {
    assert_eq!((page.status, page.location().as_str()), (StatusCode::SEE_OTHER, path), "{}", page.html);
}

/// Who is in the portal, by its own pages.
async fn who(browser: &Browser<'_>) -> String {
    browser.get(HOME).await.texts("nav bdi").pop().expect("somebody")
}

async fn actions(msp: &Msp, organization: &str) -> Vec<String> {
    let records = msp.world.get(&format!("/audit-records?subject_id={organization}")).await;
    let records = records["items"].as_array().expect("a list").iter();
    records.map(|record| record["action"].as_str().expect("text").to_owned()).collect()
}

/// RS-05, decision C7, S7: the link opens a session that can send a ticket, sees no other, and has no account; it is shown on the
/// organization's page, has 256 bits, and stands nowhere in the database.
#[tokio::test]
async fn the_link_of_an_organization_lets_in_to_send_and_no_more_rs_05() {
    let msp = Msp::start(DATABASE).await;
    let fabrikam = organization(&msp, "Fabrikam").await;
    let link = link(&msp, &fabrikam).await.expect("on from the start");
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let shown = kim.get(&format!("/console/organizations/{fabrikam}")).await;
    assert_eq!(shown.text("#portal-link"), format!("{}{link}", msp.world.origin));
    let secret = link.split_once('-').expect("two parts").1;
    assert_eq!(secret.len(), 43, "256 bits in base64url: {link}");
    let stored = String::from_utf8_lossy(&msp.world.stored()).into_owned();
    assert!(!stored.contains(secret));

    let browser = Browser::new(&msp.world);
    leads_to(&browser.get(&link).await, HOME);
    leads_to(&browser.get(&link).await, HOME);
    let home = browser.get(HOME).await;
    assert!(home.text("nav").contains("Fabrikam") && !home.has(".tickets") && !home.has("a[href='/my_profile']"));
    leads_to(&browser.get("/my_profile").await, SIGN_IN);
    let form = browser.get("/my_profile/v2/new_ticket").await;
    let path = "/my_profile/v2/new_ticket";
    let nameless = browser.send_form_to(path, &form, &[("description", "Printer on fire")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(nameless.text("#unverified-name-error"), "Please write your name.");
    let fields = [("description", "Printer on fire"), ("unverified_name", "Sam"), ("unverified_email", "no address")];
    assert!(browser.send_form_to(path, &form, &fields).await.has("#unverified-email-error"));
    let fields =
        [("description", "Printer on fire"), ("unverified_name", "Sam"), ("unverified_email", "sam@f.example")];
    let sent = browser.send_form_to(path, &form, &fields).await;
    let again = browser.send_form_to(path, &form, &fields).await;
    assert_eq!(sent.location(), again.location(), "invariant 21");
    let tickets = msp.world.get("/tickets").await;
    let [ticket] = &tickets["items"].as_array().expect("a list")[..] else { panic!("one ticket: {tickets}") };
    assert_eq!((&ticket["organization_id"], &ticket["source"]), (&json!(fabrikam), &json!("portal")));
    assert_eq!((&ticket["requester_id"], &ticket["asset_id"]), (&json!(null), &json!(null)));
    assert_eq!((&ticket["unverified_name"], &ticket["unverified_email"]), (&json!("Sam"), &json!("sam@f.example")));
    let home = browser.get(&sent.location()).await;
    assert!(home.text(".notice").contains(&ticket["number"].to_string()), "{}", home.html);
    let id = ticket["id"].as_str().expect("an id");
    let denied = browser.get(&format!("/my_profile/v2/tickets/{id}")).await;
    assert_eq!(denied.status, StatusCode::FORBIDDEN);

    let page = kim.get(&format!("/console/tickets/{id}")).await;
    assert!(
        page.html.contains("Sam") && page.html.contains("sam@f.example") && page.html.contains("about no computer")
    );
    let everything = json!({"permissions": ["portal.access", "ticket.create", "ticket.view"]});
    msp.world.done(Method::PATCH, "/portal-groups/no_portal_user", everything).await;
    assert_eq!(browser.get(&format!("/my_profile/v2/tickets/{id}")).await.status, StatusCode::OK, "one switch away");
    msp.world.done(Method::PATCH, &format!("/tickets/{id}"), json!({"confidential": true})).await;
    assert_eq!(browser.get(&format!("/my_profile/v2/tickets/{id}")).await.status, StatusCode::NOT_FOUND);
    let (_, looker) = member(&msp.world, "looker@msp.example", "read_only").await;
    let page = looker.get(&format!("/console/organizations/{fabrikam}")).await;
    assert!(page.html.contains("whoever has its link comes in") && !page.html.contains(secret), "{}", page.html);
    let looks = msp.world.done(Method::POST, "/api-tokens", json!({"name": "looks", "role": "read_only"})).await;
    let url = format!("{}/api/v1/organizations/{fabrikam}/portal-link", msp.world.origin);
    let asked = msp.world.client.get(url).bearer_auth(looks["token"].as_str().expect("a token"));
    let answer: Value = asked.send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(answer, json!({"enabled": true, "url": null}));
    msp.world.clock.advance(Duration::from_hours(12));
    leads_to(&browser.get(HOME).await, SIGN_IN);

    let gone = organization(&msp, "Gone").await;
    browser.get(&self::link(&msp, &gone).await.expect("on")).await;
    msp.world.done(Method::DELETE, &format!("/organizations/{gone}"), json!({})).await;
}

/// RS-06, RS-07, SYN-49, invariants 4 and 5: the first portal user, by whichever way, ends the link and whoever came by it; the
/// last one's end does not bring it back, and what staff switch on then is another one.
#[tokio::test]
async fn the_link_dies_with_the_first_portal_user_and_does_not_revive_rs_07() {
    let msp = Msp::start(DATABASE).await;
    let fabrikam = organization(&msp, "Fabrikam").await;
    let first = link(&msp, &fabrikam).await.expect("on");
    let browser = Browser::new(&msp.world);
    browser.get(&first).await;
    assert_eq!(who(&browser).await, "Fabrikam");
    let boss = portal_user(&msp, &fabrikam, "boss").await;
    assert_eq!(link(&msp, &fabrikam).await, None);
    leads_to(&browser.get(HOME).await, SIGN_IN);
    leads_to(&browser.get(&first).await, SIGN_IN);
    assert_eq!(switch(&msp, &fabrikam, true).await.0, StatusCode::CONFLICT, "there is a portal user");

    let state = |state: &str| json!({"state": state});
    let path = format!("/portal-users/{boss}");
    msp.world.done(Method::PATCH, &path, state("deactivated")).await;
    assert_eq!(link(&msp, &fabrikam).await, None, "it does not revive by itself");
    leads_to(&browser.get(&first).await, SIGN_IN);
    assert_eq!(switch(&msp, &fabrikam, true).await.0, StatusCode::OK);
    let second = link(&msp, &fabrikam).await.expect("on again");
    assert_ne!(first, second);
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE);
    leads_to(&browser.get(&second).await, HOME);
    assert_eq!(who(&browser).await, "Fabrikam");
    msp.world.done(Method::PATCH, &path, state("enabled")).await;
    leads_to(&browser.get(HOME).await, SIGN_IN);
    leads_to(&browser.get(&second).await, SIGN_IN);

    // By the other ways in which end users become portal users.
    for way in ["one", "of-an-asset"] {
        let adatum = organization(&msp, way).await;
        let link = link(&msp, &adatum).await.expect("on");
        let browser = Browser::new(&msp.world);
        browser.get(&link).await;
        let lee = msp.world.made("/end-users", json!({"organization_id": adatum, "name": "Lee"})).await;
        assert_eq!(who(&browser).await, way, "an end user is no portal user");
        if way == "of-an-asset" {
            let token = json!({"organization_id": adatum, "name": "roll-out"});
            let token = msp.world.done(Method::POST, "/enrollment-tokens", token).await;
            let agent = Agent::enroll(&msp.world, token["token"].as_str().expect("a token")).await;
            agent.assign(&lee).await;
            msp.world.done(Method::POST, &format!("/organizations/{adatum}/enable-for-tray"), json!({})).await;
        } else {
            msp.world.done(Method::POST, &format!("/end-users/{lee}/enable-for-tray"), json!({})).await;
        }
        leads_to(&browser.get(HOME).await, SIGN_IN);
    }
    assert_eq!(switch(&msp, &msp.organization, false).await.0, StatusCode::OK);
    for (id, made_up) in [(&fabrikam, "x"), (&msp.organization, "y")] {
        let forged = format!("/my_profile/link/{}-{}", id.replace('-', ""), made_up.repeat(43));
        assert_eq!(browser.get(&forged).await.status, StatusCode::GONE);
    }
    assert_eq!(browser.get("/my_profile/link/nonsense").await.status, StatusCode::GONE);
}

/// RS-11, RS-12, decision C4: another organization's link asks once, then the first session is dead and both are in the audit
/// log; a portal user's session is left the same way. Fifty in a row, with two actions each.
#[tokio::test]
async fn another_organizations_link_asks_once_and_ends_the_session_before_rs_12() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let mut before: Option<String> = None;
    for n in 0..50 {
        let name = format!("Customer {n}");
        let id = organization(&msp, &name).await;
        let link = link(&msp, &id).await.expect("on");
        let page = browser.get(&link).await;
        if let Some(before) = &before {
            assert_eq!((page.status, page.text("h1")), (StatusCode::OK, format!("Switch to {name}")), "{}", page.html);
            assert_eq!(&who(&browser).await, before, "looking switches nothing");
            let cookies = browser.cookies();
            leads_to(&browser.post(&page.attribute("main form", "action"), &[]).await, HOME);
            let request = msp.world.client.get(format!("{}{HOME}", msp.world.origin)).header("cookie", cookies);
            let stale = Browser::new(&msp.world).send(request).await;
            leads_to(&stale, SIGN_IN);
        } else {
            leads_to(&page, HOME);
        }
        assert_eq!(who(&browser).await, name);
        assert_eq!(actions(&msp, &id).await[0], "organization_link_used");
        before = Some(name);
    }
    let first = msp.world.get("/organizations?name=Customer%200").await["items"][0]["id"].clone();
    let left = actions(&msp, first.as_str().expect("an id")).await;
    assert!(left.contains(&"organization_link_left".to_owned()), "{left:?}");

    let password = json!({"password": PASSWORD});
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), password).await;
    let jane = Browser::new(&msp.world);
    leads_to(&jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await, HOME);
    let link = link(&msp, first.as_str().expect("an id")).await.expect("on");
    let page = jane.get(&link).await;
    let foreign = msp.world.client.post(format!("{}{link}", msp.world.origin)).header("origin", "https://evil.example");
    assert_eq!(jane.send(foreign).await.status, StatusCode::FORBIDDEN, "no session is planted");
    assert_eq!(who(&jane).await, "jane");
    jane.post(&page.attribute("main form", "action"), &[]).await;
    assert_eq!(who(&jane).await, "Customer 0");
    let signed_out = actions(&msp, &msp.portal_user).await;
    assert_eq!(signed_out[0], "portal_user_signed_out", "{signed_out:?}");
}

/// SYN-46, SYN-47: where the portal has a host of its own, staff come there with a code that works once, there alone, within a
/// minute, and that is no cookie.
#[tokio::test]
async fn staff_see_a_portal_at_a_host_of_its_own_syn_46() {
    let world = World::configured(DATABASE, |config| config.base_domain = "localhost".into()).await;
    let msp = Msp::of(world).await;
    let world = &msp.world;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let mut places = Vec::new();
    for name in ["acme", "other"] {
        let portal = world.made("/portals", json!({"name": name, "prefix": name})).await;
        world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": true})).await;
        places.push((portal, world.origin.replace("//localhost", &format!("//{name}.localhost"))));
    }
    let (portal, place) = &places[0];
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam", "email": "o@f.example"})).await;
    world.done(Method::PATCH, &format!("/organizations/{fabrikam}"), json!({"portal_id": portal})).await;
    let view = format!("/console/organizations/{fabrikam}/view-portal");
    let handed = async || {
        let page = kim.post(&view, &[]).await;
        let url = page.attribute("main a.button", "href");
        assert_eq!(page.attribute("meta[http-equiv=refresh]", "content"), format!("0;url={url}"));
        url.strip_prefix(place).expect("at the portal's host").to_owned()
    };
    let at = |place: &str| Browser::at(world, place.split("//").nth(1).expect("a host"));
    let there = at(place);
    let code = handed().await;
    assert_eq!(kim.get(&code).await.status, StatusCode::GONE, "at the console's host");
    assert_eq!(at(&places[1].1).get(&code).await.status, StatusCode::GONE, "at another portal's");
    let secret = code.rsplit('/').next().expect("a code").to_owned();
    let host = place.split("//").nth(1).expect("a host");
    let home = world.client.get(format!("{}{HOME}", world.origin)).header("host", host);
    let asked = home.header("cookie", format!("__Host-portal-{portal}={secret}")).send().await.expect("an answer");
    assert_eq!(asked.headers()["location"], SIGN_IN, "a code is no cookie");
    leads_to(&there.get(&code).await, HOME);
    assert!(there.get(HOME).await.text("[role=status]").starts_with("Staff view: this is what Fabrikam sees"));
    assert_eq!(at(place).get(&code).await.status, StatusCode::GONE, "a second time");
    let late = handed().await;
    world.clock.advance(Duration::from_secs(61));
    assert_eq!(at(place).get(&late).await.status, StatusCode::GONE, "a minute later");
    assert_eq!(there.get(HOME).await.status, StatusCode::OK);

    world.made("/portal-users", json!({"organization_id": fabrikam, "sign_in_name": "max"})).await;
    assert_eq!(kim.post(&view, &[]).await.attribute("main a.button", "href"), format!("{place}{SIGN_IN}"));
    assert_eq!(there.get(HOME).await.location(), SIGN_IN);
}

/// SYN-45, SYN-46, SYN-47, SYN-48, RS-10: with an address, staff open the portal as the organization sees it, for twelve hours, under a banner
/// and in the audit log, and send nothing; with portal users they come to the sign-in, and no session is made.
#[tokio::test]
async fn staff_see_the_portal_as_an_organization_does_syn_46() {
    let msp = Msp::start(DATABASE).await;
    let fabrikam = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let (kim_id, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let page = format!("/console/organizations/{fabrikam}");
    let view = format!("{page}/view-portal");
    let button = format!("form[action='{view}']");
    assert!(!kim.get(&page).await.has(&button), "without an address");
    msp.world.done(Method::PATCH, &format!("/organizations/{fabrikam}"), json!({"email": "o@f.example"})).await;
    assert!(kim.get(&page).await.has(&button));

    leads_to(&kim.post(&view, &[]).await, HOME);
    let seen = kim.get(HOME).await;
    assert!(seen.text("[role=status]").starts_with("Staff view: this is what Fabrikam sees"), "{}", seen.html);
    let visitor = Browser::new(&msp.world);
    visitor.get(&link(&msp, &fabrikam).await.expect("on")).await;
    let theirs = visitor.get(HOME).await.html;
    let banner = seen.html.lines().find(|line| line.contains("Staff view")).expect("the banner");
    assert_eq!(seen.html.replace(&format!("{banner}\n"), ""), theirs, "what the organization sees");
    let form = kim.get("/my_profile/v2/new_ticket").await;
    let fields = [("description", "x"), ("unverified_name", "Kim")];
    let sent = kim.send_form_to("/my_profile/v2/new_ticket", &form, &fields).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert_eq!(msp.world.get("/tickets").await["items"], json!([]));
    let record = &msp.world.get(&format!("/audit-records?subject_id={fabrikam}")).await["items"];
    let record = record.as_array().expect("a list").iter().find(|r| r["action"] == "portal_viewed_as_organization");
    assert_eq!(record.expect("a record")["actor_id"], json!(kim_id));
    msp.world.clock.advance(Duration::from_hours(11));
    assert_eq!(kim.get(HOME).await.status, StatusCode::OK, "RS-10");
    assert!(
        kim.post("/my_profile/sign_out", &[]).await.location() == SIGN_IN && kim.get(HOME).await.location() == SIGN_IN
    );

    for (email, change) in
        [("ann@msp.example", json!({"role": "read_only"})), ("sam@msp.example", json!({"deactivated": true}))]
    {
        let (id, browser) = member(&msp.world, email, "technician").await;
        leads_to(&browser.post(&view, &[]).await, HOME);
        assert_eq!(browser.get(HOME).await.status, StatusCode::OK);
        msp.world.done(Method::PATCH, &format!("/staff/{id}"), change).await;
        leads_to(&browser.get(HOME).await, SIGN_IN);
    }
    let (_, leaves) = member(&msp.world, "leaves@msp.example", "technician").await;
    leads_to(&leaves.post(&view, &[]).await, HOME);
    leaves.post("/console/sign-out", &[]).await;
    leads_to(&leaves.get(HOME).await, SIGN_IN);

    portal_user(&msp, &fabrikam, "boss").await;
    let (_, lee) = member(&msp.world, "lee@msp.example", "technician").await;
    let before = lee.cookies();
    leads_to(&lee.post(&view, &[]).await, SIGN_IN);
    leads_to(&lee.get(HOME).await, SIGN_IN);
    assert_eq!(lee.cookies(), before, "no session is made");
}

/// SYN-39: with portal access off there is nothing but the tray's form, and every other page says where to go.
#[tokio::test]
async fn without_portal_access_there_is_only_the_trays_form_syn_39() {
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let jane = Browser::new(&msp.world);
    leads_to(&jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await, HOME);
    let fabrikam = organization(&msp, "Fabrikam").await;
    let link = link(&msp, &fabrikam).await.expect("on");
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let settings = format!("/console/portals/{}/switches", msp.portal().await);
    boss.post(&settings, &[("access", "false")]).await;
    for path in [HOME, "/my_profile", SIGN_IN, "/my_profile/v2/new_ticket", "/my_profile/sign_up", &link] {
        for browser in [&jane, &Browser::new(&msp.world)] {
            let page = browser.get(path).await;
            assert_eq!(page.status, StatusCode::FORBIDDEN, "{path}");
            assert!(page.text("main p").contains("tray icon"), "{path}: {}", page.html);
        }
    }
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let sent = browser.send_form(&form, &[("description", "Printer on fire")]).await;
    assert_eq!(browser.get(&sent.location()).await.status, StatusCode::OK, "the tray's form works end to end");
    boss.post(&settings, &[("access", "true")]).await;
    assert_eq!(jane.get(HOME).await.status, StatusCode::OK);
}
