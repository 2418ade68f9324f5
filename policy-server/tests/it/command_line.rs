use std::time::Duration;

use crate::world::{ServerProgram, api_token, command};
use deskbell_protocol::Problem;
use serde_json::json;

fn complaint(folder: &std::path::Path, arguments: &[&str], environment: &[(&str, &str)]) -> (Option<i32>, String) {
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_deskbell-server"))
        .args(arguments)
        .env("DESKBELL_SERVER__DATA__FOLDER", folder)
        .envs(environment.iter().copied())
        .output()
        .expect("the program runs");
    (output.status.code(), String::from_utf8(output.stderr).expect("text"))
}

#[test]
fn what_is_wrong_with_the_configuration_is_said_and_the_program_ends_with_1() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("server.toml");
    std::fs::write(&file, "public_url = \"https://a.example\"\n\n[listen]\nadress = []\n").expect("written");
    let (code, words) = complaint(folder.path(), &["--config", file.to_str().expect("text"), "serve"], &[]);
    assert_eq!(code, Some(1));
    assert!(words.contains("server.toml") && words.contains("line 4") && words.contains("adress"), "{words}");

    for (key, value, expected) in [
        ("DESKBELL_SERVER__PUBLIC_URL", "http://a.example", "must begin with https://"),
        ("DESKBELL_SERVER__PUBLIC_URL", "nonsense", "DESKBELL_SERVER__PUBLIC_URL"),
        ("DESKBELL_SERVER__DATABASE__URL", "mysql://x", "must be \"sqlite\" or begin with postgres://"),
        ("DESKBELL_SERVER__DATABASE__URL", "postgres://127.0.0.1:1/x", "connecting to PostgreSQL"),
    ] {
        let (code, words) = complaint(folder.path(), &["migrate"], &[(key, value)]);
        assert_eq!(code, Some(1), "{value}");
        assert!(words.contains(expected), "{value}: {words}");
    }
    let (code, words) = complaint(folder.path(), &["--config", "/nowhere.toml", "serve"], &[]);
    assert!(code == Some(1) && words.contains("/nowhere.toml"), "{words}");
    assert_eq!(complaint(folder.path(), &["seve"], &[]).0, Some(2));
}

#[test]
fn a_port_that_is_taken_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = taken.local_addr().expect("an address").to_string();
    let listen = format!("[\"{address}\"]");
    let (code, words) = complaint(folder.path(), &["serve"], &[("DESKBELL_SERVER__LISTEN__ADDRESSES", &listen)]);
    assert_eq!(code, Some(1));
    assert!(words.contains(&address) && words.contains("another program"), "{words}");
}

#[test]
fn a_database_that_cannot_be_opened_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("deskbell.sqlite")).expect("a folder in the file's place");
    let (code, words) = complaint(folder.path(), &["migrate"], &[]);
    assert_eq!(code, Some(1));
    assert!(words.contains("opening the database") && words.contains("deskbell.sqlite"), "{words}");
}

#[test]
fn an_enrollment_token_needs_an_organization_that_exists() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = command(folder.path(), "sqlite", &["enrollment-token", "create", "--organization", "Contoso"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&output.stderr).contains("no organization named \"Contoso\""));
}

/// Nobody waits for a pool's attempts to find out that the address is wrong.
#[test]
fn a_postgresql_that_is_not_there_is_told_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let begin = std::time::Instant::now();
    // Port 9 of loopback: nobody listens there.
    let output = command(folder.path(), "postgres://deskbell@127.0.0.1:9/deskbell", &["migrate"]);
    assert_eq!(output.status.code(), Some(1));
    let words = String::from_utf8_lossy(&output.stderr);
    assert!(words.contains("connecting to PostgreSQL") && words.contains("refused"), "{words}");
    assert!(begin.elapsed() < Duration::from_secs(5), "it took {:?}", begin.elapsed());
}

/// Invariant 24 on a full disk: what was acknowledged is there, what was not is said, and the server lives on.
#[tokio::test]
async fn a_full_disk_refuses_in_words_and_loses_nothing() {
    rustls::crypto::ring::default_provider().install_default().ok();
    let folder = tempfile::tempdir().expect("a folder");
    let token = api_token(folder.path(), "sqlite");
    // The shell counts blocks of 512 bytes; the ignored signal turns the limit into an error of the write.
    let mut server = ServerProgram::start(folder.path(), "trap '' XFSZ; ulimit -f 4096;", &[]).await;
    let client = reqwest::Client::builder().no_proxy().build().expect("a client");
    let url = format!("{}/api/v1/organizations", server.origin);
    let mut acknowledged = 0;
    let problem: Problem = loop {
        let body = json!({"name": format!("{acknowledged} {}", "x".repeat(150))});
        let answer = client.post(&url).bearer_auth(&token).json(&body).send().await.expect("an answer");
        if !answer.status().is_success() {
            break answer.json().await.expect("a problem document");
        }
        acknowledged += 1;
        assert!(acknowledged < 20_000, "the disk never got full");
    };
    assert_eq!(problem.status, 500);
    assert!(problem.detail.contains("nothing was stored"), "{}", problem.detail);
    let line =
        tokio::time::timeout(Duration::from_secs(10), server.log.next_line()).await.expect("in time").expect("a line");
    assert!(line.expect("a line").contains("ERROR"), "the log tells the cause");
    let health = client.get(format!("{}/healthz", server.origin)).send().await.expect("an answer");
    assert!(health.status().is_success());

    server.process.kill().await.expect("ended");
    let store = deskbell_server::store::DatabaseLocation::Sqlite(folder.path().join("deskbell.sqlite"));
    let store = deskbell_server::store::Store::open(&store).await.expect("opens after kill -9");
    let page = deskbell_server::store::PageRequest { after: None, limit: 100_000 };
    assert_eq!(store.organizations(page).await.expect("read").items.len(), acknowledged);
}

#[test]
fn a_data_folder_that_others_can_read_is_closed_to_them() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o755)).expect("opened");
    assert!(command(folder.path(), "sqlite", &["migrate"]).status.success());
    assert_eq!(std::fs::metadata(folder.path()).expect("there").permissions().mode() & 0o777, 0o700);
}
