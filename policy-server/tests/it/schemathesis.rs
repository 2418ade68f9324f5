//! The API against its own description. Schemathesis sends what the description allows and what it forbids, and compares
//! each answer with it: no failure of the server, no status, media type or header that is not described, no answer of
//! another shape.

use std::path::{Path, PathBuf};

use reqwest::Method;
use serde_json::json;
use tokio::process::Command;

use crate::{
    agents::Agent,
    browsers::Browser,
    world::{Database, Msp},
};

/// Where `tests/run` has it.
fn program() -> PathBuf {
    let program = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/schemathesis/bin/schemathesis");
    let install = "virtualenv target/schemathesis && target/schemathesis/bin/pip install schemathesis";
    assert!(program.exists(), "Schemathesis is needed for this test: {install}");
    program
}

/// Something of each kind, so that requests meet more than what is not there: paths and the id that stands in them.
async fn things(msp: &Msp) -> Vec<(&'static str, String)> {
    let world = &msp.world;
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(world);
    let form = browser.open(&agent.click().await).await;
    browser.send_form(&form, &[("description", "It is broken")]).await;
    let id = async |path: &str, body| world.made(path, body).await;
    let folder = id("/folders", json!({"organization_id": msp.organization, "name": "Sales"})).await;
    let staff = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
    let endpoint = json!({"url": "https://127.0.0.1/", "events": ["ticket.updated"]});
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "psa@msp.example"})).await;
    let first = async |path: &str| world.get(path).await["items"][0]["id"].as_str().expect("an id").to_owned();
    vec![
        ("/portals/", first("/portals").await),
        ("/organizations/", msp.organization.clone()),
        ("/folders/", folder),
        ("/end-users/", msp.jane.clone()),
        ("/portal-users/", msp.portal_user.clone()),
        ("/assets/", agent.asset),
        ("/policies/", msp.policy.clone()),
        ("/tickets/", first("/tickets").await),
        ("/staff/", id("/staff", staff).await),
        ("/webhook-endpoints/", id("/webhook-endpoints", endpoint).await),
        ("/api-tokens/", id("/api-tokens", json!({"name": "spare", "role": "read_only"})).await),
        ("/enrollment-tokens/", first("/enrollment-tokens").await),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn the_api_is_what_it_says_of_itself() {
    let msp = Msp::start(Database::Sqlite).await;
    let operations = things(&msp).await.into_iter().map(|(path, id)| {
        let within = format!("include-path-regex = \"^{path}\"");
        format!("[[operations]]\n{within}\nparameters = {{ \"path.id\" = \"{id}\" }}\n")
    });
    let config = msp.world.folder.path().join("schemathesis.toml");
    std::fs::write(&config, operations.collect::<String>()).expect("written");
    let hooks = msp.world.folder.path().join("hooks.py");
    let mails =
        "import schemathesis\nschemathesis.serializer.alias(\"message/rfc822\", \"application/octet-stream\")\n";
    std::fs::write(&hooks, mails).expect("written");
    let examples = if std::env::var_os("DESKBELL_LONG").is_some() { "100" } else { "3" };
    let checks = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,\
                  response_headers_conformance,unsupported_method";
    let run = Command::new(program())
        .arg("--config-file")
        .arg(&config)
        .args(["run", &format!("{}/api/v1/openapi.json", msp.world.origin)])
        .args(["--header", &format!("Authorization: Bearer {}", msp.world.api_token)])
        // Python 3.11 cannot parse in two threads at once ("AST constructor recursion depth mismatch").
        .args(["--checks", checks, "--seed", "1", "--workers", "1", "--max-examples", examples])
        .args(["--phases", "examples,coverage,fuzzing", "--warnings", "off", "--no-color"])
        .env("SCHEMATHESIS_HOOKS", &hooks)
        .current_dir(msp.world.folder.path())
        .output()
        .await
        .expect("it runs");
    let report = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success(), "{report}{}", String::from_utf8_lossy(&run.stderr));
    assert!(report.contains("passed"), "{report}");
}
