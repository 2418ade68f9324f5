use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::Msp,
};

async fn asset(msp: &Msp, id: &str) -> Value {
    msp.world.get(&format!("/assets/{id}")).await
}

async fn events(msp: &Msp, id: &str) -> Vec<(String, String)> {
    let events = msp.world.get(&format!("/assets/{id}/events")).await;
    let text = |value: &Value| value.as_str().expect("text").to_owned();
    let events = events["items"].as_array().expect("a list").iter();
    events.map(|event| (text(&event["kind"]), text(&event["detail"]))).collect()
}

async fn needing_approval(msp: &Msp) -> String {
    let token = json!({"organization_id": msp.organization, "name": "re-imaged", "needs_approval": true});
    let token = msp.world.done(Method::POST, "/enrollment-tokens", token).await;
    token["token"].as_str().expect("a token").to_owned()
}

/// AGT-12: a computer that enrolls again with its serial number is proposed as what it was; staff confirm it, and it has
/// name, folder, policy, end user and tickets, while the asset before it is retired.
#[tokio::test]
async fn a_computer_that_enrolls_again_takes_over_when_staff_confirm_it() {
    let msp = Msp::start(DATABASE).await;
    let old = Agent::of_jane(&msp).await;
    let folder = msp.world.made("/folders", json!({"organization_id": msp.organization, "name": "Front desk"})).await;
    msp.world
        .done(Method::PATCH, &format!("/assets/{}", old.asset), json!({"name": "PC-1", "folder_id": folder}))
        .await;
    let policy = json!({"policy_id": msp.policy});
    msp.world.done(Method::PUT, &format!("/assets/{}/policy", old.asset), policy.clone()).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&old.click().await).await;
    browser.send_form(&form, &[("description", "Broken")]).await;

    let new = Agent::enroll(&msp.world, &needing_approval(&msp).await).await;
    let proposed = asset(&msp, &new.asset).await;
    assert_eq!(proposed["predecessor_id"], json!(old.asset));
    assert_eq!((&proposed["state"], &proposed["assignment"]), (&json!("waiting_for_approval"), &Value::Null));
    assert_eq!(old.policy(None, 0).await.status(), StatusCode::OK, "a proposal changes nothing");
    msp.world.done(Method::POST, &format!("/assets/{}/take-over", new.asset), json!({})).await;

    let taken = asset(&msp, &new.asset).await;
    assert_eq!((&taken["name"], &taken["folder_id"]), (&json!("PC-1"), &json!(folder)));
    assert_eq!((&taken["policy_id"], &taken["state"]), (&policy["policy_id"], &json!("enrolled")));
    assert_eq!(taken["assignment"]["end_user_id"], json!(msp.jane));
    assert_eq!(taken["predecessor_id"], Value::Null);
    let tickets = msp.world.get(&format!("/tickets?asset_id={}", new.asset)).await;
    assert_eq!(tickets["items"].as_array().expect("a list").len(), 1);
    assert_eq!(asset(&msp, &old.asset).await["state"], json!("retired"));
    assert_eq!(old.policy(None, 0).await.status(), StatusCode::GONE);
    assert_eq!(new.policy(None, 0).await.status(), StatusCode::OK);
    let form = Browser::new(&msp.world).open(&new.click().await).await;
    assert_eq!(form.text(".who"), "Reporting as Jane Doe for PC-1");
    assert_eq!(browser.get(FORM).await.status, StatusCode::GONE, "the session of the retired asset is over");

    let told = events(&msp, &new.asset).await;
    for expected in [("take_over_proposed", &old.asset), ("took_over", &old.asset), ("assigned", &msp.jane)] {
        assert!(told.contains(&(expected.0.into(), expected.1.clone())), "{expected:?} in {told:?}");
    }
    assert!(events(&msp, &old.asset).await.contains(&("taken_over".into(), new.asset.clone())));
}

/// AGT-12: what staff decline is proposed no more, and both computers go on.
#[tokio::test]
async fn a_declined_take_over_changes_nothing() {
    let msp = Msp::start(DATABASE).await;
    let old = Agent::of_jane(&msp).await;
    let new = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let path = format!("/assets/{}/take-over", new.asset);

    msp.world.done(Method::DELETE, &path, json!({})).await;

    assert_eq!(asset(&msp, &new.asset).await["predecessor_id"], Value::Null);
    assert_eq!(msp.world.api(Method::POST, &path, Some(json!({}))).await.0, StatusCode::CONFLICT);
    for agent in [&old, &new] {
        assert_eq!(agent.policy(None, 0).await.status(), StatusCode::OK);
    }
}

/// AGT-12: staff who confirm it twice, or at once, move everything once.
#[tokio::test]
async fn a_take_over_happens_once() {
    let msp = Msp::start(DATABASE).await;
    let old = Agent::of_jane(&msp).await;
    let new = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let path = format!("/assets/{}/take-over", new.asset);

    let confirm = || msp.world.api(Method::POST, &path, Some(json!({})));
    let (one, other) = tokio::join!(confirm(), confirm());

    let mut answers = [one.0, other.0];
    answers.sort();
    assert_eq!(answers, [StatusCode::OK, StatusCode::CONFLICT]);
    let history = msp.world.get(&format!("/assets/{}/assignments", new.asset)).await;
    assert_eq!(history["items"].as_array().expect("a list").len(), 1);
    let tellings = events(&msp, &old.asset).await.into_iter().filter(|(kind, _)| kind == "taken_over");
    assert_eq!(tellings.count(), 1);
}

/// AGT-12: neither another organization's computer nor a retired one is proposed, and an end user whom staff have
/// assigned already stays.
#[tokio::test]
async fn a_proposal_stays_within_the_organization_and_what_staff_did_stays() {
    let msp = Msp::start(DATABASE).await;
    let old = Agent::of_jane(&msp).await;
    let organization = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let token = json!({"organization_id": organization, "name": "roll-out"});
    let token = msp.world.done(Method::POST, "/enrollment-tokens", token).await;
    let foreign = Agent::enroll(&msp.world, token["token"].as_str().expect("a token")).await;
    assert_eq!(asset(&msp, &foreign.asset).await["predecessor_id"], Value::Null);

    let new = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let joe = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Joe"})).await;
    new.assign(&joe).await;
    msp.world.done(Method::POST, &format!("/assets/{}/take-over", new.asset), json!({})).await;
    assert_eq!(asset(&msp, &new.asset).await["assignment"]["end_user_id"], json!(joe));
    assert_eq!(asset(&msp, &old.asset).await["assignment"], Value::Null);

    msp.world.done(Method::POST, &format!("/assets/{}/retire", new.asset), json!({})).await;
    let third = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    assert_eq!(asset(&msp, &third.asset).await["predecessor_id"], Value::Null, "a retired asset was proposed");
}
