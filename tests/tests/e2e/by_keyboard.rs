//! What staff do all day, by keyboard alone, each once with scripts and once without: a script is comfort, never the way.

use std::time::Duration;

use anyhow::Context;
use deskbell_protocol::{AssetId, EnrollRequest, EnrollResponse, Facts};
use deskbell_tests::support::{
    browser::{Browser, BrowserOptions, Scripts, keys},
    bus::Bus,
    deadline::SOON,
    http,
    portal::OpenForm,
    recorded_browser::RecordedBrowser,
    screen::Screen,
    tray_host::TrayHost,
};
use reqwest::Method;
use serde_json::Value;
use totp_rs::{Builder, Secret};
use uuid::Uuid;

use crate::desk::{Msp, PORTAL};

const PASSWORD: &str = "correct horse battery";
/// Each with what the things are called that are made then.
const BOTH: [(Scripts, &str); 2] = [(Scripts::Run, "Scripted"), (Scripts::Off, "Plain")];

/// Somebody of the staff at a keyboard.
struct Keyboard<'a> {
    browser: Browser,
    msp: &'a Msp,
    email: String,
}

impl<'a> Keyboard<'a> {
    /// Comes through their link and sets a password.
    async fn welcomed(msp: &'a Msp, name: &str, role: &str, scripts: Scripts) -> anyhow::Result<Self> {
        let email = format!("{}@harbor-it.example", Uuid::new_v4().simple());
        let link = msp.api.add_staff(name, &email, role).await?;
        let browser = Browser::start(&BrowserOptions { scripts, ..BrowserOptions::default() }).await?;
        browser.open(link.as_str()).await?;
        let staff = Self { browser, msp, email };
        staff.send("password", PASSWORD).await?;
        staff.expect("h1", "Overview").await?;
        Ok(staff)
    }

    /// Presses Enter on what matches `selector`, which leads to another page.
    async fn press(&self, selector: &str) -> anyhow::Result<()> {
        self.browser.tab_to_match(selector).await?;
        self.browser.leave_by(keys::ENTER).await
    }

    /// Follows a link of the navigation or of a page.
    async fn follow(&self, address: &str) -> anyhow::Result<()> {
        self.press(&format!("a[href='{address}']")).await
    }

    /// Goes to a field and types into it, in place of what is there; in a list, that chooses a line.
    async fn fill(&self, name: &str, text: &str) -> anyhow::Result<()> {
        self.browser.tab_to(name).await?;
        self.browser.type_keys(text).await
    }

    /// The same, and sends the field's form.
    async fn send(&self, name: &str, text: &str) -> anyhow::Result<()> {
        self.fill(name, text).await?;
        self.browser.leave_by(keys::ENTER).await
    }

    /// Presses a button of the builder, which a script does on the same page, and waits for where that puts the keyboard.
    async fn edit(&self, button: &str, then: &str) -> anyhow::Result<()> {
        self.browser.tab_to_match(button).await?;
        self.browser.type_keys(keys::ENTER).await?;
        self.browser.until_focused(then).await
    }

    async fn expect(&self, selector: &str, text: &str) -> anyhow::Result<()> {
        assert_eq!(self.browser.text(selector).await?, text, "{selector}");
        Ok(())
    }

    /// Saves the policy; where the page has not said yet for how many assets that is, it says so first.
    async fn save_policy(&self) -> anyhow::Result<String> {
        self.press("button[value=save]").await?;
        let note = self.browser.text(".note").await?;
        if note.starts_with("Not saved yet") {
            self.press("button[value=save]").await?;
        }
        self.browser.text("[role=status].note").await
    }

    /// An authenticator is set up, and from then on asked for.
    async fn sign_in_with_second_factor(&self) -> anyhow::Result<()> {
        self.follow("/console/account").await?;
        let secret = self.browser.property("#factor-heading ~ details code", "textContent").await?;
        let secret = Secret::try_from_base32(secret.as_str().unwrap_or_default())?;
        let authenticator = Builder::new().with_secret(secret).with_account_name("x").build()?;
        let code = || authenticator.generate(self.msp.server.now() / 1000).to_string();
        self.browser.tab_to_match("#factor-heading ~ details summary").await?;
        self.browser.type_keys(keys::ENTER).await?;
        self.send("code", &code()).await?;
        self.expect("h1", "The second factor is on").await?;
        self.press("form[action='/console/sign-out'] button").await?;
        self.msp.server.advance(Duration::from_mins(1));
        self.fill("email", &self.email).await?;
        self.send("password", PASSWORD).await?;
        self.expect("h1", "Second factor").await?;
        self.send("code", &code()).await?;
        self.expect("h1", "Overview").await
    }
}

