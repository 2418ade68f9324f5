//! The server is away.

use deskbell_tests::support::{
    bus::Bus,
    deadline::{PATIENT, SOON},
    recorded_browser::RecordedBrowser,
    tray_host::{Icon, TrayHost},
};

use crate::desk::{Msp, PHONE, PORTAL};

/// AGT-06: while the server is away the menu says since when, and the portal's line offers phone and e-mail; the server
/// back, the portal is back.
#[tokio::test(flavor = "multi_thread")]
async fn while_the_server_is_away_the_portal_line_offers_phone_and_email() -> anyhow::Result<()> {
    let mut msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    session.host.until_menu(SOON, PORTAL).await?;

    msp.server.stop().await?;
    session.host.until(PATIENT, "the offline menu", shows_offline).await?;
    assert_eq!(session.click(&[PORTAL, &format!("Call {PHONE}")]).await?, "tel:+15550100");
    assert_eq!(session.click(&[PORTAL, "Write to help@harbor-it.example"]).await?, "mailto:help@harbor-it.example");
    let refused = computer.agent.run(&["open", "--print-url"]).await?;
    assert_eq!(refused.code, 4, "{refused:?}");

    msp.server.come_back()?;
    session.host.until_menu(PATIENT, PORTAL).await?;
    assert!(session.click(&[PORTAL]).await?.contains("/launch/"));
    Ok(())
}

/// AGT-06: service and tray start with the server away, and show the whole cached menu within the deadline.
#[tokio::test(flavor = "multi_thread")]
async fn with_the_server_away_at_boot_the_cached_menu_is_there() -> anyhow::Result<()> {
    let mut msp = Msp::new().await?;
    let computer = msp.computer().await?;
    computer.service.stop().await?;
    msp.server.stop().await?;

    let _service = computer.agent.start_service()?;
    let (bus, browser) = (Bus::start().await?, RecordedBrowser::new()?);
    let host = TrayHost::start(bus.address()).await?;
    let _tray = computer.agent.start_tray(&bus, &browser)?;

    // Ten times the 2 s that it should take.
    host.until(2 * SOON, "the offline menu", shows_offline).await?;
    Ok(())
}

fn shows_offline(icons: &[Icon]) -> bool {
    let [icon] = icons else { return false };
    let text = icon.menu.text();
    let expected = format!("{PORTAL} >\n  Call {PHONE}\n  Write to help@harbor-it.example\n---\n[Offline since ");
    text.starts_with(&expected)
}
