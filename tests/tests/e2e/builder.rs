//! The policy builder in a browser, by keyboard alone.

use deskbell_tests::support::{
    api::Api,
    browser::{Browser, BrowserOptions, keys},
    deadline::SOON,
};

use crate::desk::{Msp, PORTAL};

/// POL-05, SYN-37, SYN-53: as one types, the page shows the menu that the tray draws after the save and for how many assets
/// it changes; until then the tray stays as it is, and leaving the page asks first.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_builder_shows_is_what_the_tray_draws_after_the_save() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    let browser = signed_in(&msp.api, &BrowserOptions::default()).await?;
    browser.open(&format!("{}console/policies/{}?computer=PC-042", msp.server.url, msp.policy)).await?;
    assert_eq!(browser.text(".tray").await?, PORTAL);
    assert!(!browser.asks_before_leaving().await?);

    browser.tab_to("label-portal").await?;
    browser.type_keys("Get help now").await?;
    browser.property("input[name=promised][value='1']", "value").await?;
    assert_eq!(browser.text(".tray").await?, "Get help now");
    assert_eq!(browser.text("#count").await?, "This changes the tray of 1 asset.");
    browser.tab_to_match("button[value=add-information]").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text(".entry:nth-child(2) input:focus").await?;
    browser.tab_to_match("button[value^='up:information']").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text(".entry:first-child button[value^='down:information']:focus").await?;
    let previewed = browser.text(".tray").await?;
    assert_eq!(previewed, "PC-042\nGet help now");
    assert!(browser.asks_before_leaving().await?);
    session.host.until_menu(SOON, PORTAL).await?;

    browser.tab_to_match("button[value=save]").await?;
    browser.type_keys(keys::ENTER).await?;

    assert_eq!(browser.text(".note").await?, "Saved. The tray of 1 asset changes.");
    assert!(!browser.asks_before_leaving().await?);
    let icon = session.host.until_menu(SOON, "[PC-042]\nGet help now").await?;
    let drawn: Vec<_> = icon.menu.lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(drawn.join("\n"), previewed);
    browser.stop().await
}

/// A browser of a technician.
async fn signed_in(api: &Api, options: &BrowserOptions) -> anyhow::Result<Browser> {
    let link = api.add_staff("Kim", "kim@harbor-it.example", "technician").await?;
    let browser = Browser::start(options).await?;
    browser.open(link.as_str()).await?;
    browser.tab_to("password").await?;
    browser.type_keys("correct horse battery").await?;
    browser.type_keys(keys::ENTER).await?;
    assert_eq!(browser.text("h1").await?, "Overview");
    Ok(browser)
}
