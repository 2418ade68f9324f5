use std::time::Duration;

use deskbell_protocol::PolicyAnswer;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use super::DATABASE;
use crate::{
    agents::{Agent, facts},
    world::{Msp, policy_json},
};

/// Ten times the second that AGT-03 names.
const DEADLINE: Duration = Duration::from_secs(10);

async fn etag(agent: &Agent<'_>) -> String {
    etag_of(&agent.policy(None, 0).await)
}

fn etag_of(answer: &Response) -> String {
    answer.headers()["etag"].to_str().expect("text").to_owned()
}

/// With nothing attached, the tray is hidden and the menu empty.
#[tokio::test]
async fn without_any_policy_the_agent_shows_nothing() {
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PUT, "/provider/policy", json!({"policy_id": null})).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;

    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");

    assert!(answer.policy.hide_tray && answer.policy.menu.is_empty());
}

#[tokio::test]
async fn an_agent_gets_its_policy_once_and_then_only_what_changed() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let first = agent.policy(None, 0).await;
    let etag = etag_of(&first);
    let answer: PolicyAnswer = first.json().await.expect("JSON");
    assert_eq!(answer.policy.support.name, "Northwind IT");
    assert_eq!((answer.values.asset.as_str(), answer.values.end_user.as_str()), ("PC-042", "Jane Doe"));
    assert_eq!(answer.values.organization, "Contoso");

    assert_eq!(agent.policy(Some(&etag), 0).await.status(), StatusCode::NOT_MODIFIED);
    assert_eq!(agent.policy(Some(&etag), 1).await.status(), StatusCode::NOT_MODIFIED);
}

/// AGT-03: no polling interval between a save and the answer.
#[tokio::test]
async fn a_saved_policy_answers_the_parked_request() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let etag = etag(&agent).await;

    let parked = tokio::time::timeout(DEADLINE, agent.poll(Some(&etag), 600).send());
    let path = format!("/policies/{}", msp.policy);
    let save = msp.world.done(Method::PUT, &path, policy_json("Standard", "Hilfe"));
    let (parked, saved) = tokio::join!(parked, save);

    assert_eq!(saved["version"], json!(2));
    let answer: PolicyAnswer = parked.expect("in time").expect("an answer").json().await.expect("JSON");
    let label = answer.policy.menu[0].kind.label().expect("a label").text.to_string();
    assert_eq!(label, "Hilfe");
}

