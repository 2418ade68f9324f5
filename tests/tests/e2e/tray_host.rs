//! A desktop whose tray comes and goes.

use deskbell_tests::support::{bus::Bus, deadline::SOON, recorded_browser::RecordedBrowser, tray_host::TrayHost};

use crate::desk::{Msp, PORTAL, Session};

/// AGT-07: the tray host ends and starts again 20 times; each time the icon is back, with a menu that works.
#[tokio::test(flavor = "multi_thread")]
async fn the_icon_comes_back_each_time_the_tray_host_does() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let Session { bus, mut host, mut browser, tray } = computer.session().await?;

    for _ in 0..20 {
        host.stop().await?;
        host = TrayHost::start(bus.address()).await?;
        host.until_menu(SOON, PORTAL).await?;
    }

    host.click(&[PORTAL]).await?;
    assert!(browser.next(SOON).await?.contains("/launch/"));
    tray.stop().await
}

/// AGT-07: a tray that starts before its desktop is ready shows its icon when it is.
#[tokio::test(flavor = "multi_thread")]
async fn a_tray_that_starts_before_the_tray_host_appears_with_it() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let (bus, browser) = (Bus::start().await?, RecordedBrowser::new()?);
    let _tray = computer.agent.start_tray(&bus, &browser)?;
    let no_host = |status: &deskbell_protocol::ipc::Status| !status.sessions.is_empty();
    computer.agent.until_status(&computer.service, SOON, "the session of the tray", no_host).await?;

    let host = TrayHost::start(bus.address()).await?;

    host.until_menu(SOON, PORTAL).await?;
    Ok(())
}
