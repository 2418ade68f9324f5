//! The staff's console in a browser.

use std::time::Duration;

use anyhow::Context;
use deskbell_server::console::{self, GuardedRoute};
use deskbell_tests::support::{
    axe::Axe,
    browser::{Browser, BrowserOptions, ColorScheme, keys},
    portal::OpenForm,
};
use reqwest::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::desk::{Msp, PORTAL};

const PASSWORD: &str = "correct horse battery";

/// Somebody of the staff signs in with the keyboard alone, and then finds every page of the console free of what axe-core
/// knows to keep people out, and no wider than the screen: in light and dark, on a desk and on a phone.
#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_the_console_is_for_everybody_in_light_and_dark_on_a_desk_and_on_a_phone() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let msp = Msp::new().await?;
    let (staff, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "administrator").await?;
    let browser = signed_in(&link).await?;

    let mut found = Vec::new();
    let mut things = things(&msp, staff).await?;
    things.push(("{import}", uploaded(&msp, &browser).await?));
    // Files are downloads, an icon is a picture, and samples are in a sandbox, where axe-core cannot run.
    let others = [
        "/console/tickets/{ticket}/files/{file}",
        "/console/icons/{hash}",
        "/console/policies/form",
        "/console/export",
        "/console/portals/{portal}/draft/preview",
        "/console/portals/{portal}/draft/portal.css",
        "/console/portals/{portal}/draft/logo.png",
    ];
    let is_page = |route: &GuardedRoute| route.method == Method::GET && !others.contains(&route.path);
    let routes = console::table().into_iter().filter(is_page);
    let mut pages = routes.map(|route| path(route.path, &things)).collect::<anyhow::Result<Vec<_>>>()?;
    pages.push("/api/v1/docs".into());
    for page in &pages {
        browser.open(&format!("{}{}", msp.server.url.as_str().trim_end_matches('/'), page)).await?;
        found.extend(kept_out(&axe, &browser, page).await?);
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.stop().await
}

/// A browser of somebody of the staff, who used the link with the keyboard alone.
pub(crate) async fn signed_in(link: &str) -> anyhow::Result<Browser> {
    let browser = Browser::start(&BrowserOptions::default()).await?;
    browser.open(link).await?;
    browser.tab_to("password").await?;
    browser.type_keys(&format!("{PASSWORD}{}", keys::ENTER)).await?;
    assert_eq!(browser.text("h1").await?, "Overview");
    Ok(browser)
}

/// What keeps people out of the page that the browser shows, in light and dark, on a desk and on a phone.
pub(crate) async fn kept_out(axe: &Axe, browser: &Browser, page: &str) -> anyhow::Result<Vec<String>> {
    let mut found = Vec::new();
    for (scheme, width) in
        [(ColorScheme::Light, 1280), (ColorScheme::Light, 320), (ColorScheme::Dark, 320), (ColorScheme::Dark, 1280)]
    {
        browser.look(scheme, width).await?;
        // The width in which the page stands is what a vertical scroll bar leaves of the screen.
        let over =
            browser.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth").await?;
        let mut lines = axe.violations(browser).await?;
        lines.extend((over != json!(0)).then(|| format!("is {over} pixels wider than the screen")));
        found.extend(lines.into_iter().map(|line| format!("{page} {scheme:?} {width}: {line}")));
    }
    Ok(found)
}

/// The pages with packages and with a new token's commands, which the pages above have not, are for everybody, too; all of
/// it is reached with the keyboard.
#[tokio::test(flavor = "multi_thread")]
async fn how_to_install_the_agent_is_shown_to_everybody() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let msp = Msp::new().await?;
    let packages = msp.server.data().join("packages");
    std::fs::create_dir(&packages)?;
    for file in ["deskbell-agent-1.2.3.msi", "deskbell-agent-1.2.3.pkg", "deskbell-agent_1.2.3_amd64.deb"] {
        std::fs::write(packages.join(file), file)?;
    }
    let (_, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "technician").await?;
    let browser = signed_in(&link).await?;
    browser.open(&format!("{}console/organizations/{}/enrollment", msp.server.url, msp.organization)).await?;
    let mut found = kept_out(&axe, &browser, "packages").await?;
    browser.look(ColorScheme::Light, 1280).await?;
    browser.tab_to("name").await?;
    browser.type_keys(&format!("Roll-out{}", keys::ENTER)).await?;
    assert_eq!(browser.text("h1").await?, "The token Roll-out");
    found.extend(kept_out(&axe, &browser, "commands").await?);
    browser.look(ColorScheme::Light, 1280).await?;
    browser.tab_to_match("pre").await?;
    browser.tab_to_match("form[action$='/with-token'] button").await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.stop().await
}

