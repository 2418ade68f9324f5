//! A portal that cannot be opened says why, and whom to ask.

use deskbell_protocol::{AssetId, Refusal};
use deskbell_tests::support::{
    api::Api,
    browser::{Browser, BrowserOptions},
};

use crate::desk::{Computer, Msp, PHONE, PORTAL};

/// SYN-41, AGT-20, AGT-17: nobody is assigned to the computer.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_end_user_the_portal_says_whom_to_ask() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.spare_computer().await?;
    let mut session = computer.session().await?;

    let link = session.click(&[PORTAL]).await?;

    shows_whom_to_ask(&link).await?;
    is_told(&msp.api, &computer, Refusal::NoEndUser).await
}

/// SYN-42, AGT-20, C6, invariant 6: the assigned end user is no portal user, which staff mend without touching the
/// computer; then the portal user is deactivated.
#[tokio::test(flavor = "multi_thread")]
async fn an_end_user_who_is_no_portal_user_becomes_one_without_touching_the_computer() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.spare_computer().await?;
    let oskar = msp.api.make_end_user(msp.organization, "Oskar Lindgren", "oskar@lindgren-bakery.example").await?;
    msp.api.assign(computer.asset, oskar).await?;
    let mut session = computer.session().await?;

    shows_whom_to_ask(&session.click(&[PORTAL]).await?).await?;
    is_told(&msp.api, &computer, Refusal::NotAPortalUser).await?;

    let portal_user = msp.api.make_portal_user(msp.organization, oskar, "oskar").await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&session.click(&[PORTAL]).await?).await?;
    assert_eq!(browser.text(".who").await?, "Reporting as Oskar Lindgren for PC-042");

    msp.api.set_portal_user_state(portal_user, "deactivated").await?;
    browser.reload().await?;
    assert!(!browser.has("main form", "main h1").await?, "the open form survived the deactivation");
    browser.stop().await?;
    shows_whom_to_ask(&session.click(&[PORTAL]).await?).await?;
    is_told(&msp.api, &computer, Refusal::Deactivated).await
}

/// AGT-20: the MSP has not published its portal.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_that_is_not_published_says_so() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    msp.api.unpublish_portal().await?;

    let link = session.click(&[PORTAL]).await?;

    shows_whom_to_ask(&link).await?;
    is_told(&msp.api, &computer, Refusal::PortalNotPublished).await
}

async fn shows_whom_to_ask(link: &str) -> anyhow::Result<()> {
    let browser = Browser::start(&BrowserOptions::default()).await?;
    leads_to_whom_to_ask(&browser, link).await?;
    browser.stop().await
}

/// The browser shows a page of the MSP with its number, and no form.
pub(crate) async fn leads_to_whom_to_ask(browser: &Browser, link: &str) -> anyhow::Result<()> {
    browser.open(link).await?;
    assert!(browser.text("header").await?.contains("Harbor IT"));
    assert!(browser.text("main").await?.contains(PHONE));
    assert!(!browser.has("main form", "main h1").await?);
    Ok(())
}

/// The command line ends with 5 and a sentence; staff are told, too.
async fn is_told(api: &Api, computer: &Computer, refusal: Refusal) -> anyhow::Result<()> {
    let outcome = computer.agent.run(&["open", "--print-url"]).await?;
    assert!(outcome.code == 5 && !outcome.stderr.trim().is_empty(), "{outcome:?}");
    is_told_to_staff(api, computer.asset, refusal).await
}

/// Staff see the reason at the asset and in its timeline.
pub(crate) async fn is_told_to_staff(api: &Api, asset: AssetId, refusal: Refusal) -> anyhow::Result<()> {
    assert_eq!(api.asset(asset).await?.portal_refusal, Some(refusal));
    assert!(is_in_timeline(api, asset, refusal).await?, "no event names {refusal:?}");
    Ok(())
}

async fn is_in_timeline(api: &Api, asset: AssetId, refusal: Refusal) -> anyhow::Result<bool> {
    let events = api.asset_events(asset).await?;
    Ok(events.iter().any(|event| event.to_string().contains(&format!("\"{}\"", refusal.as_str()))))
}