/// AGT-04, SYN-33, SYN-34: signed in with a second factor, somebody makes a policy with each type of entry, nests and
/// reorders them, saves and attaches it; a real tray shows the lines in that order, and each does what it says when it is
/// clicked. Checked, "Hide System Tray" takes the icon; unchecked, it is back.
#[tokio::test(flavor = "multi_thread")]
async fn a_policy_is_built_attached_hidden_and_shown_again_by_keyboard_alone() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let (bus, screen, mut opened) = (Bus::start().await?, Screen::start().await?, RecordedBrowser::new()?);
    let host = TrayHost::start(bus.address()).await?;
    let _tray = computer.agent.start_tray_on(&bus, &opened, &screen)?;
    for (scripts, name) in BOTH {
        let staff = Keyboard::welcomed(&msp, "Kim", "technician", scripts).await?;
        staff.sign_in_with_second_factor().await.context(name)?;
        build(&staff, name).await.context(name)?;

        let browser = &staff.browser;
        let shown = format!("[PC-042]\n---\n{PORTAL}\nWebsite\nMore >\n  Copy computer details");
        host.until_menu(SOON, &shown).await.context(name)?;
        host.click(&[PORTAL]).await?;
        assert!(opened.next(SOON).await?.contains("/launch/"));
        host.click(&["Website"]).await?;
        assert_eq!(opened.next(SOON).await?, "https://handbook.example/");
        host.click(&["More", "Copy computer details"]).await?;
        host.click(&["Website"]).await?;
        opened.next(SOON).await?;
        let facts = msp.api.asset(computer.asset).await?.facts;
        assert_eq!(screen.clipboard().await?, format!("{}\n{}\n{}", facts.computer, facts.serial, facts.os));

        for (note, icons) in [("hidden", 0), ("shown", 1)] {
            browser.tab_to("hides_tray").await?;
            browser.type_keys(keys::SPACE).await?;
            assert_eq!(staff.save_policy().await?, "Saved. The tray of 1 asset changes.", "{name}");
            host.until(SOON, note, |shown| shown.len() == icons).await.context(name)?;
        }
        staff.browser.stop().await?;
    }
    Ok(())
}

/// Makes the policy and attaches it to the organization.
async fn build(staff: &Keyboard<'_>, name: &str) -> anyhow::Result<()> {
    let browser = &staff.browser;
    staff.follow("/console/policies").await?;
    staff.follow("/console/policies/new").await?;
    staff.expect("nav.sections a[href='#system-tray']", "System Tray").await?;
    staff.fill("name", name).await?;
    browser.tab_to("hides_tray").await?;
    browser.type_keys(keys::SPACE).await?;
    for (place, button) in ["information", "portal", "link", "submenu", "copy", "separator"].into_iter().enumerate() {
        let then = format!(".entry:nth-child({}) *", place + 1);
        staff.edit(&format!("button[value=add-{button}]"), &then).await?;
    }
    // Into the submenu above, then the separator up to below the first line.
    staff.edit("button[value^='into:copy']", ".entry.depth-1 button[value^='out:copy']").await?;
    browser.tab_to_match("button[value^='up:separator']").await?;
    for place in [4, 3, 2] {
        browser.type_keys(keys::ENTER).await?;
        browser.until_focused(&format!(".entry:nth-child({place}) button[value^='up:separator']")).await?;
    }
    browser.tab_to_match(".entry:nth-child(4) input[name^=target]").await?;
    browser.type_keys("https://handbook.example/").await?;
    assert_eq!(staff.save_policy().await?, "Saved. The tray of 0 assets changes.");
    staff.expect("nav.sections a[href='#system-tray']", "System Tray").await?;
    staff.follow("/console/policies").await?;
    staff.press("a[href^='/console/tree/organizations/']").await?;
    staff.fill("policy_id", name).await?;
    staff.press("form[action$='/policy'] button").await?;
    staff.expect("[role=status]", "Saved.").await?;
    staff.press("form[action$='/policy'] ~ p a[href^='/console/policies/']").await?;
    staff.expect("h1", name).await
}

