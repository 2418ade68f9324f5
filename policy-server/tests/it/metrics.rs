use std::time::Duration;

use reqwest::{Method, StatusCode};

use super::DATABASE;
use crate::{
    agents::{Agent, problem},
    browsers::Browser,
    world::{Msp, World, command},
};

/// The value of the line that begins with this name and labels.
async fn value(world: &World, name: &str) -> f64 {
    let get = world.client.get(format!("{}/metrics", world.origin)).bearer_auth(&world.api_token);
    let answer = get.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let text = answer.text().await.expect("text");
    let line = text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {name} in\n{text}")).parse().expect("a number")
}

#[tokio::test]
async fn metrics_are_for_programs_with_an_api_token() {
    let world = World::start(DATABASE).await;
    for token in ["", "x", &"A".repeat(43)] {
        let get = world.client.get(format!("{}/metrics", world.origin)).bearer_auth(token);
        let answer = get.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        problem(answer).await;
    }
    assert!(value(&world, "process_resident_memory_bytes").await > 1e6);
}

#[tokio::test]
async fn metrics_count_agents_requests_and_tickets() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(world);
    let form = browser.open(&agent.click().await).await;
    for _ in 0..2 {
        browser.send_form(&form, &[("description", "One form, one ticket")]).await;
    }
    let retired = Agent::enroll(world, &msp.enrollment_token).await;
    world.done(Method::POST, &format!("/assets/{}/retire", retired.asset), serde_json::json!({})).await;

    assert!((value(world, "deskbell_tickets_made_total").await - 1.0).abs() < 0.1);
    assert!((value(world, "deskbell_database_errors_total").await).abs() < 0.1);
    for (state, count) in [("enrolled", 1.0), ("retired", 1.0), ("waiting_for_approval", 0.0)] {
        let assets = value(world, &format!("deskbell_assets{{state=\"{state}\"}}")).await;
        assert!((assets - count).abs() < 0.1, "{state}: {assets}");
    }
    let sends = "{route=\"/my_profile/v2/asset_new_ticket_form\",status=\"3xx\"}";
    assert!((value(world, &format!("deskbell_request_duration_seconds_count{sends}")).await - 2.0).abs() < 0.1);
    assert!(value(world, &format!("deskbell_request_duration_seconds_sum{sends}")).await > 0.0);
    assert!(value(world, "deskbell_parked_agents").await < 0.1);
    let etag = agent.policy(None, 0).await.headers()["etag"].to_str().expect("text").to_owned();
    let is_parked = async {
        while value(world, "deskbell_parked_agents").await < 0.9 {
            tokio::task::yield_now().await;
        }
    };
    tokio::select! {
        _ = agent.poll(Some(&etag), 600).send() => panic!("nothing has changed"),
        in_time = tokio::time::timeout(Duration::from_secs(10), is_parked) => in_time.expect("the agent waits"),
    }
}

#[tokio::test]
async fn metrics_count_what_the_database_failed() {
    let world = World::start(DATABASE).await;
    world.run_sql("ALTER TABLE site RENAME TO elsewhere;");
    let (status, problem) = world.api(Method::GET, "/sites", None).await;
    assert_eq!(status, StatusCode::INTERNAL_SERVER_ERROR, "{problem}");
    assert!(!problem.to_string().contains("elsewhere") && !problem.to_string().contains("site"), "{problem}");
    assert!((value(&world, "deskbell_database_errors_total").await - 1.0).abs() < 0.1);
}

#[tokio::test]
async fn a_revoked_api_token_no_longer_counts() {
    let world = World::start(DATABASE).await;
    let run = |arguments: &[&str]| command(world.folder.path(), &world.database_url, arguments);
    assert!(run(&["api-token", "create", "other"]).status.success());
    let list = String::from_utf8(run(&["api-token", "list"]).stdout).expect("text");
    assert_eq!(list.matches("\tcounts\t").count(), 2, "{list}");

    assert!(run(&["api-token", "revoke", "tests"]).status.success());

    let (status, _) = world.api(Method::GET, "/provider", None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let list = String::from_utf8(run(&["api-token", "list"]).stdout).expect("text");
    assert!(
        list.contains("\trevoked\tadministrator\ttests\n") && list.contains("\tcounts\tadministrator\tother\n"),
        "{list}"
    );
    assert_eq!(run(&["api-token", "revoke", "tests"]).status.code(), Some(1), "it was revoked before");
    for name in ["twice", "twice"] {
        assert!(run(&["api-token", "create", name]).status.success());
    }
    let ambiguous = run(&["api-token", "revoke", "twice"]);
    assert!(String::from_utf8_lossy(&ambiguous.stderr).contains("give the id"));
    let list = String::from_utf8(run(&["api-token", "list"]).stdout).expect("text");
    let id = list.lines().find(|line| line.ends_with("\ttwice")).and_then(|line| line.split('\t').next());
    assert!(run(&["api-token", "revoke", id.expect("listed")]).status.success());
}
