//! The forms of the MSP's website in a browser that keeps cookies from what other sites show within a page, with scripts and
//! without.

use std::time::Duration;

use anyhow::Context;
use deskbell_tests::support::{
    axe::Axe,
    browser::{Browser, BrowserOptions, ColorScheme, Scripts},
    website::Website,
};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    console::{kept_out, signed_in},
    desk::Msp,
};

const PASSWORD: &str = "walnut ferry candle";
const LOOK_OVER: &str = "Please look over what you wrote, then send it.";

/// An MSP where Jane can sign in, and the code of its forms, as the console gives it: login, check-in, frame.
async fn with_website(origin: &str) -> anyhow::Result<(Msp, Vec<String>)> {
    let msp = Msp::new().await?;
    let jane = msp.api.portal_users().await?.first().context("no portal user")?.id;
    msp.api.send(Method::PATCH, &format!("portal-users/{jane}"), Some(&json!({"password": PASSWORD}))).await?;
    let portals = msp.api.send(Method::GET, "portals", None).await?;
    let portal = portals["items"][0]["id"].as_str().context("no portal")?;
    let website = json!({"embed_origins": [origin], "embed_organization_id": msp.organization});
    msp.api.send(Method::PATCH, &format!("portals/{portal}"), Some(&website)).await?;
    let (_, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "administrator").await?;
    let console = signed_in(&link).await?;
    console.open(&format!("{}console/portals/{portal}/website", msp.server.url)).await?;
    let found = kept_out(&Axe::installed()?, &console, "the website's page").await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    let mut codes = Vec::new();
    for id in ["login", "check-in", "check-in-frame"] {
        let code = console.property(&format!("#{id}-code"), "value").await?;
        codes.push(code.as_str().context("no code")?.to_owned());
    }
    console.stop().await?;
    Ok((msp, codes))
}

async fn visitor(scripts: Scripts) -> anyhow::Result<Browser> {
    let options = BrowserOptions { scripts, blocks_third_party_cookies: true, ..BrowserOptions::default() };
    Browser::start(&options).await
}

/// What is typed into the check-in form, on the page or in the frame that the browser was turned to.
async fn fill_in(browser: &Browser, description: &str) -> anyhow::Result<()> {
    browser.fill("#deskbell-name", "Pat Low").await?;
    browser.fill("#deskbell-email", "pat@example.com").await?;
    browser.fill("#deskbell-description", description).await
}

/// Sends the form as a person does, who takes longer to fill it in than a program; gives the ticket's number.
async fn send(msp: &Msp, browser: &Browser) -> anyhow::Result<String> {
    msp.server.advance(Duration::from_secs(3));
    browser.click("#deskbell-check-in button[type=submit]").await?;
    browser.text(".number").await
}

async fn descriptions(msp: &Msp) -> anyhow::Result<Vec<Value>> {
    let tickets = msp.api.send(Method::GET, "tickets", None).await?;
    let tickets = tickets["items"].as_array().context("no list")?;
    Ok(tickets.iter().map(|ticket| ticket["description"].clone()).collect())
}

/// SYN-24: the code of the login form, pasted into a page of another origin, signs in.
#[tokio::test(flavor = "multi_thread")]
async fn the_pasted_login_form_signs_in_without_cookies_of_other_sites_with_scripts_and_without() -> anyhow::Result<()>
{
    let website = Website::start()?;
    let (_msp, codes) = with_website(&website.origin).await?;
    for scripts in [Scripts::Run, Scripts::Off] {
        let jane = visitor(scripts).await?;
        website.paste(&codes[0]);
        jane.open(&website.origin).await?;
        jane.fill("#deskbell-login-name", "jane").await?;
        jane.fill("#deskbell-password", PASSWORD).await?;
        jane.click("form button[type=submit]").await?;
        jane.text("nav").await?;
        assert_eq!(jane.text("h1").await?, "My requests");
        jane.stop().await?;
    }
    Ok(())
}