#[tokio::test]
async fn a_new_name_wakes_the_asset_that_has_it_and_no_other() {
    let msp = Msp::start(DATABASE).await;
    let (one, other) = (Agent::of_jane(&msp).await, Agent::enroll(&msp.world, &msp.enrollment_token).await);
    let (etag_one, etag_other) = (etag(&one).await, etag(&other).await);

    let woken = tokio::time::timeout(DEADLINE, one.poll(Some(&etag_one), 600).send());
    let path = format!("/end-users/{}", msp.jane);
    let rename = msp.world.done(Method::PATCH, &path, json!({"name": "Jane Roe"}));
    let (woken, _) = tokio::join!(woken, rename);

    let answer: PolicyAnswer = woken.expect("in time").expect("an answer").json().await.expect("JSON");
    assert_eq!(answer.values.end_user, "Jane Roe");
    assert_eq!(other.policy(Some(&etag_other), 0).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn an_ended_assignment_takes_its_name_out_of_the_next_answer() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let path = format!("/assets/{}/assignment", agent.asset);
    let (status, answer) = msp.world.api(Method::DELETE, &path, None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");

    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(answer.values.end_user, "");
}

#[tokio::test]
async fn a_renamed_organization_is_in_the_answers_of_its_own_assets_alone() {
    let msp = Msp::start(DATABASE).await;
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let token = json!({"organization_id": other, "name": "roll-out"});
    let token = msp.world.done(Method::POST, "/enrollment-tokens", token).await;
    let own = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let foreign = Agent::enroll(&msp.world, token["token"].as_str().expect("a token")).await;
    let etag_foreign = etag(&foreign).await;

    let path = format!("/organizations/{}", msp.organization);
    msp.world.done(Method::PATCH, &path, json!({"name": "Contoso & Sons"})).await;

    let answer: PolicyAnswer = own.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(answer.values.organization, "Contoso & Sons");
    assert_eq!(foreign.policy(Some(&etag_foreign), 0).await.status(), StatusCode::NOT_MODIFIED);
}

/// POL-02: organization, folder and asset each win over what is above them, and the API says who (POL-04).
#[tokio::test]
async fn the_level_nearest_to_the_asset_wins() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let folder = world.made("/folders", json!({"organization_id": msp.organization, "name": "Sales"})).await;
    let asset = format!("/assets/{}", agent.asset);
    world.done(Method::PATCH, &asset, json!({"folder_id": folder})).await;
    for (node, kind, path) in [
        (msp.organization.clone(), "organization", format!("/organizations/{}/policy", msp.organization)),
        (folder.clone(), "folder", format!("/folders/{folder}/policy")),
        (agent.asset.clone(), "asset", format!("{asset}/policy")),
    ] {
        let policy = world.made("/policies", policy_json(kind, kind)).await;
        world.done(Method::PUT, &path, json!({"policy_id": policy})).await;

        let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
        assert_eq!(answer.policy.menu[0].kind.label().expect("a label").text.to_string(), kind);
        let effective = world.get(&format!("{asset}/effective-policy")).await;
        assert_eq!(effective["menu_from"]["portal"], json!({"type": kind, "id": node}));
    }
    world.done(Method::PUT, &format!("{asset}/policy"), json!({"policy_id": null})).await;
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert_eq!(answer.policy.menu[0].kind.label().expect("a label").text.to_string(), "folder");
}

/// AGT-08: what an agent reports of its trays stands at the asset.
#[tokio::test]
async fn a_report_is_kept_with_the_asset() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let session = json!({"os_user": {"name": "jane", "id": "1000"}, "tray": "no_tray_host"});
    let report = json!({"facts": facts(), "sessions": [session]});

    let answer = agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");

    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    assert_eq!(msp.world.get(&format!("/assets/{}", agent.asset)).await["sessions"], json!([session]));
}

/// Known agents are answered from memory; only an unknown token is looked for before it is refused.
#[tokio::test]
async fn a_poll_asks_the_database_nothing() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    for table in ["asset", "policy", "revision"] {
        assert_eq!(msp.world.sql(&format!("ALTER TABLE {table} RENAME TO {table}_elsewhere")), "");
    }
    assert_eq!(msp.world.api(Method::GET, "/assets", None).await.0, StatusCode::INTERNAL_SERVER_ERROR);

    let answer = agent.policy(None, 0).await;
    assert_eq!(answer.status(), StatusCode::OK);
    assert_eq!(agent.policy(Some(&etag_of(&answer)), 1).await.status(), StatusCode::NOT_MODIFIED);
    let poll = msp.world.client.get(format!("{}/agent/v1/policy", msp.world.origin)).bearer_auth("A".repeat(43));
    let unknown = poll.send().await.expect("an answer");
    assert_eq!(unknown.status(), StatusCode::INTERNAL_SERVER_ERROR, "it is not told to enroll again");
}

