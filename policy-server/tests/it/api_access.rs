//! Who may make which request of the API.

use std::collections::BTreeMap;

use deskbell_server::{
    api::{self, ApiRoute},
    domain::role::{Permission, Role},
};
use reqwest::{Method, StatusCode};
use serde_json::json;
use strum::VariantArray as _;
use uuid::Uuid;

use super::DATABASE;
use crate::{
    agents::{Agent, problem},
    staff_members::member,
    world::{Msp, World},
};

/// A request with ids that name nothing, and a body that says nothing.
async fn ask(world: &World, route: &ApiRoute, token: Option<&str>) -> reqwest::Response {
    let nobody = Uuid::nil().to_string();
    let parts = route.path.split('/').map(|part| if part.starts_with('{') { nobody.as_str() } else { part });
    let url = format!("{}{}", world.origin, parts.collect::<Vec<_>>().join("/"));
    let request = world.client.request(route.method.clone(), url).json(&json!({}));
    let request = match token {
        Some(token) => request.bearer_auth(token),
        None => request,
    };
    request.send().await.expect("an answer")
}

async fn made_token(world: &World, role: Role) -> (String, String) {
    let made = world.done(Method::POST, "/api-tokens", json!({"name": role.name(), "role": role})).await;
    let text = |field: &str| made[field].as_str().expect("text").to_owned();
    (text("id"), text("token"))
}

/// S1: each request with each role, from the router's own table. What a role may is never 403, and what it may not always
/// is; whoever has no token that counts here learns nothing, not even what is wrong with the request.
#[tokio::test]
async fn each_request_of_the_api_is_for_those_who_may_and_for_nobody_else() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let (_, staff) = member(world, "boss@msp.example", "administrator").await;
    let mut tokens = Vec::new();
    for role in Role::VARIANTS {
        tokens.push((*role, made_token(world, *role).await.1));
    }
    let (revoked_id, revoked) = made_token(world, Role::Administrator).await;
    world.done(Method::POST, &format!("/api-tokens/{revoked_id}/revoke"), json!({})).await;
    let cookies = staff.cookies();
    let session = cookies.strip_prefix("__Host-staff=").expect("a session");
    let unknown = "A".repeat(43);
    let worthless = [
        ("no token", None),
        ("no token at all", Some("x")),
        ("an unknown token", Some(unknown.as_str())),
        ("a revoked token", Some(revoked.as_str())),
        ("an agent's token", Some(agent.token())),
        ("an enrollment token", Some(msp.enrollment_token.as_str())),
        ("a session of the staff", Some(session)),
    ];
    let table = api::table();
    assert!(table.len() > 90 && table.iter().any(|route| route.path == "/metrics"));
    for route in &table {
        for (what, token) in worthless {
            let answer = ask(world, route, token).await;
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{} {} with {what}", route.method, route.path);
            problem(answer).await;
        }
        for (role, token) in &tokens {
            let status = ask(world, route, Some(token)).await.status();
            let what = format!("{} {} as {}: {status}", route.method, route.path, role.name());
            assert_eq!(status == StatusCode::FORBIDDEN, !role.may(route.permission), "{what}");
            assert!(status != StatusCode::UNAUTHORIZED && !status.is_server_error(), "{what}");
        }
    }
    let signed_in = staff.get("/api/v1/organizations").await;
    assert_eq!(signed_in.status, StatusCode::UNAUTHORIZED, "a cookie opens nothing here");
}

/// What changes something asks for more than a look, but for what only shows what a change would do.
#[test]
fn nobody_changes_anything_who_may_only_look() {
    let shows = ["/api/v1/policies/plan", "/api/v1/policies/preview", "/api/v1/policies/{id}/preview"];
    let mut seen = BTreeMap::new();
    for route in api::table() {
        let looks = route.method == Method::GET || shows.contains(&route.path.as_str());
        let asks = route.permission;
        assert_eq!(
            looks && asks != Permission::Administer,
            asks == Permission::Look,
            "{} {}",
            route.method,
            route.path
        );
        assert_eq!(seen.insert((route.path.clone(), route.method.to_string()), ()), None, "{} twice", route.path);
    }
}

#[tokio::test]
async fn a_path_says_which_methods_it_has() {
    let world = World::start(DATABASE).await;
    for (path, allowed) in [("/api/v1/organizations", "GET,HEAD,POST"), ("/api/v1/mails", "GET,HEAD")] {
        let asked = world.client.delete(format!("{}{path}", world.origin)).bearer_auth(&world.api_token);
        let answer = asked.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(answer.headers()["allow"], allowed);
        problem(answer).await;
    }
}
