//! Departments: chosen in the portal, changed and filtered by staff, and where new contacts are invited.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::Browser,
    staff_members::member,
    world::{Msp, World},
};

const PAGE: &str = "/console/settings/departments";

async fn department(world: &World, name: &str) -> String {
    world.made("/departments", json!({"name": name})).await
}

/// With two active departments or more, end users choose one; with one, or by a form from before, the default one gets it. Staff
/// change it and list by it. What is not active gets nothing new.
#[tokio::test]
async fn a_ticket_goes_to_the_department_that_was_chosen() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(world);
    let desk = department(world, "Service desk").await;
    world.done(Method::PATCH, &format!("/departments/{desk}"), json!({"is_default": true})).await;
    let form = browser.open(&agent.click().await).await;
    assert!(!form.has("select[name=department]"), "one is no choice");
    let sent = browser.send_form(&form, &[("description", "To nobody in particular")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let sales = department(world, "Sales").await;
    let form = browser.open(&agent.click().await).await;
    assert_eq!(form.attribute("select[name=department] option[selected]", "value"), desk, "the default is chosen");
    browser.send_form(&form, &[("description", "To sales"), ("department", &sales)]).await;
    world.done(Method::PATCH, &format!("/departments/{sales}"), json!({"active": false})).await;
    browser
        .send_form(&browser.open(&agent.click().await).await, &[("description", "Late"), ("department", &sales)])
        .await;

    let tickets = world.get("/tickets").await["items"].clone();
    let of: Vec<_> = tickets.as_array().expect("a list").iter().map(|ticket| ticket["department_id"].clone()).collect();
    assert_eq!(of, [&desk, &sales, &desk].map(|id| json!(id)));
    let path = format!("/tickets/{}", tickets[0]["id"].as_str().expect("an id"));
    let refused = world.api(Method::PATCH, &path, Some(json!({"department_id": sales}))).await;
    assert_eq!(
        (refused.0, &refused.1["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/department_id"))
    );
    world.done(Method::PATCH, &format!("/departments/{sales}"), json!({"active": true})).await;
    world.done(Method::PATCH, &path, json!({"department_id": sales})).await;
    let listed = world.get(&format!("/tickets?department_id={sales}")).await;
    assert_eq!(listed["items"].as_array().expect("a list").len(), 2);

    let (_, staff) = member(world, "kim@msp.example", "technician").await;
    let queue = staff.get(&format!("/console/tickets?department={desk}")).await;
    assert!(queue.html.contains("Late") && !queue.html.contains("To sales"), "{}", queue.html);
    let form = [("status", "open"), ("assignee", ""), ("department", desk.as_str())];
    assert_eq!(staff.post(&format!("/console{path}"), &form).await.status, StatusCode::SEE_OTHER);
    assert_eq!(world.get(&path).await["department_id"], json!(desk));
    let removed = world.api(Method::DELETE, &format!("/departments/{desk}"), None).await;
    assert_eq!(removed.0, StatusCode::CONFLICT, "tickets came to it");
}

/// Names and addresses are no other's, and one department at most is the default.
#[tokio::test]
async fn a_department_has_a_name_and_an_address_of_its_own() {
    let world = World::start(DATABASE).await;
    let desk = json!({"name": "Service desk", "address": "Help@msp.example", "is_default": true});
    let desk = world.made("/departments", desk).await;
    for (wish, pointer) in [
        (json!({"name": "service  DESK"}), "/name"),
        (json!({"name": "Sales", "address": "help@MSP.example"}), "/address"),
        (json!({"name": "Sales", "address": "help"}), "/address"),
        (json!({"name": " "}), "/name"),
    ] {
        let (status, problem) = world.api(Method::POST, "/departments", Some(wish.clone())).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)),
            "{wish}"
        );
    }
    let sales = world.made("/departments", json!({"name": "Sales", "is_default": true})).await;
    assert_eq!(world.get(&format!("/departments/{desk}")).await["is_default"], json!(false));
    world.done(Method::DELETE, &format!("/departments/{sales}"), json!({})).await;
    assert_eq!(world.get("/departments").await["items"].as_array().expect("a list").len(), 1);
}

fn shown(page: &Value, name: &str) -> Value {
    let items = page["items"].as_array().expect("a list");
    items.iter().find(|one| one["name"] == name).expect("it is there").clone()
}

/// ZOH-16, ZOH-17, ZOH-19: each department has a switch of its own in the settings, which is stored as it is turned, without
/// another button, with a record of it; several are on at once.
#[tokio::test]
async fn each_department_has_a_switch_that_is_stored_at_once_zoh_19() {
    let world = World::start(DATABASE).await;
    let (_, staff) = member(&world, "boss@msp.example", "administrator").await;
    for name in ["Sales", "Service desk", "Billing"] {
        let added = staff.post(PAGE, &[("name", name), ("address", "")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.html);
    }
    let listed = world.get("/departments").await;
    for name in ["Sales", "Billing"] {
        let id = shown(&listed, name)["id"].as_str().expect("an id").to_owned();
        let turned = staff.post(&format!("{PAGE}/{id}/switch"), &[("auto_invite", "true")]).await;
        assert_eq!(turned.location().split('?').next(), Some(PAGE), "{}", turned.html);
        let records = world.get(&format!("/audit-records?subject_id={id}")).await;
        assert_eq!(records["items"][0]["action"], "department_changed");
    }
    let listed = world.get("/departments").await;
    let on = |name| shown(&listed, name)["auto_invite"].clone();
    assert_eq!([on("Sales"), on("Service desk"), on("Billing")], [true, false, true].map(Value::Bool));
    let page = staff.get(PAGE).await;
    assert!(page.has("button[name=auto_invite][value=false]") && page.has("button[name=auto_invite][value=true]"));
    staff.post(&format!("{PAGE}/all"), &[("auto_invite", "all_active")]).await;
    assert_eq!(world.get("/portals").await["items"][0]["auto_invite"], json!("all_active"));
    assert!(staff.get(PAGE).await.html.contains("Yes, as all do"));
}
