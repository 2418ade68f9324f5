//! The console's pages of assets, organizations and end users, without scripts.

use deskbell_protocol::{InstanceId, Refusal};
use reqwest::{Method, StatusCode};
use serde_json::json;

use super::DATABASE;
use crate::{
    agents::{Agent, ask_to_enroll, facts},
    staff_members::member,
    world::{Msp, World},
};

/// SYN-43: staff see which assets cannot open the form and why, and repair many at once; what they see is what a click
/// does. Nobody gets mail, and whoever was shut out stays shut out.
#[tokio::test]
async fn assets_that_cannot_open_the_form_are_named_with_the_reason_and_repaired_at_once() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let mut agents = Vec::new();
    for (name, email) in [("Lee", Some("lee@contoso.example")), ("Lee", Some("lee@contoso.example")), ("Ann", None)] {
        let new = json!({"organization_id": msp.organization, "name": name, "email": email});
        let person = world.made("/end-users", new).await;
        let agent = Agent::enroll(world, &msp.enrollment_token).await;
        let assign = json!({"end_user_id": person});
        world.done(Method::PUT, &format!("/assets/{}/assignment", agent.asset), assign).await;
        agents.push(agent);
    }
    let jane = Agent::of_jane(&msp).await;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "deactivated"})).await;
    let nobody = Agent::enroll(world, &msp.enrollment_token).await;

    let page = kim.get(&format!("/console/organizations/{}", msp.organization)).await;
    let reasons: Vec<_> =
        page.texts("#ready-heading ~ dl > div").into_iter().map(|text| text.replace('\n', " ")).collect();
    for expected in [
        ("The end user is no portal user", "3"),
        ("The portal user is deactivated", "1"),
        ("No end user is assigned", "1"),
    ] {
        assert!(reasons.iter().any(|line| line.contains(expected.0) && line.contains(expected.1)), "{reasons:?}");
    }
    let list = kim.get("/console/assets?not_ready=yes").await;
    assert_eq!(list.texts("tbody tr").len(), 5);

    assert_eq!(page.text("form[action$='/enable'] button"), "Enable 3 end users for the tray, no mail");
    let done = kim.post(&format!("/console/organizations/{}/enable", msp.organization), &[]).await;
    assert_eq!(done.location(), format!("/console/organizations/{}?done=enabled", msp.organization));
    for agent in &agents {
        assert!(agent.launch().await.refusal.is_none());
    }
    assert_eq!(jane.launch().await.refusal, Some(Refusal::Deactivated));
    assert_eq!(nobody.launch().await.refusal, Some(Refusal::NoEndUser));
    assert_eq!(kim.get("/console/assets?not_ready=yes").await.texts("tbody tr").len(), 2);
    let overview = kim.get("/console").await;
    assert_eq!(overview.text("#portal-heading ~ dl .good"), "3");
}

#[tokio::test]
async fn an_asset_is_assigned_enabled_and_retired_from_its_page() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let path = format!("/console/assets/{}", agent.asset);
    let person = json!({"organization_id": msp.organization, "name": "<b>Lee</b>"});
    let person = msp.world.made("/end-users", person).await;

    assert!(kim.get(&path).await.html.contains("No end user is assigned"));
    kim.post(&format!("{path}/assignment"), &[("end_user_id", &person)]).await;
    let page = kim.get(&path).await;
    assert!(page.html.contains("The end user is no portal user") && !page.html.contains("<b>Lee</b>"));
    kim.post(&format!("{path}/enable"), &[]).await;
    assert!(agent.launch().await.refusal.is_none());
    let changed = kim.post(&path, &[("name", "PC-7"), ("folder_id", "")]).await;
    assert_eq!(changed.location(), format!("{path}?done=saved"));
    assert_eq!(kim.get(&format!("{path}?done=saved")).await.text("[role=status]"), "Saved.");
    let nameless = kim.post(&path, &[("name", " "), ("folder_id", "")]).await;
    assert_eq!(
        (nameless.status, nameless.text("#name-error").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "Must not be empty.")
    );
    kim.post(&format!("{path}/assignment"), &[("end_user_id", "")]).await;
    assert_eq!(agent.launch().await.refusal, Some(Refusal::NoEndUser));
    kim.post(&format!("{path}/retire"), &[]).await;
    assert!(kim.get(&path).await.html.contains("Retired"));
    assert!(!kim.get(&path).await.has("form[action$='/retire']"));
}

