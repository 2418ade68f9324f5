//! From the click to the ticket.

use std::time::Duration;

use anyhow::Context;
use deskbell_tests::support::{
    api::Ticket,
    browser::{Browser, BrowserOptions, ColorScheme, Scripts, keys},
};

use crate::desk::{Msp, PORTAL};

pub(crate) const FORM: &str = "/my_profile/v2/asset_new_ticket_form";

/// SYN-38, SYN-44, AGT-10, C10, invariant 1: the click opens the form in the browser, for that machine; what is typed by
/// keyboard becomes a ticket with organization, end user, asset, source and facts.
#[tokio::test(flavor = "multi_thread")]
async fn a_click_in_the_tray_becomes_a_ticket_that_knows_who_and_which_computer() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;

    let link = session.click(&[PORTAL]).await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&link).await?;

    let code = link.rsplit('/').next().context("a link without a code")?;
    let address = browser.address().await?;
    assert!(address.ends_with(FORM) && !address.contains(code), "{address}");
    assert_eq!(browser.text(".who").await?, "Reporting as Jane Doe for PC-042");
    send(&browser, "The scanner does not answer.").await?;
    let number = browser.text(".number").await?;

    let ticket = only_ticket(&msp).await?;
    let asset = msp.api.asset(computer.asset).await?;
    assert_eq!(ticket.number.to_string(), number);
    assert_eq!(
        (ticket.organization_id, ticket.requester_id, ticket.asset_id),
        (msp.organization, Some(msp.jane), Some(computer.asset))
    );
    assert_eq!((ticket.source.as_str(), ticket.urgency.as_str()), ("tray", "high"));
    assert_eq!(ticket.description, "The scanner does not answer.");
    assert_eq!(ticket.phone.as_deref(), Some("+1 555 0123"));
    assert!(!asset.facts.computer.is_empty());
    assert_eq!(ticket.facts, Some(asset.facts));
    let os_user = ticket.os_user.context("a ticket without the OS user")?;
    assert_eq!(os_user.id, rustix::process::getuid().as_raw().to_string());
    browser.stop().await
}

/// S19, invariant 21: reloading the receipt, and sending the same form again from the page before, make no second
/// ticket.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_is_one_ticket() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&session.click(&[PORTAL]).await?).await?;
    send(&browser, "Twice").await?;
    let number = browser.text(".number").await?;

    browser.reload().await?;
    assert_eq!(browser.text(".number").await?, number);
    browser.back().await?;
    browser.tab_to("phone").await?;
    browser.type_keys(keys::ENTER).await?;

    assert_eq!(browser.text(".number").await?, number);
    assert_eq!(only_ticket(&msp).await?.number.to_string(), number);
    browser.stop().await
}

/// S18: the form is sent by the browser itself, so it works without scripts and nothing typed is in an address.
#[tokio::test(flavor = "multi_thread")]
async fn without_scripts_the_form_works_and_its_words_stay_out_of_the_address() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let options = BrowserOptions { scripts: Scripts::Off, width: 360, ..BrowserOptions::default() };
    let browser = Browser::start(&options).await?;
    browser.open(&session.click(&[PORTAL]).await?).await?;

    send(&browser, "No scripts here").await?;

    browser.text(".number").await?;
    let address = browser.address().await?;
    assert!(address.contains("/my_profile/v2/asset_ticket/") && !address.contains('?'), "{address}");
    assert_eq!(only_ticket(&msp).await?.description, "No scripts here");
    browser.stop().await
}

/// AGT-10, S23: a launch code opens the form in one browser. Seen in a process list and opened in another one, it leads
/// to a page that says what to do; in the first one a reload leads to the form again.
#[tokio::test(flavor = "multi_thread")]
async fn a_launch_code_is_of_no_use_in_a_second_browser() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let link = session.click(&[PORTAL]).await?;
    let janes = Browser::start(&BrowserOptions::default()).await?;
    janes.open(&link).await?;
    janes.text(".who").await?;

    let another = Browser::start(&BrowserOptions::default()).await?;
    another.open(&link).await?;
    assert!(!another.has("main form", "main h1").await?, "a used code opened the form");
    assert_eq!(another.cookies().await?, []);

    janes.open(&link).await?;
    assert_eq!(janes.text(".who").await?, "Reporting as Jane Doe for PC-042");
    let cookies = janes.cookies().await?;
    assert!(!cookies.is_empty() && cookies.iter().all(|cookie| cookie.http_only && cookie.secure), "{cookies:#?}");
    another.stop().await?;
    janes.stop().await
}

/// AGT-10, invariant 14: a link that lies around for more than a minute opens no form.
#[tokio::test(flavor = "multi_thread")]
async fn a_launch_code_is_of_no_use_after_a_minute() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let link = session.click(&[PORTAL]).await?;

    msp.server.advance(Duration::from_secs(61));

    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&link).await?;
    assert!(!browser.has("main form", "main h1").await?, "a late code opened the form");
    browser.stop().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_fits_a_phone_in_light_and_in_dark() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let mut pictures = Vec::new();
    for color_scheme in [ColorScheme::Light, ColorScheme::Dark] {
        let options = BrowserOptions { color_scheme, width: 320, ..BrowserOptions::default() };
        let browser = Browser::start(&options).await?;
        browser.open(&session.click(&[PORTAL]).await?).await?;
        let width = browser.property("html", "scrollWidth").await?.as_u64();
        assert!(width.is_some_and(|width| width <= 320), "the page scrolls sideways: {width:?}");
        pictures.push(browser.screenshot().await?);
        browser.stop().await?;
    }
    assert_ne!(pictures[0], pictures[1], "dark looks like light");
    Ok(())
}

/// Fills in the form by keyboard, as urgent, and sends it.
pub(crate) async fn send(browser: &Browser, description: &str) -> anyhow::Result<()> {
    assert_eq!(browser.property("#description:focus", "name").await?, "description", "the first field has the focus");
    browser.type_keys(description).await?;
    browser.type_keys(keys::TAB).await?;
    browser.type_keys(keys::DOWN).await?;
    browser.type_keys(keys::TAB).await?;
    browser.type_keys("+1 555 0123").await?;
    browser.type_keys(keys::ENTER).await
}

async fn only_ticket(msp: &Msp) -> anyhow::Result<Ticket> {
    let mut tickets = msp.api.tickets().await?;
    anyhow::ensure!(tickets.len() == 1, "{} tickets: {tickets:#?}", tickets.len());
    tickets.pop().context("no ticket")
}