/// An asset is assigned and enabled, another one approved, a third one takes over from its predecessor, and an enrollment
/// token is made, by keyboard alone.
#[tokio::test(flavor = "multi_thread")]
async fn assets_are_assigned_enabled_approved_and_taken_over_by_keyboard_alone() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    for (scripts, name) in BOTH {
        let staff = Keyboard::welcomed(&msp, "Kim", "technician", scripts).await?;
        let browser = &staff.browser;
        let person = msp.api.make_end_user(msp.organization, name, "zoe@lindgren-bakery.example").await?;
        let mine = enroll(&msp, &format!("{name} 1")).await?;
        staff.follow("/console/assets").await?;
        staff.follow(&format!("/console/assets/{mine}")).await?;
        staff.fill("end_user_id", name).await?;
        staff.press("form[action$='/assignment'] button").await?;
        staff.expect("[role=status]", "Saved.").await?;
        staff.press("form[action$='/approve'] button").await?;
        staff.press("form[action$='/enable'] button").await?;
        browser.text("dd .good").await?;
        let asset = msp.api.asset(mine).await?;
        assert_eq!((asset.state.as_str(), asset.portal_refusal), ("enrolled", None), "{name}");
        assert_eq!(asset.assignment.map(|assigned| assigned.end_user_id), Some(person));

        let again = enroll(&msp, &format!("{name} 1")).await?;
        staff.follow("/console/assets").await?;
        staff.follow(&format!("/console/assets/{again}")).await?;
        staff.press("form[action$='/take-over'] button").await?;
        staff.expect("[role=status]", "Saved.").await?;
        let asset = msp.api.asset(again).await?;
        assert_eq!(asset.assignment.map(|assigned| assigned.end_user_id), Some(person), "{name}");
        assert_eq!(msp.api.asset(mine).await?.state, "retired");

        staff.follow("/console/organizations").await?;
        staff.follow(&format!("/console/organizations/{}", msp.organization)).await?;
        staff.follow(&format!("/console/organizations/{}/enrollment", msp.organization)).await?;
        staff.send("name", &format!("Roll-out {name}")).await?;
        let token = browser.property("#token", "value").await?;
        assert!(token.as_str().is_some_and(|token| !token.is_empty()));
        staff.browser.stop().await?;
    }
    Ok(())
}

/// A ticket is answered with status, assignee and internal note; an API token, a webhook, the forwarding of tickets and a
/// colleague are made; another session is ended: by keyboard alone.
#[tokio::test(flavor = "multi_thread")]
async fn tickets_are_answered_and_settings_made_by_keyboard_alone() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let form = OpenForm::open(&session.click(&[PORTAL]).await?).await?;
    for (scripts, name) in BOTH {
        form.send(Uuid::new_v4(), "The oven beeps.").await?;
        let staff = Keyboard::welcomed(&msp, name, "administrator", scripts).await?;
        answer(&staff, name).await.context(name)?;
        settings(&staff, name).await.context(name)?;
        end_session(&staff).await.context(name)?;
        staff.browser.stop().await?;
    }
    Ok(())
}

async fn answer(staff: &Keyboard<'_>, name: &str) -> anyhow::Result<()> {
    let browser = &staff.browser;
    staff.follow("/console/tickets").await?;
    staff.press(".queue a").await?;
    staff.fill("text", "Turn it off and on again.").await?;
    staff.press("form[action$='/comments'] button").await?;
    staff.expect("[role=status]", "Your reply is kept.").await?;
    browser.tab_to("kind").await?;
    browser.type_keys(keys::DOWN).await?;
    staff.fill("text", "Their third oven.").await?;
    staff.press("form[action$='/comments'] button").await?;
    staff.expect("[role=status]", "Your note is kept.").await?;
    staff.fill("status", "Resolved").await?;
    staff.fill("assignee", name).await?;
    staff.press("form:has(#assignee) button").await?;
    staff.expect("[role=status]", "Saved.").await?;
    staff.expect(".badge", "Resolved").await?;
    staff.expect(".internal .typed", "Their third oven.").await?;
    let tickets = staff.msp.api.send(Method::GET, "tickets?search=oven&status=resolved", None).await?;
    let ticket = tickets["items"].as_array().and_then(|items| items.last()).context("no ticket is resolved")?;
    assert!(ticket["assignee_id"].is_string(), "{ticket}");
    let comments = format!("tickets/{}/comments", ticket["id"].as_str().unwrap_or_default());
    let comments = staff.msp.api.send(Method::GET, &comments, None).await?;
    let kinds: Vec<_> = comments["items"].as_array().context("a list")?.iter().map(|row| &row["kind"]).collect();
    assert_eq!(kinds, ["reply", "note"]);
    Ok(())
}

