//! The portal behind its sign-in in a browser: for everybody, by keyboard alone, with scripts and without.

use anyhow::Context;
use deskbell_tests::support::{
    axe::Axe,
    browser::{Browser, BrowserOptions, ColorScheme, Scripts, keys},
};
use reqwest::Method;
use serde_json::json;

use crate::{console::kept_out, desk::Msp};

const PASSWORD: &str = "walnut ferry candle";
const NEXT_PASSWORD: &str = "another ferry candle";

/// Somebody at a keyboard.
struct Keyboard {
    browser: Browser,
}

impl Keyboard {
    /// Presses Enter on what matches `selector`, which leads to another page.
    async fn press(&self, selector: &str) -> anyhow::Result<()> {
        self.browser.tab_to_match(selector).await?;
        self.browser.leave_by(keys::ENTER).await
    }

    async fn fill(&self, name: &str, text: &str) -> anyhow::Result<()> {
        self.browser.tab_to(name).await?;
        self.browser.type_keys(text).await
    }

    async fn expect(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        assert_eq!(self.browser.text(selector).await?, text, "{selector}");
        Ok(())
    }

    async fn signs_in(&self, msp: &Msp, password: &str) -> anyhow::Result<()> {
        self.browser.open(&format!("{}my_profile/user_login", msp.server.url)).await?;
        self.fill("name", "jane").await?;
        self.fill("password", password).await?;
        self.browser.leave_by(keys::ENTER).await
    }
}

/// An MSP where Jane can sign in, people can sign up, and another customer comes by its link, which is given.
async fn with_portal() -> anyhow::Result<(Msp, String)> {
    let msp = Msp::new().await?;
    let portal_users = msp.api.portal_users().await?;
    let jane = portal_users.first().context("no portal user")?.id;
    msp.api.send(Method::PATCH, &format!("portal-users/{jane}"), Some(&json!({"password": PASSWORD}))).await?;
    let portals = msp.api.send(Method::GET, "portals", None).await?;
    let portal = portals["items"][0]["id"].as_str().context("no portal")?;
    msp.api.send(Method::PATCH, &format!("portals/{portal}"), Some(&json!({"self_sign_up": true}))).await?;
    let books = msp.api.make_organization("Mill Lane Books", "office@books.example").await?;
    let link = msp.api.send(Method::GET, &format!("organizations/{books}/portal-link"), None).await?;
    let link = link["url"].as_str().context("no link")?.to_owned();
    Ok((msp, link))
}

