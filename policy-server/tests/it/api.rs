use reqwest::{Method, StatusCode};
use serde_json::json;

use super::DATABASE;
use crate::{
    agents::{Agent, problem},
    world::{Msp, World, policy_json},
};

#[tokio::test]
async fn without_a_token_that_counts_the_api_says_so() {
    let world = World::start(DATABASE).await;
    for path in ["/organizations", "/tickets", "/assets", "/policies", "/enrollment-tokens", "/provider"] {
        for token in [None, Some("x".to_owned()), Some("A".repeat(43))] {
            let get = world.client.get(format!("{}/api/v1{path}", world.origin));
            let get = match &token {
                Some(token) => get.bearer_auth(token),
                None => get,
            };
            let answer = get.send().await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path} {token:?}");
            problem(answer).await;
        }
    }
}

#[tokio::test]
async fn a_list_comes_in_pages_that_join_without_gaps() {
    let world = World::start(DATABASE).await;
    for n in 0..7 {
        world.made("/organizations", json!({"name": format!("Organization {n}")})).await;
    }
    let (mut names, mut cursor) = (Vec::new(), String::new());
    for _ in 0..10 {
        let page = world.get(&format!("/organizations?limit=3{cursor}")).await;
        names.extend(page["items"].as_array().expect("a list").iter().map(|item| item["name"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    let expected: Vec<_> = (0..7).map(|n| json!(format!("Organization {n}"))).collect();
    assert_eq!(names, expected);
    for bad in ["limit=0", "limit=201", "limit=x", "cursor=x", "colour=red"] {
        let (status, _) = world.api(Method::GET, &format!("/organizations?{bad}"), None).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
}

#[tokio::test]
async fn old_names_lead_to_the_same_things() {
    let msp = Msp::start(DATABASE).await;
    let customers = msp.world.get("/customers").await;
    assert_eq!(customers, msp.world.get("/organizations").await);
    assert_eq!(msp.world.get("/contacts").await["items"][0]["id"], json!(msp.jane));
}

#[tokio::test]
async fn each_wrong_field_is_named_with_its_pointer() {
    let world = World::start(DATABASE).await;
    for (path, body, pointer) in [
        ("/organizations", json!({"name": " "}), "/name"),
        ("/organizations", json!({"name": "A", "email": "x"}), "/email"),
        ("/organizations", json!({"name": "A", "nmae": "A"}), "/nmae"),
        ("/organizations", json!({"name": 1}), "/name"),
        ("/policies", json!({"name": "P", "settings": {"hide_tray": "yes"}}), "/settings/hide_tray"),
        ("/enrollment-tokens", json!({"organization_id": "x", "name": "T"}), "/organization_id"),
    ] {
        let (status, answer) = world.api(Method::POST, path, Some(body)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}: {answer}");
        assert_eq!(answer["errors"][0]["pointer"], json!(pointer), "{answer}");
    }
}

/// POL-07: a bad policy cannot be saved; each fault is named.
#[tokio::test]
async fn a_bad_policy_is_refused_and_the_one_in_force_stays() {
    let msp = Msp::start(DATABASE).await;
    let path = format!("/policies/{}", msp.policy);
    for (entry, words) in [
        (json!({"id": "x", "type": "link", "label": {"text": "X"}, "url": "javascript:alert(1)"}), "https://"),
        (
            json!({"id": "x", "type": "link", "label": {"text": "X"}, "url": "https://x.example/{{password}}"}),
            "{{password}}",
        ),
        (json!({"id": "x", "type": "link", "label": {"text": " "}, "url": "https://x.example/"}), "must not be empty"),
        (
            json!({"id": "x", "type": "portal", "label": {"text": "X"}, "destination": "https://evil.example/"}),
            "use a link entry",
        ),
        (json!({"id": "x", "type": "submenu", "label": {"text": "X"}, "entries": []}), "at least one entry"),
        (json!({"id": "X Y", "type": "separator"}), "entry id"),
        (json!({"id": "x", "type": "separator", "label": {"text": "X"}}), "label"),
        (json!({"id": "x", "type": "run", "command": "calc"}), "run"),
        (json!({"id": "x", "type": "information", "label": {"text": "x".repeat(129)}}), "128"),
    ] {
        let mut policy = policy_json("Standard", "x");
        policy["menu"]["entries"] = json!([entry]);
        let (status, answer) = msp.world.api(Method::PUT, &path, Some(policy)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{entry}: {answer}");
        assert!(answer["errors"][0]["pointer"].as_str().expect("a pointer").starts_with("/menu"), "{answer}");
        assert!(answer["detail"].as_str().expect("text").contains(words), "{words}: {answer}");
    }
    assert_eq!(msp.world.get(&path).await["version"], json!(1));
}

/// Every save is kept, with who saved it.
#[tokio::test]
async fn each_save_of_a_policy_is_kept() {
    let msp = Msp::start(DATABASE).await;
    let path = format!("/policies/{}", msp.policy);
    msp.world.done(Method::PUT, &path, policy_json("Standard", "Two")).await;
    let versions = msp.world.get(&format!("{path}/versions")).await;
    let labels: Vec<_> = versions["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|version| {
            (
                version["version"].clone(),
                version["menu"]["entries"][0]["label"]["text"].clone(),
                version["saved_by"].clone(),
            )
        })
        .collect();
    assert_eq!(
        labels,
        [(json!(1), json!("Customer Online Portal"), json!("tests")), (json!(2), json!("Two"), json!("tests"))]
    );
}

/// Invariant 2: an asset goes to one person of its own organization at a time, and the past is kept.
#[tokio::test]
async fn an_assignment_stays_in_its_organization_and_its_history_is_kept() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let path = format!("/assets/{}/assignment", agent.asset);
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let stranger = msp.world.made("/end-users", json!({"organization_id": other, "name": "Joe"})).await;
    let (status, answer) = msp.world.api(Method::PUT, &path, Some(json!({"end_user_id": stranger}))).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/end_user_id")));

    let kim = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Kim"})).await;
    agent.assign(&kim).await;
    agent.assign(&kim).await;
    msp.world.done(Method::DELETE, &path, json!({})).await;

    let history = msp.world.get(&format!("/assets/{}/assignments", agent.asset)).await;
    let people: Vec<_> = history["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|past| (past["end_user_id"].clone(), past["ended_at"].is_null()))
        .collect();
    assert_eq!(people, [(json!(kim), false), (json!(msp.jane), false)]);
    assert_eq!(msp.world.get(&format!("/assets/{}", agent.asset)).await["assignment"], json!(null));
}

/// Invariant 2: whoever comes last has the asset, and nobody is refused.
#[tokio::test(flavor = "multi_thread")]
async fn many_assignments_at_once_leave_one_open() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let mut people = Vec::new();
    for n in 0..8 {
        let person = json!({"organization_id": msp.organization, "name": format!("Person {n}")});
        people.push(msp.world.made("/end-users", person).await);
    }

    futures_util::future::join_all(people.iter().map(|person| agent.assign(person))).await;

    let history = msp.world.get(&format!("/assets/{}/assignments", agent.asset)).await;
    let open = history["items"].as_array().expect("a list").iter().filter(|past| past["ended_at"].is_null()).count();
    assert_eq!((history["items"].as_array().expect("a list").len(), open), (8, 1));
}

#[tokio::test]
async fn folders_hang_below_their_own_organization_without_circles_and_not_too_deep() {
    let msp = Msp::start(DATABASE).await;
    let folder = |parent: Option<String>, name: String| {
        let body = json!({"organization_id": msp.organization, "parent_id": parent, "name": name});
        msp.world.made("/folders", body)
    };
    let mut chain = vec![folder(None, "1".into()).await];
    for depth in 2..=16 {
        chain.push(folder(chain.last().cloned(), depth.to_string()).await);
    }
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let too_deep = json!({"organization_id": msp.organization, "parent_id": chain[15], "name": "17"});
    let foreign = json!({"organization_id": other, "parent_id": chain[0], "name": "F"});
    for body in [too_deep, foreign] {
        let (status, answer) = msp.world.api(Method::POST, "/folders", Some(body)).await;
        assert_eq!((status, &answer["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/parent_id")));
    }
    let circle = json!({"parent_id": chain[2]});
    let (status, _) = msp.world.api(Method::PATCH, &format!("/folders/{}", chain[0]), Some(circle)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}
