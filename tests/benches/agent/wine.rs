//! The agent for Windows, under Wine: what it keeps in memory beside the least that runs there, which is Wine's share.

use std::fs;

use anyhow::Context;
use deskbell_protocol::{TrayState, ipc::Status};
use deskbell_tests::support::{
    api::PolicyDraft,
    deadline::PATIENT,
    programs::workspace,
    server::TestServer,
    wine::{PROGRAMS, Wine},
    wine_prefix::compile,
};
use serde_json::json;

use crate::{
    authority::Authority,
    computer::PORTAL,
    process::{Memory, Process},
    table::Row,
};

const LEAST: &str = r"C:\desk\least.exe";

/// Memory of service and tray, and how much of it is left without Wine's share.
pub(crate) async fn memory() -> anyhow::Result<Vec<Row>> {
    let authority = Authority::new("localhost")?;
    let server = TestServer::start_over_tls(&authority.files).await?;
    let wine = Wine::start().await?;
    install(&wine, &server, &authority).await?;
    let of = |program: &str| Process::new(wine.process(program))?.memory();
    let (service, tray) = (of("deskbell-agent.exe")?, of("deskbell-tray.exe")?);
    compile("least.c", &wine.path(LEAST), &["-municode"])?;
    let (empty, icon) = (least(&wine, &[]).await?, least(&wine, &["icon"]).await?);
    let (service, tray) =
        (rows("service", &service, "empty program", &empty), rows("tray", &tray, "icon alone", &icon));
    Ok(service.into_iter().chain(tray).collect())
}

/// Memory of the least program, which is gone then.
async fn least(wine: &Wine, arguments: &[&str]) -> anyhow::Result<Memory> {
    let program = wine.start_program(LEAST, arguments)?;
    program.line(PATIENT, "that it runs", |line| (line.trim() == "ready").then_some(())).await?;
    let memory = Process::new(wine.process("least.exe"))?.memory()?;
    program.kill().await?;
    Ok(memory)
}

/// Puts the shipped programs in their places, and waits for the icon.
async fn install(wine: &Wine, server: &TestServer, authority: &Authority) -> anyhow::Result<()> {
    for program in ["deskbell-agent.exe", "deskbell-tray.exe"] {
        let built = workspace().join("target/dist/x86_64-pc-windows-gnu").join(program);
        fs::copy(&built, wine.path(PROGRAMS).join(program))
            .with_context(|| format!("{} is not there: run `cargo build-all --target windows`", built.display()))?;
    }
    let api = &server.api;
    let organization = api.make_organization("Lindgren Bakery", "office@lindgren-bakery.example").await?;
    let entries = json!([{"id": "portal", "type": "portal", "label": {"text": PORTAL}}]);
    let policy = PolicyDraft { name: "Desks".into(), hide_tray: false, entries: serde_json::from_value(entries)? };
    api.attach_policy(organization, api.make_policy(&policy).await?).await?;
    fs::copy(&authority.files.authority, wine.path(r"C:\authority.pem"))?;
    wine.desk(&["trust", r"C:\authority.pem"]).await?;
    wine.set_value(r"HKLM\Software\Policies\Deskbell", "server", server.url.as_str()).await?;
    let folder = wine.path(r"C:\ProgramData\Deskbell");
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("enrollment-token"), api.make_enrollment_token(organization).await?.token)?;
    wine.install_service().await?;
    wine.start_service().await?;
    let visible = async || {
        let status: Status = serde_json::from_str(&wine.agent(&["status", "--json"]).await?.stdout)?;
        let visible = matches!(status.sessions.as_slice(), [session] if session.tray == TrayState::Visible);
        anyhow::ensure!(visible, "{status:?}");
        Ok(Some(()))
    };
    wine.until("the icon", visible).await
}

fn rows(name: &str, memory: &Memory, least: &'static str, wines: &Memory) -> Vec<Row> {
    vec![
        Row::new(format!("{name} under Wine, resident"), memory.resident, "MB").beside(least, wines.resident),
        Row::new(format!("{name} under Wine, resident, less that"), memory.resident - wines.resident, "MB"),
        Row::new(format!("{name} under Wine, without libraries"), memory.own, "MB").beside(least, wines.own),
        Row::new(format!("{name} under Wine, without both"), memory.own - wines.own, "MB"),
    ]
}
