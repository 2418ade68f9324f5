use std::time::Duration;

use deskbell_protocol::InstanceId;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use uuid::Uuid;

use super::DATABASE;
use crate::{agents::Agent, world::Msp};

fn drawn() -> InstanceId {
    InstanceId(Uuid::new_v4().as_u64_pair().0)
}

async fn asks_as(agent: &Agent<'_>, instance: InstanceId) {
    let poll = agent.poll(None, 0).header("deskbell-instance", instance.to_string());
    assert_eq!(poll.send().await.expect("an answer").status(), StatusCode::OK);
}

async fn asset(msp: &Msp, agent: &Agent<'_>) -> Value {
    msp.world.get(&format!("/assets/{}", agent.asset)).await
}

async fn events(msp: &Msp, agent: &Agent<'_>, kind: &str) -> usize {
    let events = msp.world.get(&format!("/assets/{}/events", agent.asset)).await;
    events["items"].as_array().expect("a list").iter().filter(|event| event["kind"] == json!(kind)).count()
}

/// AGT-12: two agents that use one token in turn are marked for staff, once, until only one does for a day.
#[tokio::test]
async fn two_agents_with_one_token_are_marked_for_staff_until_a_day_after_one_has_stopped() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let (one, other) = (drawn(), drawn());

    for _ in 0..10 {
        asks_as(&agent, one).await;
        asks_as(&agent, other).await;
    }

    assert!(asset(&msp, &agent).await["shared_identity_since"].is_i64());
    assert_eq!(events(&msp, &agent, "shared_identity").await, 1);

    msp.world.clock.advance(Duration::from_hours(25));
    asks_as(&agent, other).await;
    assert_eq!(asset(&msp, &agent).await["shared_identity_since"], Value::Null);
    assert_eq!(events(&msp, &agent, "shared_identity_ended").await, 1);
}

/// AGT-12: no false alarm: every start is another instance, each may leave a request that comes late, and agents of an
/// earlier version name none.
#[tokio::test]
async fn restarts_are_no_shared_identity() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let mut before = drawn();
    asks_as(&agent, before).await;

    for _ in 0..10 {
        let instance = drawn();
        for asks in [instance, before, instance] {
            asks_as(&agent, asks).await;
            agent.policy(None, 0).await;
        }
        before = instance;
    }

    assert_eq!(asset(&msp, &agent).await["shared_identity_since"], Value::Null);
    assert_eq!(events(&msp, &agent, "shared_identity").await, 0);
}

/// AGT-12: what staff change at a marked asset leaves the mark.
#[tokio::test]
async fn a_mark_stays_when_staff_change_the_asset() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let (one, other) = (drawn(), drawn());
    for _ in 0..4 {
        asks_as(&agent, one).await;
        asks_as(&agent, other).await;
    }

    msp.world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"name": "PC-1"})).await;

    assert!(asset(&msp, &agent).await["shared_identity_since"].is_i64());
}