async fn settings(staff: &Keyboard<'_>, name: &str) -> anyhow::Result<()> {
    let browser = &staff.browser;
    let go = async |page: &str| {
        staff.follow("/console/settings").await?;
        staff.follow(page).await
    };
    go("/console/settings/api-tokens").await?;
    staff.send("name", "Scripts").await?;
    browser.property("#token", "value").await?;
    go("/console/settings/webhooks").await?;
    staff.fill("url", "https://hooks.harbor-it.example/").await?;
    browser.tab_to("ticket.created").await?;
    browser.type_keys(keys::SPACE).await?;
    staff.press("form[action='/console/settings/webhooks'] button").await?;
    browser.property("#secret", "value").await?;
    go("/console/settings/mail").await?;
    staff.send("address", "desk@harbor-it.example").await?;
    staff.expect("[role=status]", "Saved.").await?;
    go("/console/staff").await?;
    staff.fill("name", "Alex").await?;
    staff.fill("email", &format!("alex-{}@harbor-it.example", name.replace(' ', "-"))).await?;
    staff.press("form[action='/console/staff'] button").await?;
    let link = browser.property("#link", "value").await?;
    assert!(link.as_str().is_some_and(|link| link.contains("/users/welcome/")), "{link}");
    let api = &staff.msp.api;
    let forwarding = api.send(Method::GET, "ticket-forwarding", None).await?;
    assert_eq!(forwarding["address"], "desk@harbor-it.example");
    let endpoints: Value = api.send(Method::GET, "webhook-endpoints", None).await?;
    assert!(endpoints["items"].as_array().is_some_and(|items| !items.is_empty()), "{endpoints}");
    Ok(())
}

/// Somebody else's browser has signed in as the same person.
async fn end_session(staff: &Keyboard<'_>) -> anyhow::Result<()> {
    let http = http::client()?;
    let url = staff.msp.server.url.join("/users/sign_in")?;
    let fields = [("email", staff.email.as_str()), ("password", PASSWORD)];
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let origin = staff.msp.server.url.origin().ascii_serialization();
    let form = http.post(url).header("origin", origin).header("content-type", "application/x-www-form-urlencoded");
    let signed_in = form.body(body).send().await?;
    let cookie = signed_in.headers().get("set-cookie").context("no session")?.to_str()?.to_owned();
    let cookie = cookie.split(';').next().unwrap_or_default().to_owned();
    let console = staff.msp.server.url.join("/console")?;
    let status = async || anyhow::Ok(http.get(console.clone()).header("cookie", &cookie).send().await?.status());
    assert_eq!(status().await?, 200);
    staff.follow("/console/account").await?;
    staff.press("form[action$='/end'] button").await?;
    staff.expect("[role=status]", "The session has ended.").await?;
    assert_eq!(status().await?, 303);
    Ok(())
}

/// A computer with this serial number that waits for approval.
async fn enroll(msp: &Msp, serial: &str) -> anyhow::Result<AssetId> {
    let token = msp.api.make_enrollment_token_with_approval(msp.organization).await?.token;
    let facts = Facts { computer: "OVEN".into(), serial: serial.into(), ..Facts::default() };
    let fingerprint = Uuid::new_v4().simple().to_string().repeat(2);
    let request = EnrollRequest { enrollment_token: token, fingerprint, facts, folder: None };
    let url = msp.server.url.join("/agent/v1/enroll")?;
    let answer = http::client()?.post(url).json(&request).send().await?;
    let enrolled: EnrollResponse = answer.json().await.context("enrolling")?;
    Ok(enrolled.asset_id)
}

