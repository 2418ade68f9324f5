//! Sites: where organizations are, by API and console.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::DATABASE;
use crate::{agents::Agent, browsers::Browser, staff_members::member, world::Msp};

#[tokio::test]
async fn a_site_is_made_changed_listed_and_removed_when_nothing_is_there() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let new =
        json!({"organization_id": msp.organization, "name": "Head office", "address": " 1 Main Street\n\nSpringfield"});
    let made = world.done(Method::POST, "/sites", new.clone()).await;
    let path = format!("/sites/{}", made["id"].as_str().expect("an id"));
    assert_eq!(made["address"], "1 Main Street\nSpringfield");
    let (status, taken) = world
        .api(Method::POST, "/sites", Some(json!({"organization_id": msp.organization, "name": "HEAD  office"})))
        .await;
    assert_eq!((status, &taken["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/name")));
    let other = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    world.made("/sites", json!({"organization_id": other, "name": "Head office"})).await;
    let list = world.get(&format!("/sites?organization_id={}", msp.organization)).await;
    assert_eq!(list["items"], json!([world.get(&path).await]));

    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"site_id": made["id"]})).await;
    let (status, in_use) = world.api(Method::DELETE, &path, None).await;
    assert_eq!(status, StatusCode::CONFLICT, "{in_use}");
    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"site_id": null})).await;
    world.done(Method::PATCH, &path, json!({"name": "Old office", "address": ""})).await;
    let new = |name: &str| json!({"organization_id": msp.organization, "name": name});
    let (status, _) = world.api(Method::POST, "/sites", Some(new("OLD office"))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "that is its name by now");
    world.made("/sites", new("Head office")).await;
    assert_eq!(world.done(Method::DELETE, &path, json!({})).await["name"], "Old office");
    assert_eq!(world.api(Method::GET, &path, None).await.0, StatusCode::NOT_FOUND);
    let records = world.get("/audit-records").await;
    let actions: Vec<_> =
        records["items"].as_array().expect("a list").iter().map(|item| item["action"].clone()).collect();
    for action in ["site_made", "site_changed", "site_removed"] {
        assert!(actions.contains(&json!(action)), "{actions:?}");
    }
}

/// The API refuses a site of another organization, and so does the database itself.
#[tokio::test]
async fn nobody_and_nothing_is_at_a_site_of_another_organization() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let other = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let foreign = world.made("/sites", json!({"organization_id": other, "name": "Plant"})).await;
    let own = world.made("/sites", json!({"organization_id": msp.organization, "name": "Plant"})).await;
    for (path, table, id) in [("/end-users", "end_user", &msp.jane), ("/assets", "asset", &agent.asset)] {
        let path = format!("{path}/{id}");
        let (status, answer) = world.api(Method::PATCH, &path, Some(json!({"site_id": foreign}))).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/site_id")));
        let complaint = world.sql(&format!(
            "UPDATE {table} SET site_id = (SELECT id FROM site WHERE organization_id <> {table}.organization_id)"
        ));
        assert!(complaint.contains("site"), "{complaint}");
        assert_eq!(world.done(Method::PATCH, &path, json!({"site_id": own})).await["site_id"], json!(own));
    }
}

#[tokio::test]
async fn a_site_stands_on_the_pages_of_its_organization_its_people_and_assets_and_their_tickets() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let organization = format!("/console/organizations/{}", msp.organization);
    let sites = format!("{organization}/sites");
    let wrong = kim.post(&sites, &[("site_name", " "), ("site_address", "1 Main Street")]).await;
    assert_eq!(
        (wrong.status, wrong.text("#site_name-error").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "Must not be empty.")
    );
    assert_eq!(wrong.text("#site_address"), "1 Main Street", "what was typed stays");
    let added =
        kim.post(&sites, &[("site_name", "Head office"), ("site_address", "1 Main Street\r\nSpringfield")]).await;
    assert_eq!(added.location(), format!("{organization}?done=added"));
    let page = kim.get(&organization).await;
    let site = page.attribute("#sites-heading ~ .scroll td a", "href");
    let id = site.rsplit('/').next().expect("an id");

    kim.post(&format!("/console/end-users/{}", msp.jane), &[("name", "Jane Doe"), ("site_id", id)]).await;
    let asset = [("name", "PC-042"), ("folder_id", ""), ("site_id", id), ("external_id", "A-7")];
    kim.post(&format!("/console/assets/{}", agent.asset), &asset).await;
    assert_eq!(world.get(&format!("/assets/{}", agent.asset)).await["external_id"], "A-7");
    for path in [format!("/console/end-users/{}", msp.jane), format!("/console/assets/{}", agent.asset)] {
        assert!(kim.get(&path).await.has(&format!("dl a[href='{site}']")), "{path}");
    }
    assert!(kim.get("/console/assets").await.texts("tbody td").iter().any(|cell| cell.contains("Head office")));
    assert_eq!(kim.get(&organization).await.texts("#sites-heading ~ .scroll td:nth-child(n+3)"), ["1", "1"]);

    let here = kim.get(&site).await.attribute("dl a[href^='/console/assets']", "href");
    let elsewhere = world.made("/sites", json!({"organization_id": msp.organization, "name": "Depot"})).await;
    let by_name = kim.get(&organization).await.texts("#sites-heading ~ .scroll td a");
    assert_eq!(by_name, ["Depot", "Head office"]);
    assert_eq!(kim.get(&here).await.texts("tbody [scope=row], tbody td:first-child").len(), 1);
    assert_eq!(kim.get(&here).await.attribute("#site [selected]", "value"), id);
    let nowhere = kim.get(&here.replace(id, &elsewhere)).await;
    assert!(nowhere.text("main").contains("No asset is like that"));
    for (site, count) in [(id, 1), (elsewhere.as_str(), 0)] {
        let found = world.get(&format!("/assets?site_id={site}")).await;
        assert_eq!(found["items"].as_array().map(Vec::len), Some(count), "{site}");
    }
    world.done(Method::DELETE, &format!("/sites/{elsewhere}"), json!({})).await;

    let person = Browser::new(world);
    let form = person.open(&agent.click().await).await;
    person.send_form(&form, &[("description", "Printer on fire")]).await;
    let ticket = kim.get("/console/tickets").await.attribute(".queue a[href^='/console/tickets/']", "href");
    assert!(kim.get(&ticket).await.text("#computer-heading ~ dl").contains("Head office"));

    assert!(!kim.get(&site).await.has("form[action$='/remove']"), "it is in use");
    let refused = kim.post(&format!("{site}/remove"), &[]).await;
    assert!(refused.status == StatusCode::CONFLICT && refused.text(".error").contains("Give them another site"));
    kim.post(&format!("/console/end-users/{}", msp.jane), &[("name", "Jane Doe"), ("site_id", "")]).await;
    kim.post(&format!("/console/assets/{}", agent.asset), &[("name", "PC-042"), ("folder_id", ""), ("site_id", "")])
        .await;
    let removed = kim.post(&kim.get(&site).await.attribute("form[action$='/remove']", "action"), &[]).await;
    assert_eq!(removed.location(), format!("{organization}?done=removed"));
    assert!(!kim.get(&organization).await.has("#sites-heading ~ .scroll"));
}
