//! A server that was taken over, or is somebody else's: what it can make a computer open (AGT-13).

use deskbell_protocol::AgentState;
use deskbell_tests::support::{
    agent::Agent,
    bus::Bus,
    deadline::{PATIENT, SOON},
    lying_server::LyingServer,
    notifications::Notifications,
    recorded_browser::RecordedBrowser,
    tray_host::TrayHost,
};
use serde_json::{Value, json};

use crate::desk::{PHONE, PORTAL};

fn menu_with(links: &[Value]) -> Value {
    let mut menu = vec![json!({"id": "portal", "type": "portal", "label": {"text": PORTAL}})];
    menu.extend_from_slice(links);
    menu.into()
}

fn link(url: &str) -> Value {
    json!({"id": "link", "type": "link", "label": {"text": "Handbook"}, "url": url})
}

/// AGT-13: a launch link that is not https is opened neither by the tray nor by `open`; one that is, is.
#[tokio::test(flavor = "multi_thread")]
async fn a_launch_link_that_is_not_https_opens_nothing() -> anyhow::Result<()> {
    let server = LyingServer::start(&menu_with(&[]))?;
    let agent = Agent::install(&server.url, Some("token"))?;
    let service = agent.start_service()?;
    agent.until_status(&service, PATIENT, "the policy", |status| status.policy_since.is_some()).await?;
    let (bus, mut browser) = (Bus::start().await?, RecordedBrowser::new()?);
    let (host, notifications) = (TrayHost::start(bus.address()).await?, Notifications::start(&bus).await?);
    let _tray = agent.start_tray(&bus, &browser)?;
    host.until_menu(PATIENT, PORTAL).await?;

    let lies = ["http://evil.example/launch/x", "javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"];
    for lie in lies {
        server.lead_to(lie);
        let opened = agent.run(&["open", "--print-url"]).await?;
        assert!(opened.code == 4 && opened.stdout.is_empty(), "{lie}: {opened:?}");
    }
    for (clicks, lie) in (1..).zip(lies) {
        server.lead_to(lie);
        host.click(&[PORTAL]).await?;
        notifications.until_count(SOON, clicks, &[PHONE]).await?;
    }
    server.lead_to("https://portal.example/launch/x");
    host.click(&[PORTAL]).await?;
    assert_eq!(browser.next(SOON).await?, "https://portal.example/launch/x", "the first that was opened");
    Ok(())
}

/// AGT-13: no policy moves the agent or a browser off https: one with such a link is not taken, and the last one stays.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_with_a_link_off_https_is_not_taken() -> anyhow::Result<()> {
    let server = LyingServer::start(&menu_with(&[link("https://handbook.example/")]))?;
    let agent = Agent::install(&server.url, Some("token"))?;
    let service = agent.start_service()?;
    agent.until_status(&service, PATIENT, "the policy", |status| status.policy_since.is_some()).await?;
    let before = agent.status().await?.server;

    for lie in ["http://evil.example/", "javascript:alert(1)", "file:///etc/passwd", "{{computer}}://x"] {
        server.change_menu(&menu_with(&[link(lie)]));
        agent.until_status(&service, PATIENT, "the complaint", |status| status.last_error.is_some()).await?;
        let opened = agent.run(&["open", "link", "--print-url"]).await?;
        assert_eq!(opened.stdout, "https://handbook.example/\n", "{lie}");

        server.change_menu(&menu_with(&[link("https://handbook.example/")]));
        let well = |status: &deskbell_protocol::ipc::Status| status.last_error.is_none();
        agent.until_status(&service, PATIENT, "the good policy", well).await?;
    }
    let status = agent.status().await?;
    assert_eq!((status.server, status.state), (before, AgentState::Enrolled));
    Ok(())
}
