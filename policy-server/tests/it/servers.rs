//! Two servers on one database: what one writes is in force at the other, and what the command line writes at both.

use std::{path::PathBuf, process::Output, time::Duration};

use deskbell_protocol::{PolicyAnswer, Values};
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    world::{Database, Msp, ServerProgram, World, command, policy_json},
};

/// Ten times the 5 seconds that a change of another program takes at most.
const DEADLINE: Duration = Duration::from_secs(50);

/// Another server on the database of `world`, on the same computer.
pub(super) async fn second(world: &World) -> ServerProgram {
    let environment = [("DESKBELL_SERVER__DATABASE__URL", world.database_url.as_str())];
    ServerProgram::start(&world.data, "", &environment).await
}

async fn ask(agent: &Agent<'_>, server: &ServerProgram, etag: Option<&str>, wait_seconds: u32) -> Response {
    let request = agent.world.client.get(format!("{}/agent/v1/policy", server.origin)).bearer_auth(agent.token());
    let request = request.header("prefer", format!("wait={wait_seconds}"));
    let request = etag.iter().fold(request, |request, etag| request.header("if-none-match", *etag));
    request.send().await.expect("an answer")
}

pub(super) fn etag(answer: &Response) -> String {
    answer.headers()["etag"].to_str().expect("text").to_owned()
}

/// What an agent that waits at `server` is told next, having been told what `before` names.
pub(super) async fn next(agent: &Agent<'_>, server: &ServerProgram, before: &str) -> Response {
    tokio::time::timeout(DEADLINE, ask(agent, server, Some(before), 600)).await.expect("the change is told in time")
}

/// What names that which the agent is told at `server`, once its values are `so`.
pub(super) async fn told(agent: &Agent<'_>, server: &ServerProgram, so: impl Fn(&Values) -> bool) -> String {
    let mut known = "nothing".to_owned();
    loop {
        let answer = next(agent, server, &known).await;
        known = etag(&answer);
        if so(&values(answer).await) {
            return known;
        }
    }
}

async fn values(answer: Response) -> Values {
    answer.json::<PolicyAnswer>().await.expect("JSON").values
}

pub(super) fn label(answer: &PolicyAnswer) -> String {
    answer.policy.menu[0].kind.label().expect("a label").text.to_string()
}

#[tokio::test]
async fn what_one_server_writes_wakes_exactly_the_agents_that_it_is_for_at_another() {
    let msp = Msp::start(DATABASE).await;
    let (world, token) = (&msp.world, &msp.enrollment_token);
    let other = second(world).await;
    let (renamed, assigned, retired) =
        (Agent::enroll(world, token).await, Agent::enroll(world, token).await, Agent::enroll(world, token).await);
    let (of_jane, bystander) = (Agent::of_jane(&msp).await, Agent::enroll(world, token).await);
    let mut etags = vec![told(&of_jane, &other, |values| values.end_user == "Jane Doe").await];
    for agent in [&renamed, &assigned, &retired, &bystander] {
        etags.push(told(agent, &other, |_| true).await);
    }
    let sam = world.made("/end-users", json!({"organization_id": msp.organization, "name": "Sam"})).await;

    let writes = async {
        world.done(Method::PATCH, &format!("/assets/{}", renamed.asset), json!({"name": "PC-1"})).await;
        assigned.assign(&sam).await;
        world.done(Method::POST, &format!("/assets/{}/retire", retired.asset), json!({})).await;
        world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"name": "Jane Roe"})).await;
    };
    let (renamed, assigned, gone, jane, ()) = tokio::join!(
        next(&renamed, &other, &etags[1]),
        next(&assigned, &other, &etags[2]),
        next(&retired, &other, &etags[3]),
        next(&of_jane, &other, &etags[0]),
        writes,
    );

    assert_eq!(values(renamed).await.asset, "PC-1");
    assert_eq!(values(assigned).await.end_user, "Sam");
    assert_eq!(gone.status(), StatusCode::GONE);
    assert_eq!(values(jane).await.end_user, "Jane Roe");
    assert_eq!(ask(&bystander, &other, Some(&etags[4]), 0).await.status(), StatusCode::NOT_MODIFIED);
}