/// RES-05, RES-07 to RES-12, RES-15: a portal is made in its two steps, named, its menu put in another order, drafted, published and
/// switched on; an article is written and a department is added. Somebody who comes to the portal sees all of it.
#[tokio::test(flavor = "multi_thread")]
async fn a_portal_is_made_designed_and_published_by_keyboard_alone() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    for (scripts, word) in BOTH {
        let prefix = word.to_lowercase();
        let kim = Keyboard::welcomed(&msp, "Kim", "administrator", scripts).await?;
        kim.follow("/console/settings").await?;
        kim.follow("/console/portals").await?;
        kim.follow("/console/portals/new").await?;
        kim.browser.tab_to("color_mode").await?;
        kim.browser.type_keys(&format!("{}{}", keys::DOWN, keys::DOWN)).await?;
        kim.browser.leave_by(keys::ENTER).await?;
        kim.fill("name", word).await?;
        kim.send("prefix", &prefix).await?;
        kim.expect("h1", word).await?;
        kim.press("a[href$='/design']").await?;
        kim.expect("input[name=color_mode]:checked + *, .choice:has(:checked)", "Dark").await?;
        kim.fill("display_name", &format!("{word} help")).await?;
        kim.press("button[value=menu-up-1]").await?;
        kim.press("button[value=menu-out-4]").await?;
        let page = portal_page(&msp, &prefix, "my_profile/v2/articles").await?;
        assert_eq!(page.status(), 403, "a draft of a portal that is not published {:?}", page.headers());
        kim.press("button[value=publish]:not(.unseen)").await?;
        kim.expect("[role=status]", "Published. End users see it with their next page.").await?;
        kim.press("form[action$='/test'] button").await?;
        let tested = kim.browser.text("[aria-labelledby=place-heading] [role=alert]").await?;
        assert!(tested.starts_with("It begins with http://"), "{tested}");
        kim.press("form[action$='/switches'] button").await?;
        kim.expect("form[action$='/switches'] .danger, form[action$='/switches'] button", "Take it off the air")
            .await?;

        kim.follow("/console/articles").await?;
        kim.follow("/console/articles/new").await?;
        kim.fill("title", &format!("{word} printers")).await?;
        kim.fill("body", "Switch it **off**.").await?;
        kim.browser.tab_to("visibility").await?;
        kim.browser.type_keys(keys::UP).await?;
        kim.expect(".choice:has([name=visibility]:checked)", "Everybody, without signing in").await?;
        kim.browser.tab_to("published").await?;
        kim.browser.type_keys(keys::SPACE).await?;
        kim.press("button[value=save]").await?;
        kim.expect("h1", &format!("{word} printers")).await?;
        kim.follow("/console/settings").await?;
        kim.follow("/console/settings/departments").await?;
        kim.send("name", &format!("{word} desk")).await?;
        kim.expect("td a", &format!("{word} desk")).await?;
        kim.browser.stop().await?;

        let page = portal_page(&msp, &prefix, "my_profile/v2/articles").await?.text().await?;
        assert!(page.contains(&format!("{word} help")) && page.contains(&format!("{word} printers")), "{page}");
    }
    Ok(())
}

/// SYN-17, ZOH-05: mail that waits is taken as a ticket; the words of a mail are changed, looked at, saved, and an earlier version
/// comes back.
#[tokio::test(flavor = "multi_thread")]
async fn mail_is_taken_and_its_words_are_changed_by_keyboard_alone() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    for (scripts, word) in BOTH {
        msp.api.hand_in_mail(&format!("Subject: {word} oven\r\n\r\nIt beeps.\r\n")).await?;
        let kim = Keyboard::welcomed(&msp, "Kim", "administrator", scripts).await?;
        kim.follow("/console/tickets").await?;
        kim.follow("/console/inbound-mail").await?;
        kim.press("td a[href^='/console/inbound-mail/']").await?;
        kim.expect("h1", &format!("{word} oven")).await?;
        kim.send("organization", "Lindgren Bakery").await?;
        kim.expect("h1 bdi", &format!("{word} oven")).await?;

        kim.follow("/console/settings").await?;
        kim.follow("/console/settings/mail").await?;
        kim.follow("/console/settings/mail/templates").await?;
        kim.follow("/console/settings/mail/templates/ticket_resolved/en").await?;
        kim.fill("subject", &format!("{word}: {{{{ticket_number}}}} is done")).await?;
        kim.press("button[value=preview]").await?;
        kim.expect("#sample strong", &format!("{word}: 1042 is done")).await?;
        kim.press("button[value=save]").await?;
        kim.expect("[role=status]", "Saved.").await?;
        kim.press("a[href$='/versions']").await?;
        kim.press("form[action*='restore'] button").await?;
        kim.expect("[role=status]", "Saved.").await?;
        kim.browser.stop().await?;
    }
    Ok(())
}

/// A page of the portal with this prefix, as anybody gets it.
async fn portal_page(msp: &Msp, prefix: &str, path: &str) -> anyhow::Result<reqwest::Response> {
    let asked = http::client()?.get(msp.server.url.join(&format!("portal/{prefix}/{path}"))?);
    Ok(asked.send().await?)
}
