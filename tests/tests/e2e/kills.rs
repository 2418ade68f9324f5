//! Programs that are killed (SIGKILL) at random moments while people click and send.

use std::{collections::BTreeMap, net::TcpListener, time::Duration};

use anyhow::{Context, ensure};
use deskbell_protocol::{AgentState, TrayState};
use deskbell_tests::support::{
    agent::{Agent, Service},
    api::Api,
    bus::Bus,
    chance::{Chance, rounds},
    child::Log,
    deadline::PATIENT,
    loopback,
    portal::OpenForm,
    recorded_browser::RecordedBrowser,
    sample,
    server_process::ServerFolder,
    tray_host::TrayHost,
};
use tokio::time::{Instant, sleep, timeout_at};
use uuid::Uuid;

use crate::desk::{Computer, Msp, Session, menu, shown};

/// Sends a form until it is acknowledged, as a person does who sees an error.
async fn send_until_acknowledged(form: &OpenForm, description: &str) -> anyhow::Result<()> {
    let (form_id, deadline) = (Uuid::new_v4(), Instant::now() + PATIENT);
    while timeout_at(deadline, form.send(form_id, description)).await.context("no acknowledgement")?.is_err() {
        tokio::task::yield_now().await;
    }
    Ok(())
}

/// Each description that was acknowledged is there, once, and no other.
async fn assert_each_once(api: &Api, acknowledged: &[String]) -> anyhow::Result<()> {
    let mut found = BTreeMap::<_, usize>::new();
    for ticket in api.tickets().await? {
        *found.entry(ticket.description).or_default() += 1;
    }
    let expected = acknowledged.iter().map(|description| (description.clone(), 1)).collect::<BTreeMap<_, _>>();
    ensure!(found == expected, "acknowledged {}, found {}: {found:?}", expected.len(), found.len());
    Ok(())
}

fn label(round: usize) -> String {
    format!("Help {round}")
}

fn entries(round: usize) -> Vec<deskbell_protocol::Entry> {
    menu(&serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": label(round)}}]))
}

/// Invariant 24: the agent's service is killed at random moments while its tray is clicked and forms are sent, and
/// started again: each time menu and clicks are back, its identity is the same, and no ticket is lost or doubled.
#[tokio::test(flavor = "multi_thread")]
async fn the_service_killed_at_any_moment_comes_back_and_loses_nothing() -> anyhow::Result<()> {
    let mut chance = Chance::announced();
    let msp = Msp::new().await?;
    let Computer { agent, mut service, asset } = msp.computer().await?;
    let (bus, mut browser) = (Bus::start().await?, RecordedBrowser::new()?);
    let host = TrayHost::start(bus.address()).await?;
    let _tray = agent.start_tray(&bus, &browser)?;
    let mut acknowledged = Vec::new();

    for round in 0..rounds() {
        msp.save_menu(entries(round)).await?;
        host.until_menu(PATIENT, &label(round)).await?;
        until_visible(&agent, &service).await?;
        host.click(&[&label(round)]).await?;
        let link = browser.next(PATIENT).await?;
        let sending = tokio::spawn(async move {
            let (form, description) = (OpenForm::open(&link).await?, format!("Round {round}"));
            send_until_acknowledged(&form, &description).await?;
            anyhow::Ok(description)
        });
        // This click and this change may be lost in the middle; the next ones must not be.
        host.click(&[&label(round)]).await?;
        msp.save_menu(entries(1000 + round)).await?;
        sleep(chance.up_to(Duration::from_millis(30))).await;
        service.kill().await?;
        service = agent.start_service()?;
        acknowledged.push(sending.await??);
        browser.forget().await;
    }

    let status = until_visible(&agent, &service).await?;
    assert_eq!((status.asset_id, msp.api.assets().await?.len()), (Some(asset), 1));
    assert_eq!(msp.api.asset(asset).await?.shared_identity_since, None);
    assert_each_once(&msp.api, &acknowledged).await
}

async fn until_visible(agent: &Agent, service: &Service) -> anyhow::Result<deskbell_protocol::ipc::Status> {
    let works = |status: &deskbell_protocol::ipc::Status| {
        let seen: Vec<_> = status.sessions.iter().map(|session| session.tray).collect();
        status.state == AgentState::Enrolled && status.offline_since.is_none() && seen == [TrayState::Visible]
    };
    agent.until_status(service, PATIENT, "one visible icon", works).await
}

/// Invariant 24: the server is killed at random moments under a running agent and tray, while a form is sent: each
/// time a changed menu arrives, a click opens the form, and no ticket is lost or doubled.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_killed_at_any_moment_under_a_running_agent_loses_nothing() -> anyhow::Result<()> {
    let mut chance = Chance::announced();
    let ServerUnderTest { listener, folder, api, _data } = &ServerUnderTest::new().await?;
    let mut server = folder.serve_on(listener, &Log::StandardError).await?;
    let sample = sample::fill_in(api).await?;
    let policy = api.make_policy(&shown(entries(0))).await?;
    api.attach_policy(sample.organization, policy).await?;
    let token = api.make_enrollment_token(sample.organization).await?.token;
    let agent = Agent::install(folder.url.as_str(), Some(&token))?;
    let service = agent.start_service()?;
    let enrolled = agent.until_status(&service, PATIENT, "the policy", |status| status.policy_since.is_some()).await?;
    let asset = enrolled.asset_id.context("an enrolled computer without an id")?;
    api.assign(asset, sample.jane).await?;
    let computer = Computer { agent, service, asset };
    let Session { host, mut browser, tray: _tray, bus: _bus } = computer.session().await?;
    host.until_menu(PATIENT, &label(0)).await?;
    host.click(&[&label(0)]).await?;
    let form = OpenForm::open(&browser.next(PATIENT).await?).await?;
    let mut acknowledged = Vec::new();

    for round in 1..=rounds() {
        let description = format!("Round {round}");
        let sending = send_until_acknowledged(&form, &description);
        let killing = async {
            sleep(chance.up_to(Duration::from_millis(30))).await;
            server.kill().await?;
            folder.serve_on(listener, &Log::StandardError).await
        };
        let (sent, started) = tokio::join!(sending, killing);
        sent?;
        server = started?;
        acknowledged.push(description);
        api.save_policy(policy, &shown(entries(round))).await?;
        host.until_menu(PATIENT, &label(round)).await?;
    }

    host.click(&[&label(rounds())]).await?;
    OpenForm::open(&browser.next(PATIENT).await?).await?;
    assert_each_once(api, &acknowledged).await
}

/// A server's place: port and data stay while programs come and go.
struct ServerUnderTest {
    listener: TcpListener,
    folder: ServerFolder,
    api: Api,
    _data: tempfile::TempDir,
}

impl ServerUnderTest {
    async fn new() -> anyhow::Result<Self> {
        let (listener, data) = (loopback::listener()?, tempfile::tempdir().context("making the server's folder")?);
        let folder = ServerFolder::prepare_for(data.path(), &listener)?;
        let api = Api::new(&folder.url, &folder.make_api_token("test").await?)?;
        Ok(Self { listener, folder, api, _data: data })
    }
}
