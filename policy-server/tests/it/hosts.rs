use reqwest::StatusCode;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::Msp,
};

/// S5: a Host that is not ours gets nothing; health checks ask by address.
#[tokio::test]
async fn a_foreign_host_is_misdirected() {
    let msp = Msp::start(DATABASE).await;
    for host in ["evil.example", "localhost", "localhost:1", "", "localhost.evil.example"] {
        for path in ["/", FORM, "/api/v1/provider", "/agent/v1/policy", "/static/portal.css"] {
            let get = msp.world.client.get(format!("{}{path}", msp.world.origin)).header("host", host);
            let status = get.send().await.expect("an answer").status();
            let refused =
                status == StatusCode::MISDIRECTED_REQUEST || (host.is_empty() && status == StatusCode::BAD_REQUEST);
            assert!(refused, "{host} {path}: {status}");
        }
        let health = msp.world.client.get(format!("{}/healthz", msp.world.origin)).header("host", host);
        let status = health.send().await.expect("an answer").status();
        assert!(status == StatusCode::OK || host.is_empty(), "{host}: {status}");
    }
}

/// Invariant 16: links follow the configuration, whatever the request claims.
#[tokio::test]
async fn a_launch_link_begins_with_the_configured_origin_whatever_is_forwarded() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let os_user = serde_json::json!({"name": "jane", "id": "1"});
    for header in ["x-forwarded-host", "x-host", "x-forwarded-server", "forwarded", "x-original-host"] {
        let launch = agent.request(reqwest::Method::POST, "/launch").header(header, "host=evil.example");
        let launch = launch.json(&serde_json::json!({"entry": "portal", "os_user": os_user}));
        let answer: serde_json::Value = launch.send().await.expect("an answer").json().await.expect("JSON");
        let url = answer["url"].as_str().expect("a link");
        assert!(url.starts_with(&format!("{}/launch/", msp.world.origin)), "{header}: {url}");
    }
}

#[tokio::test]
async fn pages_that_are_not_there_are_branded_and_say_whom_to_ask() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    for (path, status) in [
        ("/nothing", StatusCode::NOT_FOUND),
        ("/my_profile/nothing", StatusCode::NOT_FOUND),
        (FORM, StatusCode::FORBIDDEN),
    ] {
        let page = browser.get(path).await;
        assert_eq!(page.status, status, "{path}");
        assert!(page.html.contains("Northwind IT") && page.html.contains("+1 555 0100"), "{path}: {}", page.html);
    }
}
