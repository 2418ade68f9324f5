use std::time::Duration;

use deskbell_protocol::ProblemKind;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, ask_to_enroll, enroll_request, facts, problem},
    world::Msp,
};

async fn token(msp: &Msp, more: Value) -> Value {
    let mut body = json!({"organization_id": msp.organization, "name": "roll-out"});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    msp.world.done(Method::POST, "/enrollment-tokens", body).await
}

async fn refusal(msp: &Msp, token: &str) -> ProblemKind {
    let answer = ask_to_enroll(&msp.world, token).await;
    assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
    problem(answer).await.kind
}

/// AGT-09: an enrollment token makes an asset that belongs to nobody.
#[tokio::test]
async fn a_computer_becomes_an_unassigned_asset_with_its_facts() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;

    let asset = msp.world.get(&format!("/assets/{}", agent.asset)).await;

    assert_eq!((&asset["name"], &asset["state"]), (&json!("PC-042"), &json!("enrolled")));
    assert_eq!(asset["organization_id"], json!(msp.organization));
    assert_eq!(asset["facts"]["serial"], json!("SN-1"));
    assert_eq!((&asset["assignment"], &asset["portal_refusal"]), (&Value::Null, &json!("no_end_user")));
}

/// AGT-11: expiring with a count, revoked, unknown: each has its own clear answer.
#[tokio::test]
async fn a_token_that_is_unknown_used_up_late_or_revoked_is_refused_each_by_its_name() {
    let msp = Msp::start(DATABASE).await;
    for unknown in ["", "x", &"A".repeat(43), &"%".repeat(43), &"A".repeat(100_000)] {
        assert_eq!(refusal(&msp, unknown).await, ProblemKind::EnrollmentTokenUnknown);
    }

    let once = token(&msp, json!({"uses": 1})).await;
    let once = once["token"].as_str().expect("a token");
    Agent::enroll(&msp.world, once).await;
    assert_eq!(refusal(&msp, once).await, ProblemKind::EnrollmentTokenUsedUp);

    let revoked = token(&msp, json!({})).await;
    let path = format!("/enrollment-tokens/{}/revoke", revoked["id"].as_str().expect("an id"));
    msp.world.done(Method::POST, &path, json!({})).await;
    assert_eq!(refusal(&msp, revoked["token"].as_str().expect("a token")).await, ProblemKind::EnrollmentTokenRevoked);

    let soon = token(&msp, json!({"expires_at": 1_767_225_600_000_i64 + 60_000})).await;
    msp.world.clock.advance(Duration::from_mins(1));
    assert_eq!(refusal(&msp, soon["token"].as_str().expect("a token")).await, ProblemKind::EnrollmentTokenExpired);
}

/// AGT-11: a count is a count, however many come at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_token_for_three_lets_three_of_twelve_in() {
    let msp = Msp::start(DATABASE).await;
    let token = token(&msp, json!({"uses": 3})).await;
    let token = token["token"].as_str().expect("a token");

    let asked: Vec<_> = (0..12).map(|_| ask_to_enroll(&msp.world, token)).collect();
    let mut let_in = 0;
    for answer in futures_util::future::join_all(asked).await {
        let_in += u32::from(answer.status() == StatusCode::CREATED);
    }

    assert_eq!(let_in, 3);
    assert_eq!(msp.world.get("/assets").await["items"].as_array().expect("a list").len(), 3);
}