#[tokio::test]
async fn a_list_finds_what_was_typed_and_goes_on_to_what_is_older() {
    let world = World::start(DATABASE).await;
    let (_, lee) = member(&world, "lee@msp.example", "read_only").await;
    for n in 0..53 {
        world.made("/organizations", json!({"name": format!("Größe {n:02}")})).await;
    }
    world.made("/organizations", json!({"name": "50% & more"})).await;
    let names = |page: &crate::browsers::Page| page.texts("tbody td:first-child");
    let first = lee.get("/console/organizations").await;
    assert_eq!((names(&first).len(), names(&first)[0].as_str()), (50, "50% & more"));
    assert!(!first.has("form[method=post][action='/console/organizations']"), "read-only staff get no form");
    let older = first.attribute("nav.paging a", "href");
    let rest = lee.get(&older).await;
    assert_eq!(names(&rest), ["Größe 03", "Größe 02", "Größe 01", "Größe 00"]);
    assert_eq!(names(&lee.get("/console/organizations?words=GR%C3%96SSE").await).len(), 0, "ß is not ss");
    assert_eq!(names(&lee.get("/console/organizations?words=%20GR%C3%96%C3%9FE%20%2017").await), ["Größe 17"]);
    assert_eq!(names(&lee.get("/console/organizations?words=%25").await), ["50% & more"]);
}

/// AGT-11: a token made in the console is shown once and enrolls until it is revoked there.
#[tokio::test]
async fn an_enrollment_token_of_the_console_enrolls_until_it_is_revoked() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let path = format!("/console/organizations/{}/enrollment", msp.organization);
    let wrong = kim.post(&path, &[("name", "roll-out"), ("days", "soon"), ("uses", "2")]).await;
    assert_eq!(wrong.text("#days-error"), "Must be a number from 1 to 36500, or empty.");
    assert_eq!(wrong.value("#uses"), "2", "what was typed stays");
    let made = kim.post(&path, &[("name", "November"), ("days", "30"), ("uses", "")]).await;
    let token = made.value("#token");
    assert!(made.html.contains(&format!("--server {}", msp.world.origin)));
    assert_eq!(ask_to_enroll(&msp.world, &token).await.status(), StatusCode::CREATED);
    let list = kim.get(&path).await;
    assert!(!list.html.contains(&token));
    let revoke = list.attribute("form[action$='/revoke']", "action");
    for form in list.attributes("form[action$='/revoke']", "action") {
        kim.post(&form, &[]).await;
    }
    assert!(revoke.starts_with("/console/enrollment-tokens/"));
    assert_eq!(ask_to_enroll(&msp.world, &token).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_login_and_the_portal_user_are_set_on_the_page_of_an_end_user() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let path = format!("/console/end-users/{}", msp.jane);
    let wrong = kim.post(&format!("{path}/logins"), &[("login_name", "")]).await;
    assert!(wrong.has("#login_name-error"), "{}", wrong.html);
    kim.post(&format!("{path}/logins"), &[("login_name", "jdoe"), ("login_domain", ""), ("login_os_id", "")]).await;
    let page = kim.get(&path).await;
    assert!(page.texts("#logins-heading ~ .scroll td").contains(&"jdoe".into()));
    kim.post(&page.attribute("form[action$='/remove']", "action"), &[]).await;
    assert!(!kim.get(&path).await.has("form[action$='/remove']"));
    kim.post(&format!("{path}/portal-user"), &[("state", "deactivated")]).await;
    assert_eq!(msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await["state"], "deactivated");
    kim.post(&format!("{path}/portal-user"), &[("state", "enabled")]).await;
    assert_eq!(msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await["state"], "enabled");
}

#[tokio::test]
async fn the_msp_says_in_the_settings_how_it_is_reached() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    let fields = |phone: &'static str| [("name", "Northwind IT"), ("support_phone", phone), ("support_email", "")];
    let wrong = boss.post("/console/settings/provider", &fields("call me")).await;
    assert!(wrong.has("#support_phone-error"), "{}", wrong.html);
    boss.post("/console/settings/provider", &fields("+1 555 0100")).await;
    assert_eq!(world.get("/provider").await["support_phone"], "+1 555 0100");
    let made = boss.post("/console/settings/api-tokens", &[("name", "scripts"), ("role", "read_only")]).await;
    let token = made.value("#token");
    let ask = async || {
        let get = world.client.get(format!("{}/api/v1/provider", world.origin)).bearer_auth(&token);
        get.send().await.expect("an answer").status()
    };
    assert_eq!(ask().await, StatusCode::OK);
    let list = boss.get("/console/settings/api-tokens").await;
    for form in list.attributes("form[action$='/revoke']", "action") {
        boss.post(&form, &[]).await;
    }
    assert_eq!(ask().await, StatusCode::UNAUTHORIZED);
}

