//! A file is imported in a browser, by keyboard alone.

use deskbell_tests::support::{
    browser::{Browser, BrowserOptions, keys},
    deadline::SOON,
};
use serde_json::json;

use crate::desk::{Msp, menu};

/// Somebody chooses a file, sees that it gives the computer to another person, and agrees: the tray says so at once.
#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_chosen_looked_at_and_imported_and_the_tray_follows() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    msp.save_menu(menu(&json!([{"id": "whose", "type": "information", "label": {"text": "Of {{end_user}}"}}]))).await?;
    session.host.until_menu(SOON, "[Of Jane Doe]").await?;
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("contacts.csv");
    std::fs::write(
        &file,
        "Customer;Contact;E-mail;Hostname\r\nLindgren Bakery;Kim Lee;kim@lindgren-bakery.example;PC-042\r\n",
    )?;
    let link = msp.api.add_staff("Sam", "sam@harbor-it.example", "technician").await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(link.as_str()).await?;
    browser.tab_to("password").await?;
    browser.type_keys(&format!("correct horse battery{}", keys::ENTER)).await?;
    assert_eq!(browser.text("h1").await?, "Overview");

    browser.tab_to_match("nav a[href='/console/organizations']").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text("a[href='/console/import']").await?;
    browser.tab_to_match("a[href='/console/import']").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text("#file-hint").await?;
    browser.tab_to("file").await?;
    browser.choose_file("[name=file]", &file).await?;
    browser.tab_to_match("form[action='/console/import'] button").await?;
    browser.type_keys(keys::ENTER).await?;
    assert_eq!(browser.text(".plan tbody td:nth-child(2)").await?, "Makes");
    let told = browser.text(".plan").await?;
    assert!(told.contains("Changed asset PC-042") && told.contains("end_user: Jane Doe Kim Lee"), "{told}");
    session.host.until_menu(SOON, "[Of Jane Doe]").await?;
    browser.tab_to_match("input[name=plan] ~ button").await?;
    browser.type_keys(keys::ENTER).await?;

    assert_eq!(browser.text(".note").await?, "Imported.");
    session.host.until_menu(SOON, "[Of Kim Lee]").await?;
    browser.stop().await
}