/// NAB-26: from the overview to an organization and its portal users, where somebody is chosen, looked at and
/// shut out, all with the keyboard; the page in between is for everybody.
#[tokio::test(flavor = "multi_thread")]
async fn people_are_chosen_reviewed_and_shut_out_with_the_keyboard_alone() -> anyhow::Result<()> {
    let axe = Axe::installed()?;
    let msp = Msp::new().await?;
    let (_, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "technician").await?;
    let browser = signed_in(&link).await?;
    let organization = format!("a[href='/console/organizations/{}']", msp.organization);
    let portal_users = format!("a[href='/console/portal-users?organization={}']", msp.organization);
    for way in ["a[href='/console/organizations']", &organization, &portal_users] {
        browser.tab_to_match(way).await?;
        browser.leave_by(keys::ENTER).await?;
    }
    assert_eq!(browser.text("h1").await?, "Portal users of Lindgren Bakery");
    browser.tab_to("portal_user").await?;
    browser.type_keys(" ").await?;
    browser.tab_to_match("button[value=deactivate]").await?;
    browser.leave_by(keys::ENTER).await?;
    assert_eq!(browser.text("h1").await?, "Deactivate");
    assert_eq!(browser.text("tbody td").await?, "Jane Doe");
    let found = kept_out(&axe, &browser, "the review").await?;
    assert!(found.is_empty(), "{}", found.join("\n"));
    browser.look(ColorScheme::Light, 1280).await?;
    browser.tab_to_match("main button").await?;
    browser.leave_by(keys::ENTER).await?;
    assert_eq!(browser.text("[role=status]").await?, "1 person was deactivated.");
    browser.stop().await
}

/// NAB-12, NAB-22, RES-19: from the overview to a customer and its people in three steps by keyboard, and to no other's; several are
/// chosen with Shift, by a long press, or with the keyboard alone.
#[tokio::test(flavor = "multi_thread")]
async fn people_of_a_customer_are_found_and_chosen_by_keyboard_with_shift_or_a_long_press() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let other = msp.api.make_organization("Mill Lane Books", "office@books.example").await?;
    msp.api.make_end_user(other, "Zoe Stranger", "zoe@books.example").await?;
    for name in ["Ada", "Bob", "Cid", "Dan"] {
        let email = format!("{}@lindgren-bakery.example", name.to_lowercase());
        msp.api.make_end_user(msp.organization, name, &email).await?;
    }
    let (_, welcome) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "technician").await?;
    let browser = signed_in(&welcome).await?;
    for way in ["a[href='/console/organizations']", &format!("a[href='/console/organizations/{}']", msp.organization)] {
        browser.tab_to_match(way).await?;
        browser.leave_by(keys::ENTER).await?;
    }
    browser.tab_to_match("td a[href^='/console/end-users/']").await?;
    let names = "[...document.querySelectorAll('td a[href^=\"/console/end-users/\"]')].map((a) => a.textContent)";
    assert_eq!(browser.evaluate(names).await?, json!(["Dan", "Cid", "Bob", "Ada", "Jane Doe"]));
    let chosen = async || {
        let boxes = "[...document.querySelectorAll('input[name=end_user]')].map((box) => box.checked)";
        browser.evaluate(boxes).await
    };
    let (row, short) = (|number: u8| format!("tbody tr:nth-child({number})"), Duration::from_millis(20));
    browser.press_on(&format!("{} input[type=checkbox]", row(1)), short, false).await?;
    browser.press_on(&format!("{} input[type=checkbox]", row(4)), short, true).await?;
    assert_eq!(chosen().await?, json!([true, true, true, true, false]), "a range with Shift");
    let place = |number: u8| format!("{} td:nth-child(3)", row(number));
    browser.press_on(&place(2), Duration::from_millis(900), false).await?;
    assert_eq!(chosen().await?, json!([true, false, true, true, false]), "a long press");
    browser.press_on(&place(3), short, false).await?;
    assert_eq!(chosen().await?, json!([true, false, true, true, false]), "a short one does nothing");
    browser.tab_to_match(&format!("{} input[type=checkbox]", row(5))).await?;
    browser.type_keys(keys::SPACE).await?;
    assert_eq!(chosen().await?, json!([true, false, true, true, true]), "the keyboard");
    browser.stop().await
}

/// As one types, the sample of a mail follows or what is wrong is said; leaving the page asks first.
#[tokio::test(flavor = "multi_thread")]
async fn the_sample_of_a_mail_follows_what_is_typed() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let (_, link) = msp.api.make_staff("Kim Larsen", "kim@harbor-it.example", "administrator").await?;
    let browser = signed_in(&link).await?;
    browser.open(&format!("{}console/settings/mail/templates/ticket_resolved/en", msp.server.url)).await?;
    assert_eq!(browser.text("#sample strong").await?, "[1042] The label printer <Zebra> prints nothing");
    assert!(!browser.asks_before_leaving().await?);
    browser.tab_to("subject").await?;
    browser.type_keys("{{nobody}}").await?;
    assert!(browser.text("#sample li").await?.starts_with("Has the unknown tag {{nobody}}; this mail has"));
    browser.evaluate("document.getElementById('subject').select()").await?;
    browser.type_keys("Done: {{ticket_number}}").await?;
    assert_eq!(browser.text("#sample strong").await?, "Done: 1042");
    assert!(browser.asks_before_leaving().await?);
    browser.tab_to_match("button[value=save]").await?;
    browser.type_keys(keys::ENTER).await?;
    assert_eq!(browser.text(".note").await?, "Saved.");
    assert!(!browser.asks_before_leaving().await?);
    browser.stop().await
}