/// AGT-11: waiting for approval, then approved, then retired.
#[tokio::test]
async fn an_asset_that_needs_approval_gets_its_policy_when_staff_approve_it() {
    let msp = Msp::start(DATABASE).await;
    let token = token(&msp, json!({"needs_approval": true})).await;
    let agent = Agent::enroll(&msp.world, token["token"].as_str().expect("a token")).await;
    let waiting = agent.policy(None, 0).await;
    assert_eq!(waiting.status(), StatusCode::FORBIDDEN);
    assert_eq!(problem(waiting).await.kind, ProblemKind::WaitingForApproval);
    assert_eq!(agent.ask_to_launch("portal").await.status(), StatusCode::FORBIDDEN);

    let parked = agent.poll(None, 60).send();
    let path = format!("/assets/{}/approve", agent.asset);
    let approved = msp.world.done(Method::POST, &path, json!({}));
    let (parked, _) = tokio::join!(parked, approved);
    assert_eq!(parked.expect("an answer").status(), StatusCode::OK);

    msp.world.done(Method::POST, &format!("/assets/{}/retire", agent.asset), json!({})).await;
    let retired = agent.policy(None, 0).await;
    assert_eq!(retired.status(), StatusCode::GONE);
    assert_eq!(problem(retired).await.kind, ProblemKind::AssetRetired);
}

#[tokio::test]
async fn facts_that_cannot_be_are_refused_beside_their_field() {
    let msp = Msp::start(DATABASE).await;
    let mut facts = serde_json::to_value(facts()).expect("JSON");
    facts["computer"] = json!("x".repeat(201));
    facts["addresses"] = json!(vec!["192.0.2.1"; 9]);
    let body = json!({"enrollment_token": msp.enrollment_token, "fingerprint": "zz", "facts": facts});

    let post = msp.world.client.post(format!("{}/agent/v1/enroll", msp.world.origin)).json(&body);
    let answer = post.send().await.expect("an answer");

    assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
    let pointers: Vec<_> = problem(answer).await.errors.into_iter().map(|error| error.pointer).collect();
    assert_eq!(pointers, ["/facts/computer", "/facts/addresses", "/fingerprint"]);
}

#[tokio::test]
async fn an_agent_with_a_token_that_nobody_knows_is_told_so() {
    let msp = Msp::start(DATABASE).await;
    for token in ["", "x", &"A".repeat(43)] {
        let get = msp.world.client.get(format!("{}/agent/v1/policy", msp.world.origin)).bearer_auth(token);
        let answer = get.send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(problem(answer).await.kind, ProblemKind::Unauthorized);
    }
}

/// A computer may ask for a folder: one below its token's place, by its names, and no other.
#[tokio::test]
async fn a_computer_asks_for_a_folder_below_its_tokens_place() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let folder = async |name: &str, parent: Option<&str>| {
        let body = json!({"organization_id": msp.organization, "parent_id": parent, "name": name});
        world.made("/folders", body).await
    };
    let floor = folder("Floor 2", None).await;
    let reception = folder("Reception", Some(&floor)).await;
    let kitchen = folder("Kitchen", None).await;
    let of_floor = token(&msp, json!({"folder_id": floor})).await;
    let of_floor = of_floor["token"].as_str().expect("a token");
    let ask = async |token: &str, folder: &str| {
        let request = json!({
            "enrollment_token": token, "fingerprint": "ab".repeat(32), "facts": facts(), "folder": folder,
        });
        enroll_request(world, token).json(&request).send().await.expect("an answer")
    };
    for (token, names, expected) in [
        (msp.enrollment_token.as_str(), "floor 2/reception", &reception),
        (&msp.enrollment_token, "Kitchen", &kitchen),
        (of_floor, "Reception", &reception),
    ] {
        let answer = ask(token, names).await;
        assert_eq!(answer.status(), StatusCode::CREATED, "{names}");
        let enrolled: Value = answer.json().await.expect("JSON");
        let asset = world.get(&format!("/assets/{}", enrolled["asset_id"].as_str().expect("an id"))).await;
        assert_eq!(asset["folder_id"].as_str(), Some(expected.as_str()), "{names}");
    }
    for (token, names) in
        [(of_floor, "Kitchen"), (of_floor, "../Kitchen"), (&msp.enrollment_token, "Reception"), (of_floor, "")]
    {
        let answer = ask(token, names).await;
        assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY, "{names}");
        assert_eq!(problem(answer).await.errors[0].pointer, "/folder", "{names}");
    }
    assert_eq!(world.get("/assets").await["items"].as_array().map(Vec::len), Some(3), "nothing else enrolled");
}