#[tokio::test]
async fn an_approval_and_a_take_over_at_one_server_count_at_another() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let other = second(world).await;
    let old = Agent::of_jane(&msp).await;
    world.done(Method::PATCH, &format!("/assets/{}", old.asset), json!({"name": "PC-1"})).await;
    let token = json!({"organization_id": msp.organization, "name": "re-imaged", "needs_approval": true});
    let token = world.done(Method::POST, "/enrollment-tokens", token).await;
    let new = Agent::enroll(world, token["token"].as_str().expect("a token")).await;
    assert_eq!(ask(&new, &other, None, 0).await.status(), StatusCode::FORBIDDEN, "it waits for approval");
    let before = told(&old, &other, |values| values.asset == "PC-1" && values.end_user == "Jane Doe").await;

    let take_over = format!("/assets/{}/take-over", new.asset);
    let (gone, successor, _) = tokio::join!(
        next(&old, &other, &before),
        next(&new, &other, "none"),
        world.done(Method::POST, &take_over, json!({})),
    );

    assert_eq!(gone.status(), StatusCode::GONE);
    let values = values(successor).await;
    assert_eq!((values.asset.as_str(), values.end_user.as_str()), ("PC-1", "Jane Doe"));
}

/// An agent that is told to enroll again because its request came to another server would be there twice.
#[tokio::test]
async fn a_token_that_one_server_gave_out_is_known_to_another_at_once() {
    let msp = Msp::start(DATABASE).await;
    let other = second(&msp.world).await;
    for _ in 0..5 {
        let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
        assert_eq!(ask(&agent, &other, None, 0).await.status(), StatusCode::OK);
    }
    let stranger = "A".repeat(43);
    let poll = msp.world.client.get(format!("{}/agent/v1/policy", other.origin)).bearer_auth(stranger);
    assert_eq!(poll.send().await.expect("an answer").status(), StatusCode::UNAUTHORIZED);
}

/// A notification that is lost costs 5 seconds at most.
#[tokio::test]
async fn what_no_server_was_told_is_in_force_within_five_seconds() {
    let msp = Msp::start(DATABASE).await;
    let other = second(&msp.world).await;
    let agent = Agent::of_jane(&msp).await;
    let known = told(&agent, &other, |values| values.end_user == "Jane Doe").await;
    if DATABASE == Database::Postgres {
        let silent = "DO $$ BEGIN
            EXECUTE replace(pg_get_functiondef('note(text, uuid)'::regprocedure), 'NOTIFY deskbell_revision;', '');
            END $$";
        assert_eq!(msp.world.sql(silent), "");
    }
    let path = format!("/policies/{}", msp.policy);
    let save = msp.world.done(Method::PUT, &path, policy_json("Standard", "Looked for"));
    let (answer, _) = tokio::join!(next(&agent, &other, &known), save);
    assert_eq!(label(&answer.json().await.expect("JSON")), "Looked for");
}

/// Of what was changed only so much is kept: who has not looked for long, or comes to another database, reads everything.
#[tokio::test]
async fn who_was_away_for_longer_than_changes_are_kept_reads_everything() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let known = etag(&agent.policy(None, 0).await);
    let name = "UPDATE provider SET name = 'Southwind IT'; UPDATE end_user SET name = 'Jane Roe';";
    let later = "DELETE FROM revision WHERE number < (SELECT max(number) FROM revision); \
                 UPDATE revision SET number = number + 60000;";
    msp.world.run_sql(&format!("BEGIN; {name} {later} COMMIT;"));
    let told = tokio::time::timeout(DEADLINE, agent.policy(Some(&known), 600)).await.expect("told in time");
    assert_eq!(values(told).await.end_user, "Jane Roe");
    let page = msp
        .world
        .client
        .get(format!("{}/my_profile/v2/asset_new_ticket_form", msp.world.origin))
        .send()
        .await
        .expect("an answer");
    assert!(page.text().await.expect("text").contains("Southwind IT"));
}

#[tokio::test]
async fn the_msps_new_name_is_on_the_pages_of_the_other_server() {
    let msp = Msp::start(DATABASE).await;
    let other = second(&msp.world).await;
    msp.world.done(Method::PATCH, "/provider", json!({"name": "Southwind IT"})).await;
    let shown = async {
        loop {
            let page = msp
                .world
                .client
                .get(format!("{}/my_profile/v2/asset_new_ticket_form", other.origin))
                .send()
                .await
                .expect("an answer");
            if page.text().await.expect("text").contains("Southwind IT") {
                break;
            }
        }
    };
    tokio::time::timeout(DEADLINE, shown).await.expect("the new name is shown in time");
}

/// A file with the policies of `msp`, and that file's folder.
fn exported(msp: &Msp) -> (tempfile::TempDir, PathBuf, Value) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("policies.json");
    let output = policy(msp, &["export", file.to_str().expect("text")]);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let policies = serde_json::from_slice(&std::fs::read(&file).expect("there")).expect("JSON");
    (folder, file, policies)
}

