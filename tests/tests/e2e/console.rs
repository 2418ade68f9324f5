//! The staff's console in a browser.

use anyhow::{Context, bail};
use deskbell_server::console;
use deskbell_tests::support::{
    axe::Axe,
    browser::{Browser, BrowserOptions, ColorScheme, keys},
};
use reqwest::Method;
use serde_json::json;

use crate::desk::{Computer, Msp};

const PASSWORD: &str = "correct horse battery";

/// Somebody of the staff signs in with the keyboard alone, and then finds every page of the console free of what axe-core
/// knows to keep people out, and no wider than the screen: in light and dark, on a desk and on a phone.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console_is_for_everybody_in_light_and_dark_on_a_desk_and_on_a_phone() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let (staff, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "administrator").await?;
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(&link).await?;
    browser.tab_to("password").await?;
    browser.type_keys(&format!("{PASSWORD}{}", keys::ENTER)).await?;
    assert_eq!(browser.text("h1").await?, "Overview");

    let mut found = Vec::new();
    let mut pages = vec!["/users/sign_in/code".to_owned()];
    for route in console::table().into_iter().filter(|route| route.method == Method::GET) {
        pages.push(path(route.path, &msp, &computer, &staff)?);
    }
    for page in &pages {
        browser.open(&format!("{}{}", msp.server.url.as_str().trim_end_matches('/'), page)).await?;
        for (scheme, width) in
            [(ColorScheme::Light, 1280), (ColorScheme::Light, 320), (ColorScheme::Dark, 320), (ColorScheme::Dark, 1280)]
        {
            browser.look(scheme, width).await?;
            let wide = browser.evaluate("document.documentElement.scrollWidth").await?;
            let mut lines = axe.violations(&browser).await?;
            lines.extend((wide != json!(width)).then(|| format!("is {wide} wide")));
            found.extend(lines.into_iter().map(|line| format!("{page} {scheme:?} {width}: {line}")));
        }
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.stop().await
}

/// A page's address, with what this MSP has in place of what varies.
fn path(route: &str, msp: &Msp, computer: &Computer, staff: &str) -> anyhow::Result<String> {
    let parts = route.split('/').map(|part| {
        Ok(match part {
            "{asset}" => computer.asset.to_string(),
            "{organization}" => msp.organization.to_string(),
            "{end_user}" => msp.jane.to_string(),
            "{policy}" => msp.policy.to_string(),
            "{staff}" => staff.to_owned(),
            part if part.starts_with('{') => bail!("{route}: say here what stands for {part}"),
            part => part.to_owned(),
        })
    });
    Ok(parts.collect::<anyhow::Result<Vec<_>>>().context("writing a page's address")?.join("/"))
}
