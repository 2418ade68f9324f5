//! A tray that the policy hides.

use deskbell_tests::support::{api::PolicyDraft, deadline::SOON};

use crate::desk::{Msp, PORTAL, portal_only, shown};

/// AGT-02, AGT-17: hidden, there is no icon, the service says why, and `open` still works; shown again, the icon is back
/// in the same tray process.
#[tokio::test(flavor = "multi_thread")]
async fn hiding_the_tray_takes_the_icon_and_nothing_else() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;

    msp.api.save_policy(msp.policy, &PolicyDraft { hide_tray: true, ..shown(portal_only()) }).await?;
    session.host.until(SOON, "no icon", <[_]>::is_empty).await?;
    let text = computer.agent.run(&["status"]).await?;
    assert!(text.stdout.contains("hidden by policy"), "{text:?}");
    let opened = computer.agent.run(&["open", "--print-url"]).await?;
    assert!(opened.code == 0 && opened.stdout.contains("/launch/"), "{opened:?}");

    msp.api.save_policy(msp.policy, &shown(portal_only())).await?;
    session.host.until_menu(SOON, PORTAL).await?;
    assert_eq!(computer.agent.status().await?.hidden_by_policy, Some(false));
    session.tray.stop().await?;
    session.host.until(SOON, "no icon without its tray", <[_]>::is_empty).await?;
    Ok(())
}

/// AGT-02: with nothing set, a new computer shows nothing.
#[tokio::test(flavor = "multi_thread")]
async fn an_msp_that_set_nothing_shows_no_tray() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let elsewhere = msp.api.make_organization("Riverside Dental", "desk@riverside-dental.example").await?;
    let computer = Msp { organization: elsewhere, ..msp }.spare_computer().await?;

    assert_eq!(computer.agent.status().await?.hidden_by_policy, Some(true));
    Ok(())
}
