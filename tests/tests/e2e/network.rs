//! Networks that fail in their different ways.

use std::time::Duration;

use deskbell_tests::support::{
    deadline::{PATIENT, SOON},
    notifications::Notifications,
    relay::{Network, Relay},
    server::TestServer,
};

use crate::desk::{Computer, Msp, PHONE, PORTAL, Session, menu};

const EMAIL: &str = "help@harbor-it.example";
/// The longest wait of an agent's first request, its grace, and room for a busy machine.
const WHOLE_WAIT: Duration = Duration::from_secs(90);

async fn at_the_relay() -> anyhow::Result<(Msp, Relay, Computer, Session)> {
    let (server, relay) = TestServer::start_behind_relay().await?;
    let msp = Msp::on(server).await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    session.host.until_menu(SOON, PORTAL).await?;
    Ok((msp, relay, computer, session))
}

async fn relabel(msp: &Msp, label: &str) -> anyhow::Result<()> {
    let entries = serde_json::json!([{"id": "portal", "type": "portal", "label": {"text": label}}]);
    msp.save_menu(menu(&entries)).await
}

/// A proxy that ends idle connections after 27 s: the agent's wait of 50 s is halved to one that survives, then
/// tried a little longer, and a change arrives in any case.
#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_that_cuts_idle_connections_shortens_the_wait_and_costs_no_change() -> anyhow::Result<()> {
    let (msp, relay, computer, session) = at_the_relay().await?;
    relay.set(Network::EndsIdle(Duration::from_secs(27)));

    let waits = relay.until_waits(WHOLE_WAIT, |waits| waits.ends_with(&[25, 37])).await?;
    assert!(waits.iter().all(|wait| [50, 25, 37].contains(wait)), "{waits:?}");
    assert_eq!(computer.agent.status().await?.offline_since, None, "a wait that was cut is not being offline");
    relabel(&msp, "After the cut").await?;
    session.host.until_menu(SOON, "After the cut").await?;
    Ok(())
}

/// The network is cut and comes back: the menu says so both times, and what was changed in between is there.
#[tokio::test(flavor = "multi_thread")]
async fn a_network_that_is_cut_and_comes_back_brings_what_was_changed_meanwhile() -> anyhow::Result<()> {
    let (msp, relay, _computer, mut session) = at_the_relay().await?;

    for round in ["once", "twice"] {
        relay.set(Network::Cut);
        let offline = |icons: &[deskbell_tests::support::tray_host::Icon]| matches!(icons, [icon] if icon.menu.text().contains("Offline since"));
        session.host.until(PATIENT, "the offline menu", offline).await?;
        relabel(&msp, round).await?;

        relay.set(Network::Whole);
        session.host.until_menu(PATIENT, round).await?;
        assert!(session.click(&[round]).await?.contains("/launch/"));
    }
    Ok(())
}

/// A connection that died without a word, as behind a router that was restarted, costs one wait at most.
#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_died_silently_is_given_up_after_its_wait() -> anyhow::Result<()> {
    let (msp, relay, _computer, session) = at_the_relay().await?;

    relay.lose_connections();
    relabel(&msp, "Anyway").await?;

    session.host.until_menu(WHOLE_WAIT, "Anyway").await?;
    Ok(())
}

/// A click before the agent knows that the server is away tells the person whom to call.
#[tokio::test(flavor = "multi_thread")]
async fn a_click_that_nobody_answers_says_whom_to_call() -> anyhow::Result<()> {
    let (_msp, relay, _computer, session) = at_the_relay().await?;
    let notifications = Notifications::start(&session.bus).await?;

    relay.set(Network::Deaf);
    session.host.click(&[PORTAL]).await?;

    notifications.until(PATIENT, &[PHONE, EMAIL]).await
}
