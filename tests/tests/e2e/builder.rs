//! The policy builder in a browser.

use std::fs;

use deskbell_tests::support::{
    api::Api,
    browser::{Browser, BrowserOptions, keys},
    deadline::SOON,
};

use crate::{
    desk::{Msp, PORTAL},
    icons::{RED, middle, square, until_icon},
};

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
    browser.leave_by(keys::ENTER).await?;

    assert_eq!(browser.text(".note").await?, "Saved. The tray of 1 asset changes.");
    assert!(!browser.asks_before_leaving().await?);
    let icon = session.host.until_menu(SOON, "[PC-042]\nGet help now").await?;
    let drawn: Vec<_> = icon.menu.lines.iter().map(|line| line.label.as_str()).collect();
    assert_eq!(drawn.join("\n"), previewed);
    browser.stop().await
}

/// AGT-19, SYN-37: an icon is chosen in the form; it is seen at once in its sizes, on light and on dark, and in the tray after
/// the save, not before. With the mouse, an entry is dragged to another place, on this page, too.
#[tokio::test(flavor = "multi_thread")]
async fn an_icon_is_chosen_an_entry_is_dragged_and_the_tray_has_both_after_the_save() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    let browser = signed_in(&msp.api, &BrowserOptions::default()).await?;
    browser.open(&format!("{}console/policies/{}?computer=PC-042", msp.server.url, msp.policy)).await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("icon.png");
    fs::write(&file, square([255, 0, 0])?)?;

    browser.choose_file("#light_file", &file).await?;
    let picture = browser.property("#result .on-dark img[src^='/console/icons/']:last-child", "naturalWidth").await?;
    assert_eq!(picture, 64, "the picture is there");
    browser.tab_to_match("button[value=add-information]").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text(".entry:nth-child(2) .handle").await?;
    browser.drag("[data-entry=portal] .handle", ".entry:nth-child(2)").await?;
    browser.text("[data-entry^=information]:first-child").await?;
    assert!(browser.asks_before_leaving().await?);
    assert_ne!(session.host.shown().first().and_then(middle), Some(RED), "nothing before the save");
    browser.tab_to_match("button[value=save]").await?;
    browser.leave_by(keys::ENTER).await?;
    assert_eq!(browser.text(".note").await?, "Saved. The tray of 1 asset changes.");

    session.host.until_menu(SOON, &format!("[PC-042]\n{PORTAL}")).await?;
    until_icon(&session.host, RED).await?;
    browser.stop().await
}

/// A browser of a technician.
async fn signed_in(api: &Api, options: &BrowserOptions) -> anyhow::Result<Browser> {
    let link = api.add_staff("Kim", "kim@harbor-it.example", "technician").await?;
    let browser = Browser::start(options).await?;
    browser.open(link.as_str()).await?;
    browser.tab_to("password").await?;
    browser.type_keys("correct horse battery").await?;
    browser.leave_by(keys::ENTER).await?;
    assert_eq!(browser.text("h1").await?, "Overview");
    Ok(browser)
}