/// SYN-32: every page of the portal behind and before its sign-in is free of what axe-core knows to keep people out, and no wider
/// than the screen: in light and dark, on a desk and on a phone.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_portal_is_for_everybody_in_light_and_dark_on_a_desk_and_on_a_phone() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let (msp, link) = with_portal().await?;
    let base = msp.server.url.as_str().trim_end_matches('/').to_owned();
    let jane = Keyboard { browser: Browser::start(&BrowserOptions::default()).await? };
    let mut found = Vec::new();
    for path in ["/my_profile/user_login", "/my_profile/sign_up", "/my_profile/invitation/x", "/my_profile/nowhere"] {
        jane.browser.open(&format!("{base}{path}")).await?;
        found.extend(kept_out(&axe, &jane.browser, path).await?);
    }
    jane.signs_in(&msp, "wrong").await?;
    jane.expect("[role=alert]", "Name or password is wrong.").await?;
    found.extend(kept_out(&axe, &jane.browser, "a wrong password").await?);
    jane.signs_in(&msp, PASSWORD).await?;
    jane.press("nav a[href='/my_profile/v2/new_ticket']").await?;
    found.extend(kept_out(&axe, &jane.browser, "the form").await?);
    jane.browser.look(ColorScheme::Light, 1280).await?;
    // A field that is filled well, and one that is not.
    jane.browser.tab_to_match("details summary").await?;
    jane.browser.type_keys(keys::ENTER).await?;
    jane.fill("people", "Nobody Known").await?;
    jane.fill("description", "The oven beeps.").await?;
    jane.press("main form[action='/my_profile/v2/new_ticket'] button[type=submit]").await?;
    jane.expect("#people-error", "Nobody in your organization is called Nobody Known, or has that address.").await?;
    found.extend(kept_out(&axe, &jane.browser, "the form again").await?);
    jane.browser.look(ColorScheme::Light, 1280).await?;
    jane.browser.evaluate("document.getElementById('people').value = ''").await?;
    jane.press("main form[action='/my_profile/v2/new_ticket'] button[type=submit]").await?;
    jane.expect("h1", "Ticket 1001").await?;
    found.extend(kept_out(&axe, &jane.browser, "a ticket").await?);
    for path in ["/my_profile/v2/index", "/my_profile"] {
        jane.browser.open(&format!("{base}{path}")).await?;
        found.extend(kept_out(&axe, &jane.browser, path).await?);
    }
    jane.browser.open(&link).await?;
    jane.expect("h1", "Switch to Mill Lane Books").await?;
    found.extend(kept_out(&axe, &jane.browser, "the switch").await?);
    jane.browser.look(ColorScheme::Light, 1280).await?;
    jane.press("main form button").await?;
    jane.expect("nav span", "Mill Lane Books").await?;
    found.extend(kept_out(&axe, &jane.browser, "home by the link").await?);
    jane.browser.open(&format!("{base}/my_profile/v2/new_ticket")).await?;
    found.extend(kept_out(&axe, &jane.browser, "the form by the link").await?);
    assert!(found.is_empty(), "{}", found.join("\n"));
    jane.browser.stop().await
}

/// SYN-32, ZOH-01, NAB-20, RS-12: signing in, sending and following a ticket, another password, ending a session, and switching to
/// another organization's link: by keyboard alone, with scripts and without.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_user_does_everything_with_the_keyboard_alone_with_scripts_and_without() -> anyhow::Result<()> {
    let (msp, link) = with_portal().await?;
    let mut passwords = [PASSWORD, NEXT_PASSWORD];
    for (scripts, word) in [(Scripts::Run, "scripts"), (Scripts::Off, "none")] {
        let options = BrowserOptions { scripts, width: 360, ..BrowserOptions::default() };
        let jane = Keyboard { browser: Browser::start(&options).await? };
        jane.signs_in(&msp, passwords[0]).await?;
        jane.expect("h1", "My requests").await?;
        jane.press("nav a[href='/my_profile/v2/new_ticket']").await?;
        jane.fill("description", &format!("The oven beeps, {word}.")).await?;
        jane.press("main form[action='/my_profile/v2/new_ticket'] button[type=submit]").await?;
        jane.expect(".status", "New").await?;
        jane.press("nav a[href='/my_profile/v2/index']").await?;
        jane.expect(".tickets li:first-child bdi", &format!("The oven beeps, {word}.")).await?;
        jane.press("nav a[href='/my_profile']").await?;
        jane.fill("old_password", passwords[0]).await?;
        jane.fill("password", passwords[1]).await?;
        jane.browser.leave_by(keys::ENTER).await?;
        jane.expect("h1", "My account").await?;
        jane.press(".sessions form button").await?;
        jane.expect("h1", "Sign in").await?;
        passwords.reverse();
        jane.signs_in(&msp, passwords[0]).await?;
        jane.browser.open(&link).await?;
        jane.press("main form button").await?;
        jane.expect("nav span", "Mill Lane Books").await?;
        jane.press("nav a[href='/my_profile/v2/new_ticket']").await?;
        jane.fill("unverified_name", "Sam").await?;
        jane.fill("description", &format!("By the link, {word}.")).await?;
        jane.press("main form[action='/my_profile/v2/new_ticket'] button[type=submit]").await?;
        assert!(jane.browser.text("[role=status]").await?.starts_with("Ticket 10"));
        jane.press("nav form button").await?;
        jane.expect("h1", "Sign in").await?;
        jane.browser.stop().await?;
    }
    assert_eq!(msp.api.tickets().await?.len(), 4);
    Ok(())
}
