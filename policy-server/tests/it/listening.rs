//! PostgreSQL tells servers of each other's changes at once. Looked for every 5 seconds, the four changes of each of these
//! tests, each seen before the next is made, would take 15 seconds at least.

use std::time::Duration;

use reqwest::Method;

use super::{
    DATABASE,
    servers::{etag, label, next, second, told},
};
use crate::{
    agents::Agent,
    world::{Msp, policy_json},
};

/// Saves a policy four times at one server and sees each of them at another, in less time than looking takes; runs a
/// statement before each.
async fn told_at_once(before_each: Option<&str>) {
    let msp = Msp::start(DATABASE).await;
    let other = second(&msp.world).await;
    let agent = Agent::of_jane(&msp).await;
    let mut known = told(&agent, &other, |values| values.end_user == "Jane Doe").await;
    let path = format!("/policies/{}", msp.policy);
    let told = async {
        for name in ["One", "Two", "Three", "Four"] {
            assert_eq!(before_each.map_or(String::new(), |statement| msp.world.sql(statement)), "");
            let save = msp.world.done(Method::PUT, &path, policy_json("Standard", name));
            let (answer, _) = tokio::join!(next(&agent, &other, &known), save);
            known = etag(&answer);
            assert_eq!(label(&answer.json().await.expect("JSON")), name);
        }
    };
    tokio::time::timeout(Duration::from_secs(10), told).await.expect("changes are told, not looked for");
}

#[tokio::test]
async fn a_saved_policy_is_told_to_the_other_servers_at_once() {
    told_at_once(None).await;
}

#[tokio::test]
async fn a_server_whose_listening_connection_was_cut_listens_again_and_has_missed_nothing() {
    let cut = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
        WHERE datname = current_database() AND query LIKE 'LISTEN%'";
    told_at_once(Some(cut)).await;
}
