use std::{path::Path, process::Output};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tempfile::TempDir;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::{Msp, command},
};

/// The folder, below a temporary one, where a server's data is restored to; with its database.
struct Elsewhere {
    parent: TempDir,
    database_url: String,
}

impl Elsewhere {
    fn new() -> Self {
        Self { parent: tempfile::tempdir().expect("a folder"), database_url: DATABASE.new_url() }
    }

    fn folder(&self) -> std::path::PathBuf {
        self.parent.path().join("data")
    }

    fn restore(&self, backup: &Path, more: &[&str]) -> Output {
        let arguments = [&["restore", backup.to_str().expect("text")], more].concat();
        command(&self.folder(), &self.database_url, &arguments)
    }
}

fn succeeded(output: &Output) {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn refused(output: &Output, words: &str) {
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.code() == Some(1) && said.contains(words), "{said}");
}

fn back_up(data: &Path, database_url: &str, folder: &Path) -> Output {
    command(data, database_url, &["backup", folder.to_str().expect("text")])
}

fn back_up_msp(msp: &Msp, folder: &Path) -> Output {
    back_up(&msp.world.data, &msp.world.database_url, folder)
}

/// An attachment, as the data folder keeps one.
fn attach(msp: &Msp) {
    let folder = msp.world.folder.path().join("attachments/ab");
    std::fs::create_dir_all(&folder).expect("made");
    std::fs::write(folder.join("abcd"), "A picture of a fire").expect("written");
}

/// Everything comes back: tickets, agents' tokens, browsers' sessions, files.
#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_was_made_while_tickets_came_in_brings_everything_back() {
    let mut msp = Msp::start(DATABASE).await;
    attach(&msp);
    msp.world.stop().await;
    let mut server = msp.world.program("").await;
    let backups = tempfile::tempdir().expect("a folder");
    let backup = backups.path().join("monday");
    let (agent_token, cookies, ticket) = {
        let agent = Agent::of_jane(&msp).await;
        let browser = Browser::new(&msp.world);
        let form = browser.open(&agent.click().await).await;
        let ticket = browser.send_form(&form, &[("description", "Kept")]).await.location();
        let (data, url, folder) = (msp.world.data.clone(), msp.world.database_url.clone(), backup.clone());
        let running = tokio::task::spawn_blocking(move || back_up(&data, &url, &folder));
        let sending = async {
            for n in 0..20 {
                let fresh = browser.get(FORM).await;
                browser.send_form(&fresh, &[("description", &format!("Meanwhile {n}"))]).await;
            }
        };
        let (output, ()) = tokio::join!(running, sending);
        succeeded(&output.expect("ran"));
        (agent.token().to_owned(), browser.into_cookies(), ticket)
    };
    server.process.kill().await.expect("killed");

    let elsewhere = Elsewhere::new();
    succeeded(&elsewhere.restore(&backup, &[]));
    assert_eq!(std::fs::read(elsewhere.folder().join("attachments/ab/abcd")).expect("there"), b"A picture of a fire");
    msp.world.data = elsewhere.folder();
    msp.world.database_url.clone_from(&elsewhere.database_url);
    let _server = msp.world.program("").await;
    let browser = Browser::with_cookies(&msp.world, cookies);
    assert_eq!(browser.get(&ticket).await.text(".typed"), "Kept");
    assert_eq!(browser.get(FORM).await.status, StatusCode::OK);
    let poll = msp.world.client.get(format!("{}/agent/v1/policy", msp.world.origin)).bearer_auth(agent_token);
    assert_eq!(poll.send().await.expect("an answer").status(), StatusCode::OK);
}

#[tokio::test]
async fn a_damaged_backup_is_refused_by_the_name_of_the_file() {
    let msp = Msp::start(DATABASE).await;
    attach(&msp);
    let backups = tempfile::tempdir().expect("a folder");
    let backup = backups.path().join("monday");
    succeeded(&back_up_msp(&msp, &backup));
    let manifest: serde_json::Value =
        serde_json::from_slice(&std::fs::read(backup.join("manifest.json")).expect("there")).expect("JSON");
    let elsewhere = Elsewhere::new();
    for file in manifest["files"].as_array().expect("a list") {
        let file = backup.join(file["path"].as_str().expect("text"));
        let whole = std::fs::read(&file).expect("there");
        let mut damaged = whole.clone();
        damaged[0] ^= 1;
        std::fs::write(&file, &damaged).expect("written");
        refused(&elsewhere.restore(&backup, &[]), &format!("{} is damaged", file.display()));
        std::fs::remove_file(&file).expect("removed");
        refused(&elsewhere.restore(&backup, &[]), file.to_str().expect("text"));
        std::fs::write(&file, &whole).expect("written");
        assert!(!elsewhere.folder().exists(), "nothing was touched");
    }
    succeeded(&elsewhere.restore(&backup, &[]));
}

#[tokio::test]
async fn data_that_is_there_is_replaced_only_when_asked() {
    let msp = Msp::start(DATABASE).await;
    let backups = tempfile::tempdir().expect("a folder");
    let (monday, tuesday) = (backups.path().join("monday"), backups.path().join("tuesday"));
    succeeded(&back_up_msp(&msp, &monday));
    refused(&back_up_msp(&msp, &monday), "not empty");
    msp.world.done(Method::POST, "/organizations", json!({"name": "Fabrikam"})).await;
    succeeded(&back_up_msp(&msp, &tuesday));
    let elsewhere = Elsewhere::new();
    succeeded(&elsewhere.restore(&monday, &[]));
    refused(&elsewhere.restore(&tuesday, &[]), "--replace");
    let token = |organization| {
        let arguments = ["enrollment-token", "create", "--organization", organization];
        command(&elsewhere.folder(), &elsewhere.database_url, &arguments)
    };
    refused(&token("Fabrikam"), "no organization");

    succeeded(&elsewhere.restore(&tuesday, &["--replace"]));

    succeeded(&token("Fabrikam"));
    let left: Vec<_> = std::fs::read_dir(elsewhere.parent.path()).expect("there").collect();
    assert_eq!(left.len(), 1, "no unfinished folder stays: {left:?}");
}

/// A restore under a running server would be lost with the server's next write.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_is_refused_while_a_server_runs() {
    let mut msp = Msp::start(DATABASE).await;
    let elsewhere = tempfile::tempdir().expect("a folder");
    let backup = elsewhere.path().join("backup");
    succeeded(&back_up_msp(&msp, &backup));
    let restore = ["restore", backup.to_str().expect("text"), "--replace"];

    refused(&command(&msp.world.data, &msp.world.database_url, &restore), "stop it first");
    msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;

    msp.world.stop().await;
    succeeded(&command(&msp.world.data, &msp.world.database_url, &restore));
}
