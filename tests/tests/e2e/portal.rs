//! The portal behind its sign-in in a browser: for everybody, by keyboard alone, with scripts and without.

use anyhow::Context;
use deskbell_tests::support::{
    axe::Axe,
    browser::{Browser, BrowserOptions, ColorScheme, Scripts, keys},
    mailbox::Mailbox,
    portal::OpenForm,
    server::TestServer,
};
use reqwest::Method;
use serde_json::json;
use uuid::Uuid;

use crate::{
    console::kept_out,
    desk::{Msp, PORTAL},
};

const PASSWORD: &str = "walnut ferry candle";
/// As its speakers call it: what one types to choose it in a list.
const ARABIC: &str = "العربية";
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

    /// Unfolds what a summary hides.
    async fn unfold(&self) -> anyhow::Result<()> {
        self.browser.tab_to_match("summary").await?;
        self.browser.type_keys(keys::ENTER).await
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

/// Something on every other page: articles, a page of the MSP's own, bills, departments to choose from. Gives their paths.
async fn with_more_pages(msp: &Msp) -> anyhow::Result<Vec<String>> {
    let send =
        async |method: Method, path: &str, body: serde_json::Value| msp.api.send(method, path, Some(&body)).await;
    let text = json!({"title": "Printers", "body": "# One\n\n1. Switch it **off**.\n\n> `on`", "visibility": "public", "published": true});
    let article = send(Method::POST, "articles", text).await?["id"].as_str().context("no id")?.to_owned();
    for name in ["Ovens", "Tills"] {
        send(Method::POST, "departments", json!({"name": name})).await?;
    }
    let bill = json!({
        "organization_id": msp.organization, "kind": "invoice", "number": "RE-1", "amount": "120.00 EUR",
        "issued_on": "2026-01-31", "url": "https://billing.example/RE-1",
    });
    send(Method::POST, "billing-documents", bill).await?;
    let all = ["portal.access", "ticket.create", "ticket.reply", "article.view", "billing.view", "community.view"];
    let group = send(Method::POST, "portal-groups", json!({"name": "All", "permissions": all})).await?;
    let jane = msp.api.portal_users().await?.first().context("no portal user")?.id;
    send(Method::PATCH, &format!("portal-users/{jane}"), json!({"group": group["key"]})).await?;
    let page = "0190a3c4-0000-7000-8000-00000000000a";
    let menu = json!([
        {"type": "home"}, {"type": "new_ticket"}, {"type": "articles"}, {"type": "computers"}, {"type": "billing"},
        {"type": "page", "id": page, "label": "Opening hours", "text": "**9 to 5**"},
        {"type": "community", "url": "https://community.harbor-it.example/"},
    ]);
    let portals = msp.api.send(Method::GET, "portals", None).await?;
    let portal = portals["items"][0]["id"].as_str().context("no portal")?;
    let home = ["new_ticket", "tickets", "articles", "computers", "contact"];
    let design = json!({"menu": menu, "home": home, "welcome": "Good to see you."});
    send(Method::PATCH, &format!("portals/{portal}"), design).await?;
    let below = |path: &str| format!("/my_profile/v2/{path}");
    let pages = ["index", "articles", "articles?q=nothing", "computers", "billing", "payment"].map(below);
    Ok(pages.into_iter().chain([below(&format!("articles/{article}")), below(&format!("pages/{page}"))]).collect())
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
    let more = with_more_pages(&msp).await?;
    for path in more.iter().map(String::as_str).chain(["/my_profile", "/my_profile/v2/new_ticket"]) {
        jane.browser.open(&format!("{base}{path}")).await?;
        let status = "performance.getEntriesByType('navigation')[0].responseStatus";
        assert_eq!(jane.browser.evaluate(status).await?, json!(200), "{path}");
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

/// The same from right to left.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_portal_is_for_everybody_from_right_to_left() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let (msp, link) = with_portal().await?;
    let base = msp.server.url.as_str().trim_end_matches('/').to_owned();
    let jane = Keyboard { browser: Browser::start(&BrowserOptions::default()).await? };
    jane.signs_in(&msp, PASSWORD).await?;
    jane.browser.tab_to("language").await?;
    jane.browser.type_keys(ARABIC).await?;
    jane.press("footer button").await?;
    assert_eq!(jane.browser.evaluate("document.documentElement.dir").await?, json!("rtl"));
    jane.press("nav a[href='/my_profile/v2/new_ticket']").await?;
    jane.fill("description", "The oven beeps.").await?;
    let mut found = kept_out(&axe, &jane.browser, "the form").await?;
    jane.browser.look(ColorScheme::Light, 1280).await?;
    jane.press("main form[action='/my_profile/v2/new_ticket'] button[type=submit]").await?;
    found.extend(kept_out(&axe, &jane.browser, "a ticket").await?);
    let more = with_more_pages(&msp).await?;
    let others = ["/my_profile", "/my_profile/v2/nowhere", "/my_profile/v2/new_ticket", &link.replace(&base, "")];
    for path in more.iter().map(String::as_str).chain(others) {
        jane.browser.open(&format!("{base}{path}")).await?;
        found.extend(kept_out(&axe, &jane.browser, path).await?);
    }
    jane.browser.look(ColorScheme::Light, 1280).await?;
    jane.browser.open(&format!("{base}/my_profile")).await?;
    jane.press("nav form button").await?;
    for path in ["/my_profile/user_login", "/my_profile/sign_up"] {
        jane.browser.open(&format!("{base}{path}")).await?;
        found.extend(kept_out(&axe, &jane.browser, path).await?);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    jane.browser.stop().await
}

/// ZOH-08, ZOH-09, ZOH-13, SYN-32: what begins in a mail, by keyboard alone, with scripts and without: accepting an invitation, a
/// link that signs in, a new password, and signing up; each page free of what axe-core knows to keep people out.
#[tokio::test(flavor = "multi_thread")]
async fn what_begins_in_a_mail_is_done_with_the_keyboard_alone_with_scripts_and_without() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let mut found = Vec::new();
    for (scripts, address) in
        [(Scripts::Run, "kim@lindgren-bakery.example"), (Scripts::Off, "lee@lindgren-bakery.example")]
    {
        let mut mailbox = Mailbox::open().await?;
        let msp = Msp::on(TestServer::start_mailing(&mailbox.smtp).await?).await?;
        let base = msp.server.url.as_str().trim_end_matches('/').to_owned();
        let options = BrowserOptions { scripts, width: 360, ..BrowserOptions::default() };
        let kim = Keyboard { browser: Browser::start(&options).await? };
        let looked_at = async |kim: &Keyboard, page: &str| match scripts {
            Scripts::Run => kept_out(&axe, &kim.browser, page).await,
            Scripts::Off => anyhow::Ok(Vec::new()),
        };
        let person = msp.api.make_end_user(msp.organization, "Kim Lee", address).await?;
        msp.api.send(Method::POST, &format!("end-users/{person}/invite"), Some(&json!({}))).await?;

        kim.browser.open(&mailbox.link_to(address, &format!("{base}/my_profile/invitation/")).await?).await?;
        found.extend(looked_at(&kim, "an invitation").await?);
        kim.fill("password", PASSWORD).await?;
        kim.browser.leave_by(keys::ENTER).await?;
        kim.expect("h1", "My requests").await?;
        kim.press("nav form button").await?;

        kim.unfold().await?;
        kim.fill("email", address).await?;
        kim.press("form[action='/my_profile/user_login/link'] button:not([formaction])").await?;
        kim.expect("h1", "Look into your mailbox").await?;
        kim.browser.open(&mailbox.link_to(address, &format!("{base}/my_profile/user_login/link/")).await?).await?;
        found.extend(looked_at(&kim, "a link that signs in").await?);
        kim.press("main form button").await?;
        kim.expect("h1", "My requests").await?;
        kim.press("nav form button").await?;

        kim.unfold().await?;
        kim.fill("email", address).await?;
        kim.press("button[formaction='/my_profile/user_login/reset']").await?;
        kim.browser.open(&mailbox.link_to(address, &format!("{base}/my_profile/user_login/reset/")).await?).await?;
        found.extend(looked_at(&kim, "a new password").await?);
        kim.fill("password", NEXT_PASSWORD).await?;
        kim.browser.leave_by(keys::ENTER).await?;
        kim.expect("h1", "My requests").await?;
        kim.press("nav form button").await?;

        // Jane has asked for help from her computer, and signs up.
        let portals = msp.api.send(Method::GET, "portals", None).await?;
        let portal = portals["items"][0]["id"].as_str().context("no portal")?;
        msp.api.send(Method::PATCH, &format!("portals/{portal}"), Some(&json!({"self_sign_up": true}))).await?;
        let computer = msp.computer().await?;
        let click = computer.session().await?.click(&[PORTAL]).await?;
        OpenForm::open(&click).await?.send(Uuid::new_v4(), "The oven beeps.").await?;
        kim.browser.open(&format!("{base}/my_profile/sign_up")).await?;
        kim.fill("email", "jane@lindgren-bakery.example").await?;
        kim.browser.leave_by(keys::ENTER).await?;
        let link = mailbox.link_to("jane@lindgren-bakery.example", &format!("{base}/my_profile/sign_up/")).await?;
        kim.browser.open(&link).await?;
        found.extend(looked_at(&kim, "signing up").await?);
        kim.fill("password", PASSWORD).await?;
        kim.browser.leave_by(keys::ENTER).await?;
        kim.expect(".tickets li:first-child bdi", "The oven beeps.").await?;
        kim.browser.stop().await?;
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    Ok(())
}

/// RES-01, SYN-32, ZOH-01, NAB-20, RS-12: signing in, sending and following a ticket, another password, ending a session, and switching to
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
        jane.fill("description", "It beeps again.").await?;
        jane.press("form[action$='/answers'] button[type=submit]").await?;
        jane.press("form[action$='/close'] button").await?;
        jane.expect(".status", "Closed").await?;
        jane.press("form[action$='/reopen'] button").await?;
        jane.expect(".status", "In progress").await?;
        jane.expect(".history .typed", "It beeps again.").await?;
        jane.press("nav a[href='/my_profile/v2/articles']").await?;
        jane.fill("q", "nothing").await?;
        jane.browser.leave_by(keys::ENTER).await?;
        jane.expect("main h1", "Articles").await?;
        jane.press("nav a[href='/my_profile/v2/computers']").await?;
        jane.expect("main h1", "Computers").await?;
        jane.press("nav a[href='/my_profile/v2/index']").await?;
        jane.expect(".tickets li:first-child bdi", &format!("The oven beeps, {word}.")).await?;
        jane.press("nav a[href='/my_profile']").await?;
        jane.fill("phone", "+1 555 0188").await?;
        jane.browser.leave_by(keys::ENTER).await?;
        assert_eq!(jane.browser.property("#phone", "value").await?, json!("+1 555 0188"));
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
