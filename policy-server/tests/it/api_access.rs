//! Who may make which request of the API.

use std::collections::BTreeSet;

use deskbell_server::{
    api::{self, ApiRoute},
    console,
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

/// What changes something asks for more than a look, but for what only shows what a change would do, or packs a token that
/// whoever asks has.
#[test]
fn nobody_changes_anything_who_may_only_look() {
    let shows = [
        "/api/v1/policies/plan",
        "/api/v1/policies/preview",
        "/api/v1/policies/{id}/preview",
        "/api/v1/agent-packages/{sha256}/with-token",
    ];
    let mut seen = BTreeSet::new();
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
        assert!(seen.insert((route.path.clone(), route.method.to_string())), "{} twice", route.path);
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

/// What staff do in the console, and the requests that do the same: one for each form, or why there is none.
const FORMS: [(&str, &[&str]); 98] = [
    ("/console/tickets/{ticket}", &["PATCH /tickets/{id}"]),
    ("/console/tickets/{ticket}/people", &["PUT /tickets/{id}/people/{end_user}"]),
    ("/console/tickets/{ticket}/people/{end_user}/remove", &["DELETE /tickets/{id}/people/{end_user}"]),
    ("/console/organizations/{organization}/portal-link", &["PUT /organizations/{id}/portal-link"]),
    // A program has nothing to look at.
    ("/console/organizations/{organization}/view-portal", NOT_FOR_PROGRAMS),
    ("/console/organizations/{organization}/invitations", &["POST /organizations/{id}/invitations"]),
    ("/console/end-users/{end_user}/erase", &["POST /end-users/{id}/erase"]),
    ("/console/portals", &["POST /portals"]),
    ("/console/portals/{portal}", &["PATCH /portals/{id}"]),
    ("/console/portals/{portal}/switches", &["PATCH /portals/{id}"]),
    ("/console/portals/{portal}/website", &["PATCH /portals/{id}"]),
    // A program tests an address from where it is.
    ("/console/portals/{portal}/test", NOT_FOR_PROGRAMS),
    ("/console/portals/{portal}/remove", &["DELETE /portals/{id}"]),
    ("/console/portals/{portal}/design", &["PUT /portals/{id}/draft", "POST /portals/{id}/publish", "POST /logos"]),
    ("/console/portals/{portal}/design/drop", &["DELETE /portals/{id}/draft"]),
    ("/console/portals/{portal}/versions/{version}/restore", &["POST /portals/{id}/versions/{version}/restore"]),
    ("/console/settings/departments", &["POST /departments"]),
    ("/console/settings/departments/all", &["PATCH /portals/{id}"]),
    ("/console/settings/departments/{department}", &["PATCH /departments/{id}"]),
    ("/console/settings/departments/{department}/switch", &["PATCH /departments/{id}"]),
    ("/console/settings/departments/{department}/remove", &["DELETE /departments/{id}"]),
    ("/console/organizations/{organization}/mail-domains", &["PUT /organizations/{id}/mail-domains/{domain}"]),
    (
        "/console/organizations/{organization}/mail-domains/{domain}/remove",
        &["DELETE /organizations/{id}/mail-domains/{domain}"],
    ),
    ("/console/inbound-mail/{inbound_mail}/ticket", &["POST /inbound-mails/{id}/accept"]),
    ("/console/inbound-mail/{inbound_mail}/comment", &["POST /inbound-mails/{id}/accept"]),
    ("/console/inbound-mail/{inbound_mail}/discard", &["POST /inbound-mails/{id}/discard"]),
    ("/console/settings/portal-groups", &["POST /portal-groups"]),
    ("/console/settings/portal-groups/{group}", &["PATCH /portal-groups/{key}"]),
    ("/console/settings/portal-groups/{group}/remove", &["DELETE /portal-groups/{key}"]),
    ("/console/tickets/{ticket}/comments", &["POST /tickets/{id}/comments"]),
    ("/console/articles", &["POST /articles"]),
    ("/console/articles/{article}", &["PATCH /articles/{id}"]),
    ("/console/articles/{article}/remove", &["DELETE /articles/{id}"]),
    ("/console/account/password", NOT_FOR_PROGRAMS),
    ("/console/account/second-factor", NOT_FOR_PROGRAMS),
    ("/console/account/second-factor/remove", NOT_FOR_PROGRAMS),
    ("/console/account/sessions/{session}/end", &["DELETE /staff/{id}/sessions/{session}"]),
    ("/console/sign-out", NOT_FOR_PROGRAMS),
    ("/console/assets/{asset}", &["PATCH /assets/{id}"]),
    ("/console/assets/{asset}/approve", &["POST /assets/{id}/approve"]),
    ("/console/assets/{asset}/retire", &["POST /assets/{id}/retire"]),
    ("/console/assets/{asset}/take-over", &["POST /assets/{id}/take-over"]),
    ("/console/assets/{asset}/take-over/decline", &["DELETE /assets/{id}/take-over"]),
    ("/console/assets/{asset}/assignment", &["PUT /assets/{id}/assignment", "DELETE /assets/{id}/assignment"]),
    ("/console/assets/{asset}/enable", &["POST /end-users/{id}/enable-for-tray"]),
    ("/console/assets/{asset}/policy", &["PUT /assets/{id}/policy"]),
    ("/console/organizations", &["POST /organizations"]),
    ("/console/organizations/{organization}", &["PATCH /organizations/{id}"]),
    ("/console/organizations/{organization}/end-users", &["POST /end-users"]),
    ("/console/organizations/{organization}/remove", &["DELETE /organizations/{id}"]),
    ("/console/organizations/{organization}/enable", &["POST /organizations/{id}/enable-for-tray"]),
    ("/console/organizations/{organization}/enrollment", &["POST /enrollment-tokens"]),
    ("/console/packages/{sha256}/with-token", &["POST /agent-packages/{sha256}/with-token"]),
    ("/console/enrollment-tokens/{token}/revoke", &["POST /enrollment-tokens/{id}/revoke"]),
    ("/console/end-users/{end_user}", &["PATCH /end-users/{id}"]),
    ("/console/end-users/{end_user}/logins", &["POST /end-users/{id}/os-logins"]),
    ("/console/end-users/{end_user}/logins/{login}/remove", &["DELETE /os-logins/{id}"]),
    (
        "/console/end-users/{end_user}/portal-user",
        &[
            "POST /portal-users",
            "PATCH /portal-users/{id}",
            "POST /end-users/{id}/invite",
            "POST /portal-users/{id}/invite",
            "POST /portal-users/{id}/invite-again",
        ],
    ),
    // A review is the dry run of the same request.
    ("/console/portal-users/review", &["POST /portal-users/steps"]),
    ("/console/portal-users/steps", &["POST /portal-users/steps"]),
    ("/console/portal-users/export", &["GET /portal-users"]),
    ("/console/organizations/{organization}/portal-users", &["POST /portal-users"]),
    ("/console/portal-users/{portal_user}", &["PATCH /portal-users/{id}"]),
    ("/console/portal-users/{portal_user}/password", &["PATCH /portal-users/{id}"]),
    ("/console/settings/provider", &["PATCH /provider"]),
    ("/console/settings/api-tokens", &["POST /api-tokens"]),
    ("/console/settings/api-tokens/{token}/revoke", &["POST /api-tokens/{id}/revoke"]),
    ("/console/settings/mail", &["PUT /ticket-forwarding"]),
    ("/console/settings/mail/{mail}/retry", &["POST /mails/{id}/retry"]),
    ("/console/settings/webhooks", &["POST /webhook-endpoints"]),
    ("/console/settings/webhooks/{endpoint}", &["PATCH /webhook-endpoints/{id}"]),
    ("/console/settings/webhooks/{endpoint}/replay/{delivery}", &["POST /webhook-deliveries/{id}/replay"]),
    ("/console/staff", &["POST /staff"]),
    ("/console/staff/{staff}", &["PATCH /staff/{id}"]),
    ("/console/staff/{staff}/reset", &["POST /staff/{id}/reset"]),
    ("/console/policies/new", &["POST /policies", "POST /policies/preview", "POST /icons"]),
    ("/console/policies/{policy}", &["PUT /policies/{id}", "POST /policies/{id}/preview", "POST /icons"]),
    ("/console/policies/{policy}/versions/{version}/restore", &["POST /policies/{id}/versions/{version}/restore"]),
    ("/console/tree/provider/policy", &["PUT /provider/policy"]),
    ("/console/tree/organizations/{organization}/policy", &["PUT /organizations/{id}/policy"]),
    ("/console/tree/organizations/{organization}/folders", &["POST /folders"]),
    ("/console/tree/folders/{folder}", &["PATCH /folders/{id}"]),
    ("/console/tree/folders/{folder}/policy", &["PUT /folders/{id}/policy"]),
    ("/console/settings/mail/requesters", &["PUT /requester-mail"]),
    (
        "/console/settings/mail/templates/{template}/{language}",
        &["PUT /mail-templates/{template}/{language}", "POST /mail-templates/{template}/{language}/preview"],
    ),
    (
        "/console/settings/mail/templates/{template}/{language}/default",
        &["DELETE /mail-templates/{template}/{language}"],
    ),
    (
        "/console/settings/mail/templates/{template}/{language}/versions/{version}/restore",
        &["POST /mail-templates/{template}/{language}/versions/{version}/restore"],
    ),
    ("/console/settings/ticket-system", &["PUT /ticket-system"]),
    ("/console/settings/ticket-system/remove", &["DELETE /ticket-system"]),
    ("/console/settings/ticket-system/{transfer}/retry", &["POST /ticket-transfers/{id}/retry"]),
    ("/console/organizations/{organization}/sites", &["POST /sites"]),
    ("/console/sites/{site}", &["PATCH /sites/{id}"]),
    ("/console/sites/{site}/remove", &["DELETE /sites/{id}"]),
    ("/console/import", &["POST /imports"]),
    ("/console/import/{import}", &["POST /imports"]),
    // A program's dry run keeps nothing that could be discarded.
    ("/console/import/{import}/discard", NOT_FOR_PROGRAMS),
    ("/console/policies/{policy}/remove", &["DELETE /policies/{id}"]),
    ("/console/policies/{policy}/enable", &["POST /policies/{id}/enable-for-tray"]),
];

/// Somebody's own password, authenticator and sign-in are theirs, not a program's.
const NOT_FOR_PROGRAMS: &[&str] = &[];

/// Everything that the console does, the API does.
#[test]
fn each_form_of_the_console_has_its_request() {
    let requests: BTreeSet<_> = api::table()
        .into_iter()
        .filter_map(|route| Some(format!("{} {}", route.method, route.path.strip_prefix(api::BASE)?)))
        .collect();
    let forms: BTreeSet<_> =
        console::table().into_iter().filter(|page| page.method == Method::POST).map(|page| page.path).collect();
    let listed: BTreeSet<_> = FORMS.iter().map(|(form, _)| *form).collect();
    assert_eq!(listed, forms);
    for (form, same) in FORMS {
        for request in same {
            assert!(requests.contains(*request), "{form}: there is no {request}");
        }
    }
}
