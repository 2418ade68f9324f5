//! What the API says of itself.

use std::collections::BTreeSet;

use deskbell_server::api;
use reqwest::StatusCode;
use serde_json::Value;

use super::DATABASE;
use crate::{browsers::Browser, staff_members::member, world::World};

async fn document(world: &World) -> Value {
    let answer = world.client.get(format!("{}/api/v1/openapi.json", world.origin)).send().await.expect("an answer");
    assert_eq!(
        (answer.status(), &answer.headers()["content-type"]),
        (StatusCode::OK, &"application/json".parse().unwrap())
    );
    answer.json().await.expect("JSON")
}

/// Anybody may read it, each request is in it, and nothing of this server is.
#[tokio::test]
async fn the_description_has_each_request_with_its_role_and_its_answers() {
    let world = World::start(DATABASE).await;
    let document = document(&world).await;
    assert_eq!(document["openapi"], "3.1.1");
    let mut described = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().expect("paths") {
        for (method, operation) in methods.as_object().expect("methods") {
            described.insert(format!("{} {}{path}", method.to_uppercase(), api::BASE));
            let answers = operation["responses"].as_object().expect("answers");
            assert!(
                answers.contains_key("401") && answers.keys().any(|status| status.starts_with('2')),
                "{method} {path}"
            );
            assert!(operation["summary"].as_str().is_some_and(|summary| !summary.is_empty()), "{method} {path}");
        }
    }
    let table = api::table().into_iter().filter(|route| !route.is_alias && route.path.starts_with(api::BASE));
    let table: BTreeSet<_> = table.map(|route| format!("{} {}", route.method, route.path)).collect();
    assert_eq!(described, table);
    let text = document.to_string();
    assert!(!text.contains("localhost") && !text.contains(&world.api_token));
}

/// The same for people, without scripts; staff find it beside the tokens.
#[tokio::test]
async fn the_description_is_a_page_that_staff_are_led_to() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    let link = boss.get("/console/settings/api-tokens").await.attribute("main p a[href^='/api/']", "href");
    let stranger = Browser::new(&world);
    let page = stranger.get(&link).await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "The API"));
    let policy = page.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none'") && !page.has("script") && !page.has("[style]"), "{policy}");
    let shown = page.texts("details.request").len();
    let requests =
        api::table().into_iter().filter(|route| !route.is_alias && route.path.starts_with(api::BASE)).count();
    assert_eq!(shown, requests);
    let places: BTreeSet<_> = page.attributes("[id]", "id").into_iter().collect();
    for target in page.attributes("main a[href^='#']", "href") {
        assert!(places.contains(&target[1..]), "{target}");
    }
    let make = page.text("#organizations_make");
    assert!(make.contains("NewOrganization") && make.contains("technician"), "{make}");
    assert!(boss.get(&link).await.has("nav[aria-label=Console]"));
}
