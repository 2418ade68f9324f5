//! `cargo demo`, as somebody who has just cloned the repository runs it.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use anyhow::Context;
use deskbell_tests::support::{
    agent::Agent,
    api::Api,
    browser::{Browser, BrowserOptions},
    child::{ChildProcess, Log},
    deadline::PATIENT,
    loopback,
};
use serde_json::Value;
use tokio::process::Command;

/// SYN-38: from nothing to a form that knows the person; then once more, with the same data.
#[tokio::test(flavor = "multi_thread")]
async fn the_demo_leads_to_the_form_and_keeps_its_data() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("demo");
    let port = free_port()?;
    let mut assets = Vec::new();
    for _start in 0..2 {
        let demo = start(&data, port)?;
        demo.line(PATIENT, "the demo to be ready", |line| line.contains("Deskbell is running").then_some(())).await?;

        let notes = fs::read_to_string(data.join("demo.json")).context("reading demo.json")?;
        assert_eq!(fs::metadata(data.join("demo.json"))?.permissions().mode() & 0o777, 0o600);
        let notes: Value = serde_json::from_str(&notes)?;
        let server = notes["server_url"].as_str().context("no address")?.parse()?;
        let api = Api::new(&server, notes["api_token"].as_str().context("no token")?)?;
        assert_eq!((api.organizations().await?.len(), api.end_users().await?.len()), (2, 3));
        assets.extend(api.assets().await?.into_iter().map(|asset| asset.id));

        let agent = Agent::at(&data.join("agent"), &data)?;
        let opened = agent.run(&["open", "--print-url"]).await?;
        assert_eq!(opened.code, 0, "{opened:?}");
        let browser = Browser::start(&BrowserOptions::default()).await?;
        browser.open(opened.stdout.trim()).await?;
        assert_eq!(browser.text(".who").await?, "Reporting as Jane Doe for PC-042");
        browser.stop().await?;

        assert_eq!(demo.interrupt().await?, 0);
        loopback::listener_on(port).context("the demo left its server behind")?;
    }
    assert_eq!(assets.len(), 2, "each start shows one computer");
    assert_eq!(assets[0], assets[1], "both starts show the same computer");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_port_that_is_taken_gets_a_sentence() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let taken = loopback::listener()?;

    let mut demo = start(&folder.path().join("demo"), taken.local_addr()?.port())?;

    assert_eq!(demo.ended().await?, 1);
    demo.line(PATIENT, "the sentence", |line| line.contains("taken by another program").then_some(())).await
}

fn start(data: &Path, port: u16) -> anyhow::Result<ChildProcess> {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    command.arg("--data").arg(data).args(["--no-tray", "--port", &port.to_string()]);
    ChildProcess::start("demo", &mut command, &Log::StandardError)
}

/// A port that nobody had a moment ago.
fn free_port() -> anyhow::Result<u16> {
    Ok(loopback::listener()?.local_addr()?.port())
}
