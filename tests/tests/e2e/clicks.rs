//! Clicks in a row.

use deskbell_tests::support::{
    browser::{Browser, BrowserOptions},
    deadline::SOON,
};

use crate::desk::{Msp, PORTAL};

/// SYN-52, AGT-10: two quick clicks are two working tabs.
#[tokio::test(flavor = "multi_thread")]
async fn two_quick_clicks_are_two_working_tabs() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;

    session.host.click(&[PORTAL]).await?;
    session.host.click(&[PORTAL]).await?;
    let links = [session.browser.next(SOON).await?, session.browser.next(SOON).await?];
    assert_ne!(links[0], links[1]);

    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&links[0]).await?;
    browser.open_in_new_tab(&links[1]).await?;
    for tab in [0, 1] {
        browser.turn_to_tab(tab).await?;
        browser.reload().await?;
        assert_eq!(browser.text(".who").await?, "Reporting as Jane Doe for PC-042", "tab {tab}");
    }
    browser.stop().await
}