/// SYN-51: a change at the top of the tree reaches 100 agents that wait, wherever below it they hang.
#[tokio::test]
async fn a_change_at_the_top_reaches_a_hundred_agents_below_it() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let other = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let token = world.done(Method::POST, "/enrollment-tokens", json!({"organization_id": other, "name": "x"})).await;
    let other_token = token["token"].as_str().expect("a token").to_owned();
    let folder = world.made("/folders", json!({"organization_id": msp.organization, "name": "Sales"})).await;
    let entry = json!({"id": "own", "type": "information", "label": {"text": "Own"}});
    let below = json!({"name": "Below", "menu": {"mode": "after", "entries": [entry]}});
    let below = world.made("/policies", below).await;
    world.done(Method::PUT, &format!("/folders/{folder}/policy"), json!({"policy_id": below})).await;
    let mut parked = JoinSet::new();
    for number in 0..100 {
        let token = if number % 2 == 0 { &msp.enrollment_token } else { &other_token };
        let agent = Agent::enroll(world, token).await;
        let asset = format!("/assets/{}", agent.asset);
        match number % 10 {
            0 => drop(world.done(Method::PATCH, &asset, json!({"folder_id": folder})).await),
            1 => drop(world.done(Method::PUT, &format!("{asset}/policy"), json!({"policy_id": below})).await),
            _ => {}
        }
        let etag = etag(&agent).await;
        parked.spawn(agent.poll(Some(&etag), 600).send());
    }
    world.once("/provider", |_| true).await;

    let path = format!("/policies/{}", msp.policy);
    world.done(Method::PUT, &path, policy_json("Standard", "Get help")).await;

    let mut told = 0;
    while let Some(answer) = tokio::time::timeout(DEADLINE, parked.join_next()).await.expect("in time") {
        let answer = answer.expect("it ran").expect("an answer");
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: PolicyAnswer = answer.json().await.expect("JSON");
        assert_eq!(answer.policy.menu[0].kind.label().expect("a label").text.to_string(), "Get help");
        told += 1;
    }
    assert_eq!(told, 100);
}

/// POL-01: one policy hangs on many nodes, a node holds at most one, folders nest to 16, and a folder that is moved takes
/// its assets along; with nothing set, the tray is hidden and the menu empty.
#[tokio::test]
async fn policies_hang_on_a_tree_of_any_depth_to_16() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    world.done(Method::PUT, "/provider/policy", json!({"policy_id": null})).await;
    let organization = &msp.organization;
    let mut folders: Vec<String> = Vec::new();
    for depth in 1..=16 {
        let folder = json!({"organization_id": organization, "parent_id": folders.last(), "name": format!("{depth}")});
        folders.push(world.made("/folders", folder).await);
    }
    let deeper = json!({"organization_id": organization, "parent_id": folders[15], "name": "17"});
    assert_eq!(world.api(Method::POST, "/folders", Some(deeper)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let asset = format!("/assets/{}", agent.asset);
    world.done(Method::PATCH, &asset, json!({"folder_id": folders[15]})).await;
    let menu = async || -> Vec<String> {
        let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
        let labels = answer.policy.menu.iter().map(|entry| entry.kind.label().expect("a label").text.to_string());
        labels.collect()
    };
    let answer: PolicyAnswer = agent.policy(None, 0).await.json().await.expect("JSON");
    assert!(answer.policy.hide_tray && answer.policy.menu.is_empty());

    let made = async |name: &str| {
        let entry = json!({"id": name.to_lowercase(), "type": "information", "label": {"text": name}});
        world.made("/policies", json!({"name": name, "menu": {"mode": "after", "entries": [entry]}})).await
    };
    let (one, two, three) = (made("One").await, made("Two").await, made("Three").await);
    let attach = async |node: &str, policy: Value| {
        world.done(Method::PUT, &format!("{node}/policy"), json!({"policy_id": policy})).await;
    };
    attach("/provider", json!(one)).await;
    attach(&format!("/organizations/{organization}"), json!(two)).await;
    attach(&format!("/folders/{}", folders[0]), json!(one)).await;
    attach(&format!("/folders/{}", folders[15]), json!(three)).await;
    assert_eq!(menu().await, ["Two", "One", "Three"], "the same policy on two nodes counts at the lower one");
    attach(&format!("/folders/{}", folders[15]), json!(two)).await;
    assert_eq!(menu().await, ["One", "Two"], "the other policy took the place of the one before");
    attach(&asset, json!(three)).await;
    assert_eq!(menu().await, ["One", "Two", "Three"]);

    let elsewhere = world.made("/folders", json!({"organization_id": organization, "name": "Elsewhere"})).await;
    world.done(Method::PATCH, &format!("/folders/{}", folders[1]), json!({"parent_id": elsewhere})).await;
    attach("/provider", json!(null)).await;
    assert_eq!(menu().await, ["Two", "Three"], "the folder was moved away from the one with the first policy");
    for node in [&format!("/organizations/{organization}"), &format!("/folders/{}", folders[15]), &asset] {
        attach(node, json!(null)).await;
    }
    assert_eq!(menu().await, Vec::<String>::new());
}