/// One of each thing that a page can be about: what stands in a route, and its id.
async fn things(msp: &Msp, staff: String) -> anyhow::Result<Vec<(&'static str, String)>> {
    let computer = msp.computer().await?;
    let forward = json!({"address": "desk@harbor-it.example"});
    msp.api.send(Method::PUT, "ticket-forwarding", Some(&forward)).await?;
    let link = computer.session().await?.click(&[PORTAL]).await?;
    OpenForm::open(&link).await?.send(Uuid::new_v4(), "The oven beeps.").await?;
    let folder = json!({"organization_id": msp.organization, "name": "Bakery floor"});
    let folder = msp.api.send(Method::POST, "folders", Some(&folder)).await?;
    let site = json!({"organization_id": msp.organization, "name": "Bakery", "address": "1 Mill Lane"});
    let site = msp.api.send(Method::POST, "sites", Some(&site)).await?;
    let endpoint = json!({"url": "https://hooks.harbor-it.example/", "events": ["ticket.created"]});
    let endpoint = msp.api.send(Method::POST, "webhook-endpoints", Some(&endpoint)).await?;
    let template = json!({"subject": "{{ticket_subject}}", "body": "{{comment}}\n\n{{msp}}"});
    msp.api.send(Method::PUT, "mail-templates/ticket_comment/en", Some(&template)).await?;
    let article = json!({
        "title": "Ovens", "section": "Bakery", "body": "# Beeps\n\n1. Open it.\n2. `Close` it.\n\n> Mind the [heat](https://harbor-it.example).",
        "visibility": "portal", "published": true,
    });
    let article = msp.api.send(Method::POST, "articles", Some(&article)).await?;
    let system =
        json!({"kind": "request_tracker", "url": "https://rt.harbor-it.example", "queue": "Desk", "token": "t"});
    msp.api.send(Method::PUT, "ticket-system", Some(&system)).await?;
    let mails = msp.api.send(Method::GET, "mails", None).await?;
    let tickets = msp.api.send(Method::GET, "tickets", None).await?;
    let portal_users = msp.api.send(Method::GET, "portal-users", None).await?;
    let portal = json!({"name": "Lindgren", "prefix": "lindgren"});
    let portal = msp.api.send(Method::POST, "portals", Some(&portal)).await?;
    let id = |thing: &Value| thing["id"].as_str().map(str::to_owned).with_context(|| format!("no id: {thing}"));
    Ok(vec![
        ("{asset}", computer.asset.to_string()),
        ("{organization}", msp.organization.to_string()),
        ("{end_user}", msp.jane.to_string()),
        ("{portal}", id(&portal)?),
        ("{portal_user}", id(&portal_users["items"][0])?),
        ("{group}", "no_portal_user".into()),
        ("{policy}", msp.policy.to_string()),
        ("{staff}", staff),
        ("{folder}", id(&folder)?),
        ("{article}", id(&article)?),
        ("{site}", id(&site)?),
        ("{endpoint}", id(&endpoint)?),
        ("{mail}", id(&mails["items"][0])?),
        ("{template}", "ticket_comment".into()),
        ("{language}", "en".into()),
        ("{ticket}", id(&tickets["items"][0])?),
    ])
}

/// A file that waits to be imported, with lines of every kind.
async fn uploaded(msp: &Msp, browser: &Browser) -> anyhow::Result<String> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("contacts.csv");
    let lines = "customer,contact,email,hostname\nLindgren Bakery,Kim Lee,kim@lindgren-bakery.example,PC-042\n\
                 Lindgren Bakery,Jane Doe,,PC-9\nLindgren Bakery,Ann Roe,ann,\n";
    std::fs::write(&file, lines)?;
    browser.open(&format!("{}console/import", msp.server.url)).await?;
    browser.choose_file("[name=file]", &file).await?;
    browser.tab_to_match("form[action='/console/import'] button").await?;
    browser.type_keys(keys::ENTER).await?;
    browser.text(".plan").await?;
    let address = browser.address().await?;
    address.rsplit('/').next().map(str::to_owned).context("the file has no id")
}

/// A page's address, with what this MSP has in place of what varies.
fn path(route: &str, things: &[(&str, String)]) -> anyhow::Result<String> {
    let mut path = route.to_owned();
    for (name, id) in things {
        path = path.replace(name, id);
    }
    anyhow::ensure!(!path.contains('{'), "{route}: say above what stands for what is left");
    Ok(if path.ends_with("/compare") { path + "?from=1&to=1" } else { path })
}
