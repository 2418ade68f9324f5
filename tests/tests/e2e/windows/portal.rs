//! What the portal's entry leads to, chosen in the real menu and opened in Chromium.

use std::time::Duration;

use anyhow::Context;
use deskbell_protocol::{AgentState, Refusal, TrayState};
use deskbell_tests::support::browser::{Browser, BrowserOptions};

use super::computer::{WindowsComputer, until_status};
use crate::{desk::PORTAL, form::FORM, refusals};

/// AGT-10, AGT-20, under Wine: the link of a click opens the form in one browser, without the code in the address bar, and
/// after a minute in none. With nobody assigned, somebody who is no portal user or was deactivated, or no portal, a click
/// leads to a page that says whom to ask, and staff are told; a retired computer has no icon.
#[tokio::test(flavor = "multi_thread")]
async fn windows_a_click_opens_one_form_or_says_whom_to_ask() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    computer.until_tray(TrayState::Visible).await?;
    let (wine, msp, asset) = (&computer.wine, &computer.msp, computer.asset);
    let options = BrowserOptions { trusts_everybody: true, ..BrowserOptions::default() };
    let (janes, another) = (Browser::start(&options).await?, Browser::start(&options).await?);

    let link = wine.choose(PORTAL).await?;
    let code = link.rsplit('/').next().context("a link without a code")?;
    for _ in 0..2 {
        janes.open(&link).await?;
        assert_eq!(janes.text(".who").await?, "Reporting as Jane Doe for PC-042");
        let address = janes.address().await?;
        assert!(address.ends_with(FORM) && !address.contains(code), "{address}");
        another.open(&link).await?;
        assert!(!another.has("main form", "main h1").await?, "a used code opened the form");
    }
    let late = wine.choose(PORTAL).await?;
    msp.server.advance(Duration::from_secs(61));
    another.open(&late).await?;
    assert!(!another.has("main form", "main h1").await?, "a late code opened the form");
    assert_eq!(another.cookies().await?, []);
    janes.stop().await?;

    msp.api.unassign(asset).await?;
    is_refused(&computer, &another, Refusal::NoEndUser).await?;
    let oskar = msp.api.make_end_user(msp.organization, "Oskar Lindgren", "oskar@lindgren-bakery.example").await?;
    msp.api.assign(asset, oskar).await?;
    is_refused(&computer, &another, Refusal::NotAPortalUser).await?;
    let portal_user = msp.api.make_portal_user(msp.organization, oskar, "oskar").await?;
    msp.api.set_portal_user_state(portal_user, "deactivated").await?;
    is_refused(&computer, &another, Refusal::Deactivated).await?;
    msp.api.unpublish_portal().await?;
    is_refused(&computer, &another, Refusal::PortalNotPublished).await?;
    another.stop().await?;

    msp.api.retire_asset(asset).await?;
    until_status(wine, "the retirement", |status| status.state == AgentState::Retired).await?;
    wine.until("no icon", async || Ok((computer.icons().await? == 0).then_some(()))).await
}

/// A click in the menu leads to whom to ask, `open` ends with 5, and staff are told.
async fn is_refused(computer: &WindowsComputer, browser: &Browser, refusal: Refusal) -> anyhow::Result<()> {
    refusals::leads_to_whom_to_ask(browser, &computer.wine.choose(PORTAL).await?).await?;
    let opened = computer.wine.agent(&["open", "--print-url", "--json"]).await?;
    assert!(opened.code == 5 && opened.stderr.contains("The page says whom to ask."), "{opened:?}");
    assert_eq!(opened.json()?["refusal"], refusal.as_str());
    refusals::is_told_to_staff(&computer.msp.api, computer.asset, refusal).await
}