/// SYN-27, SYN-28: the pasted check-in form sends a ticket from the portal's page; in a frame it sends one where it stands. On a page
/// whose origin is not listed, the frame stays empty.
#[tokio::test(flavor = "multi_thread")]
async fn the_pasted_check_in_form_sends_a_ticket_and_its_frame_is_blocked_elsewhere() -> anyhow::Result<()> {
    let (website, elsewhere) = (Website::start()?, Website::start()?);
    let (msp, codes) = with_website(&website.origin).await?;
    let mut sent = Vec::new();
    for (scripts, word) in [(Scripts::Run, "scripts"), (Scripts::Off, "none")] {
        let pat = visitor(scripts).await?;
        website.paste(&codes[1]);
        pat.open(&website.origin).await?;
        let pasted = format!("The till is dark, {word}.");
        fill_in(&pat, &pasted).await?;
        pat.leave_by_click("#deskbell-check-in button[type=submit]").await?;
        assert_eq!(pat.text("[role=alert]").await?, LOOK_OVER);
        assert!(pat.address().await?.starts_with(msp.server.url.as_str()));
        send(&msp, &pat).await?;

        website.paste(&codes[2]);
        pat.open(&website.origin).await?;
        pat.turn_to_frame("iframe").await?;
        let framed = format!("The scale is dark, {word}.");
        fill_in(&pat, &framed).await?;
        send(&msp, &pat).await?;
        assert!(pat.address().await?.starts_with(&website.origin), "the page around the frame stays");
        sent.extend([pasted, framed]);
        assert_eq!(pat.cookies().await?, [], "no cookie is needed");
        pat.stop().await?;
    }
    assert_eq!(json!(descriptions(&msp).await?), json!(sent));

    let pat = visitor(Scripts::Run).await?;
    elsewhere.paste(&codes[2]);
    pat.open(&elsewhere.origin).await?;
    pat.turn_to_frame("iframe").await?;
    let shown = pat.source().await?;
    assert!(!shown.contains("deskbell-check-in"), "{shown}");
    pat.stop().await
}

/// SYN-32: each page that the forms of the website lead to is free of what axe-core knows to keep people out, and no wider than the
/// screen: in light and dark, on a desk and on a phone, from left to right and from right to left.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_forms_is_for_everybody() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let website = Website::start()?;
    let (msp, _) = with_website(&website.origin).await?;
    let portals = msp.api.send(Method::GET, "portals", None).await?;
    let portal = format!("portals/{}", portals["items"][0]["id"].as_str().context("no portal")?);
    msp.api.send(Method::PATCH, &portal, Some(&json!({"embed_fields": "with_address"}))).await?;
    msp.api.send(Method::POST, "departments", Some(&json!({"name": "Till"}))).await?;
    msp.api.send(Method::POST, "departments", Some(&json!({"name": "Oven"}))).await?;
    let mut found = Vec::new();
    for language in ["en", "ar"] {
        let pat = Browser::start(&BrowserOptions { languages: language.into(), ..BrowserOptions::default() }).await?;
        for path in ["embed/login", "embed/check_in", "embed/check_in/frame", "embed/status/x"] {
            pat.open(msp.server.url.join(path)?.as_str()).await?;
            assert_eq!(pat.property("html", "lang").await?, json!(language), "{path}");
            found.extend(kept_out(&axe, &pat, &format!("{path} {language}")).await?);
        }
        pat.open(msp.server.url.join("embed/check_in")?.as_str()).await?;
        pat.fill("#deskbell-city", &"x".repeat(201)).await?;
        fill_in(&pat, "The till is dark.").await?;
        msp.server.advance(Duration::from_secs(3));
        pat.leave_by_click("#deskbell-check-in button[type=submit]").await?;
        pat.text("#deskbell-address-error").await?;
        found.extend(kept_out(&axe, &pat, &format!("what is wrong {language}")).await?);
        pat.look(ColorScheme::Light, 1280).await?;
        pat.evaluate("document.getElementById('deskbell-city').value = 'Springfield'").await?;
        let number = send(&msp, &pat).await?;
        found.extend(kept_out(&axe, &pat, &format!("the number {language}")).await?);
        pat.look(ColorScheme::Light, 1280).await?;
        pat.open(msp.server.url.join("embed/check_in")?.as_str()).await?;
        pat.fill("#deskbell-number", &number).await?;
        pat.fill("#deskbell-look-up-email", "pat@example.com").await?;
        pat.leave_by_click("#deskbell-look-up button[type=submit]").await?;
        pat.text("h1").await?;
        found.extend(kept_out(&axe, &pat, &format!("looked up {language}")).await?);
        pat.stop().await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}