/// AGT-12: the page of a new asset proposes the one that it seems to be, and staff confirm or decline it there; two computers
/// with one identity are said at the asset.
#[tokio::test]
async fn what_a_computer_seems_to_be_is_confirmed_or_declined_on_its_page() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let old = Agent::of_jane(&msp).await;
    msp.world.done(Method::PATCH, &format!("/assets/{}", old.asset), json!({"name": "PC-1"})).await;
    let page = |agent: &Agent<'_>| format!("/console/assets/{}", agent.asset);
    let other = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let proposed = kim.get(&page(&other)).await;
    assert_eq!(proposed.text("#known-heading"), "Is this a computer that you know?");
    assert_eq!(proposed.text("#known-heading + p bdi"), "PC-1");
    kim.post(&proposed.attribute("form[action$='/take-over/decline']", "action"), &[]).await;
    assert!(!kim.get(&page(&other)).await.has("#known-heading"));
    msp.world.done(Method::POST, &format!("/assets/{}/retire", other.asset), json!({})).await;
    let new = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let proposed = kim.get(&page(&new)).await;
    kim.post(&proposed.attribute("form[action$='/take-over']", "action"), &[]).await;
    let taken = kim.get(&page(&new)).await;
    assert_eq!(taken.text("h1"), "PC-1");
    assert!(taken.texts("dd a bdi").contains(&"Jane Doe".into()), "{}", taken.html);
    assert!(kim.get(&page(&old)).await.html.contains("Retired"));

    for instance in [1_u64, 2, 1, 2, 1, 2, 1, 2, 1, 2] {
        let poll = new.poll(None, 0).header("deskbell-instance", InstanceId(instance).to_string());
        assert_eq!(poll.send().await.expect("an answer").status(), StatusCode::OK);
    }
    let marked = kim.get(&page(&new)).await;
    assert!(marked.text("p.error[role=status]").starts_with("Two computers use the identity"), "{}", marked.html);
}

/// AGT-20, AGT-08: a click that was refused is on the asset's page with its reason, as are the trays of its sessions.
#[tokio::test]
async fn the_page_of_an_asset_tells_of_refused_clicks_and_of_its_trays() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "read_only").await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let path = format!("/console/assets/{}", agent.asset);
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let lee = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Lee"})).await;
    let jane = format!("/portal-users/{}", msp.portal_user);
    for (reason, sentence) in [
        (Refusal::NoEndUser, "No end user is assigned"),
        (Refusal::NotAPortalUser, "The end user is no portal user"),
        (Refusal::Deactivated, "The portal user is deactivated"),
        (Refusal::PortalNotPublished, "The portal is not published"),
    ] {
        match reason {
            Refusal::NotAPortalUser => agent.assign(&lee).await,
            Refusal::Deactivated => {
                agent.assign(&msp.jane).await;
                msp.world.done(Method::PATCH, &jane, json!({"state": "deactivated"})).await;
            }
            Refusal::PortalNotPublished => {
                msp.world.done(Method::PATCH, &jane, json!({"state": "enabled"})).await;
                let unpublished = json!({"published": false});
                msp.world.done(Method::PATCH, &format!("/portals/{portal}"), unpublished).await;
            }
            Refusal::NoEndUser | Refusal::NotPermitted | Refusal::AssetRetired => {}
        }
        assert_eq!(agent.launch().await.refusal, Some(reason));
        let page = kim.get(&path).await;
        assert!(page.html.contains("Not ready:") && page.html.contains(sentence), "{sentence}: {}", page.html);
        let events = page.texts("#history-heading ~ .scroll:last-child tbody tr");
        assert!(events[0].contains(&reason.as_str().replace('_', " ")), "{sentence}: {events:?}");
    }
    let sessions: Vec<_> = ["visible", "overflow", "hidden", "no_tray_host", "stopped"]
        .into_iter()
        .map(|tray| json!({"os_user": {"name": tray, "id": tray}, "tray": tray}))
        .collect();
    let report = json!({"facts": facts(), "sessions": sessions});
    agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
    let trays = kim.get(&path).await.texts("dd > ul > li");
    assert_eq!(trays.len(), 5);
    let words: std::collections::BTreeSet<_> = trays.iter().map(|line| line.rsplit(": ").next()).collect();
    assert_eq!(words.len(), 5, "each state has words of its own: {trays:?}");
}