fn policy(msp: &Msp, arguments: &[&str]) -> Output {
    command(&msp.world.data, &msp.world.database_url, &[&["policy"], arguments].concat())
}

fn printed(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).expect("text")
}

/// While a server runs: what goes out is what the API gives, the plan changes nothing, and the import reaches the agents
/// that wait.
#[tokio::test(flavor = "multi_thread")]
async fn policies_go_out_and_come_in_on_the_command_line_and_reach_the_agents_that_wait() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let before = etag(&agent.policy(None, 0).await);
    let (_folder, file, mut policies) = exported(&msp);
    let original = std::fs::read(&file).expect("there");
    assert_eq!(original, msp.world.bytes("/policies/export").await);
    assert_eq!(printed(&policy(&msp, &["export"])).into_bytes(), original);
    let name = file.to_str().expect("text");
    assert_eq!(
        printed(&policy(&msp, &["plan", name])),
        "keep  Standard\nComputers whose menu or tray would change: 0\n"
    );

    policies["policies"][0]["menu"]["entries"][0]["label"]["text"] = json!("Get help");
    policies["policies"].as_array_mut().expect("a list").push(json!({"name": "Kiosk"}));
    std::fs::write(&file, policies.to_string()).expect("written");
    let plan = "save  Standard\n      Get help: label: Customer Online Portal → Get help\nmake  Kiosk\n";
    let expected = format!("{plan}Computers whose menu or tray would change: 1\n");
    assert_eq!(printed(&policy(&msp, &["plan", name])), expected);
    let as_json: Value = serde_json::from_str(&printed(&policy(&msp, &["plan", name, "--json"]))).expect("JSON");
    assert_eq!(as_json, msp.world.done(Method::POST, "/policies/plan", policies.clone()).await);
    assert_eq!(msp.world.bytes("/policies/export").await, original, "a plan changes nothing");

    let waiting = tokio::time::timeout(DEADLINE, agent.poll(Some(&before), 600).send());
    let import = async { printed(&policy(&msp, &["import", name])) };
    let (answer, said) = tokio::join!(waiting, import);
    assert_eq!(said, format!("{plan}Computers whose menu or tray changes: 1\n"));
    let answer: PolicyAnswer = answer.expect("told in time").expect("an answer").json().await.expect("JSON");
    assert_eq!(label(&answer), "Get help");
    let records = msp.world.get("/audit-records").await;
    let record = &records["items"][0];
    assert_eq!((&record["actor_kind"], &record["action"]), (&json!("command_line"), &json!("policy_made")));
}

#[tokio::test]
async fn a_policy_file_that_cannot_be_taken_is_refused_by_the_name_of_each_field() {
    let msp = Msp::start(DATABASE).await;
    let (_folder, file, mut policies) = exported(&msp);
    let name = file.to_str().expect("text");
    let refused = |arguments: &[&str]| {
        let output = policy(&msp, arguments);
        assert_eq!(output.status.code(), Some(1));
        (String::from_utf8(output.stdout).expect("text"), String::from_utf8(output.stderr).expect("text"))
    };
    policies["policies"][0]["menu"]["entries"][0]["destination"] = json!("https://evil.example/");
    policies["policies"].as_array_mut().expect("a list").push(json!({"name": " "}));
    std::fs::write(&file, policies.to_string()).expect("written");
    for action in ["plan", "import"] {
        let (_, said) = refused(&[action, name]);
        assert!(said.contains("policies.json cannot be taken, nothing was changed:\n"), "{said}");
        assert!(said.contains("\n  /policies/0/menu/entries/0/destination "), "{said}");
        assert!(said.contains("\n  /policies/1/name "), "{said}");
    }
    let (problem, _) = refused(&["import", name, "--json"]);
    let problem: Value = serde_json::from_str(&problem).expect("a problem document");
    assert_eq!(problem["errors"][0]["pointer"], "/policies/0/menu/entries/0/destination");
    std::fs::write(&file, "{\"policies\": [{\"name\": \"A\", \"colour\": 1}]}").expect("written");
    let (_, said) = refused(&["import", name]);
    assert!(said.contains("/policies/0") && said.contains("colour"), "{said}");
    let (_, said) = refused(&["import", "/nowhere.json"]);
    assert!(said.contains("reading /nowhere.json"), "{said}");
    assert_eq!(policy(&msp, &["import"]).status.code(), Some(2));
    assert_eq!(msp.world.get("/policies").await["items"].as_array().expect("a list").len(), 1);
}
