use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, facts},
    staff_members::member,
    world::{Database, Msp, policy_json},
};

async fn report(agent: &Agent<'_>, trays: &[&str]) {
    let session = |(id, tray): (usize, &&str)| json!({"os_user": {"name": "jane", "id": id.to_string()}, "tray": tray});
    let sessions: Vec<_> = trays.iter().enumerate().map(session).collect();
    let report = json!({"facts": facts(), "sessions": sessions});
    let answer = agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
}

async fn counted(msp: &Msp, policy: &str) -> Value {
    msp.world.get(&format!("/policies/{policy}/tray-states")).await
}

/// AGT-08: what agents report is counted for each policy that reaches them.
#[tokio::test]
async fn each_policy_counts_the_trays_below_it() {
    let msp = Msp::start(DATABASE).await;
    let [one, two, three] = [
        Agent::enroll(&msp.world, &msp.enrollment_token).await,
        Agent::enroll(&msp.world, &msp.enrollment_token).await,
        Agent::enroll(&msp.world, &msp.enrollment_token).await,
    ];
    let special = msp.world.made("/policies", policy_json("Special", "Help")).await;
    let folder = msp.world.made("/folders", json!({"organization_id": msp.organization, "name": "Sales"})).await;
    msp.world.done(Method::PUT, &format!("/folders/{folder}/policy"), json!({"policy_id": special})).await;
    msp.world.done(Method::PATCH, &format!("/assets/{}", two.asset), json!({"folder_id": folder})).await;
    msp.world.done(Method::PUT, &format!("/assets/{}/policy", three.asset), json!({"policy_id": special})).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let unused = msp.world.made("/policies", policy_json("Unused", "Help")).await;
    // Each state another number of times.
    report(&one, &[&["visible"][..], &["no_tray_host"; 4]].concat()).await;
    report(&two, &[&["visible"][..], &["hidden"; 3], &["stopped"; 5]].concat()).await;
    report(&three, &["overflow"]).await;

    let all = json!({"visible": 2, "overflow": 1, "hidden": 3, "no_tray_host": 4, "stopped": 5});
    assert_eq!(counted(&msp, &msp.policy).await, json!({"assets": 3, "sessions": all}));
    assert_eq!(kim.get("/console").await.texts("#trays dd"), ["2", "1", "3", "4", "5"]);
    let some = json!({"visible": 1, "overflow": 1, "hidden": 3, "no_tray_host": 0, "stopped": 5});
    assert_eq!(counted(&msp, &special).await, json!({"assets": 2, "sessions": some}));
    let none = json!({"visible": 0, "overflow": 0, "hidden": 0, "no_tray_host": 0, "stopped": 0});
    assert_eq!(counted(&msp, &unused).await, json!({"assets": 0, "sessions": none}));

    // What was reported before it was counted is counted by the migration.
    msp.world.run_sql("UPDATE asset SET trays_visible = 7, trays_hidden = 7, trays_overflow = 7, trays_no_host = 7, trays_stopped = 7;");
    msp.world.run_sql(match DATABASE {
        Database::Sqlite => include_str!("../../migrations/0014_reach.sqlite.sql"),
        Database::Postgres => include_str!("../../migrations/0014_reach.postgres.sql"),
    });
    assert_eq!(counted(&msp, &special).await, json!({"assets": 2, "sessions": some}));

    report(&three, &["visible"]).await;
    msp.world.done(Method::POST, &format!("/assets/{}/retire", two.asset), json!({})).await;
    let left = json!({"visible": 1, "overflow": 0, "hidden": 0, "no_tray_host": 0, "stopped": 0});
    assert_eq!(counted(&msp, &special).await, json!({"assets": 1, "sessions": left}));

    let absent = format!("/policies/{}/tray-states", msp.jane);
    assert_eq!(msp.world.api(Method::GET, &absent, None).await.0, StatusCode::NOT_FOUND);
}
