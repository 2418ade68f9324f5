//! Every sentence that an end user reads comes from the catalogs. Arabic serves as the language in which one that does not is
//! seen: whatever is written in Latin letters there is either what somebody typed, or stands in code.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use scraper::{Html, Node};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::{Browser, FORM, Page},
    mail_server::{MailServer, Received},
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::Msp,
};

const NEW_TICKET: &str = "/my_profile/v2/new_ticket";
const JANE: &str = "jane@contoso.example";
/// What people have typed, and what computers say of themselves, in Latin letters; names are in Cyrillic ones.
const DATA: [&str; 12] = [
    JANE,
    "help@northwind.example",
    "pat@example.com",
    "https://pay.example/",
    "RE-1",
    "EUR",
    "PC-042",
    "Debian GNU/Linux 12",
    "SN-1",
    "jane",
    "boss",
    "notes.txt",
];
/// Units and kinds of files, which Arabic writes in Latin letters, too.
const UNITS: [&str; 6] = ["GB", "MB", "kB", "UTC", "PNG", "JPEG"];

/// What stands on a page in Latin letters, beside data, languages' own names and code.
fn outside_the_catalogs(html: &str) -> Vec<String> {
    let page = Html::parse_document(html);
    let mut found = Vec::new();
    for node in page.tree.nodes() {
        let is_shown = node
            .ancestors()
            .filter_map(|above| above.value().as_element())
            .all(|element| !["script", "style"].contains(&element.name()) && element.attr("id") != Some("language"));
        match node.value() {
            Node::Text(text) if is_shown => found.push(text.to_string()),
            Node::Element(element) => {
                let said = ["title", "alt", "placeholder", "aria-label", "aria-description", "summary"];
                found.extend(said.into_iter().filter_map(|name| element.attr(name)).map(str::to_owned));
            }
            _ => {}
        }
    }
    found.retain(|text| !is_in_arabic(text));
    found
}

fn is_in_arabic(text: &str) -> bool {
    let mut text = text.to_owned();
    for known in DATA.iter().chain(&UNITS) {
        text = text.replace(known, " ");
    }
    !text.split(|c: char| !c.is_ascii_alphabetic()).any(|run| run.len() > 1)
}

struct Reader<'a> {
    browser: Browser<'a>,
    found: Vec<String>,
    seen: usize,
}

impl<'a> Reader<'a> {
    async fn new(msp: &'a Msp) -> Self {
        let browser = Browser::new(&msp.world);
        browser.post("/my_profile/language", &[("language", "ar")]).await;
        Self { browser, found: Vec::new(), seen: 0 }
    }

    /// Reads a page; gives it on.
    fn reads(&mut self, what: &str, status: StatusCode, page: Page) -> Page {
        self.seen += 1;
        if page.status != status || page.attributes("html", "lang") != ["ar"] {
            self.found.push(format!("{what} answers {} and {:?}", page.status, page.attributes("html", "lang")));
        }
        self.found.extend(outside_the_catalogs(&page.html).into_iter().map(|text| format!("{what}: {text:?}")));
        page
    }

    async fn opens(&mut self, path: &str) -> Page {
        let page = self.browser.get(path).await;
        self.reads(path, StatusCode::OK, page)
    }

    async fn is_refused(&mut self, path: &str, status: StatusCode) {
        let page = self.browser.get(path).await;
        self.reads(path, status, page);
    }

    async fn sends(&mut self, path: &str, fields: &[(&str, &str)], status: StatusCode) -> Page {
        let page = self.browser.post(path, fields).await;
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name, value.get(..20).unwrap_or(value))).collect();
        self.reads(&format!("{path} {fields:?}"), status, page)
    }

    fn has_found_nothing(&self, least: usize) {
        assert!(self.seen >= least, "only {} pages", self.seen);
        assert!(self.found.is_empty(), "{}", self.found.join("\n"));
    }
}

async fn msp(mails: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, mails).await;
    let patch = async |path: &str, change: Value| {
        msp.world.done(Method::PATCH, path, change).await;
    };
    patch("/provider", json!({"name": "Служба"})).await;
    patch(&format!("/organizations/{}", msp.organization), json!({"name": "Контора"})).await;
    patch(&format!("/end-users/{}", msp.jane), json!({"name": "Жанна", "email": JANE, "language": "ar"})).await;
    patch(&format!("/portal-users/{}", msp.portal_user), json!({"email": JANE})).await;
    patch(&format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let walk_in = msp.world.made("/organizations", json!({"name": "Улица"})).await;
    let portal = json!({
        "display_name": "Помощь", "self_sign_up": true, "embed_organization_id": walk_in, "embed_fields": "with_address",
        "home": ["tickets", "new_ticket", "articles", "computers", "contact"],
    });
    patch(&format!("/portals/{}", msp.portal().await), portal).await;
    msp.world.made("/departments", json!({"name": "Касса"})).await;
    msp
}

/// No page of the portal says anything that is not in the catalogs: signed in or not, right or wrong, by tray, link or the MSP's
/// website.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one walk through every page")]
async fn no_page_says_what_is_not_in_the_catalogs() {
    use StatusCode as S;
    let mails = MailServer::start(&[]).await;
    let msp = msp(&mails).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let text = json!({"title": "Принтер", "body": "**Да**", "visibility": "public", "published": true});
    let article = world.made("/articles", text).await;
    let invoice = json!({
        "organization_id": msp.organization, "kind": "invoice", "number": "RE-1", "amount": "120.00 EUR",
        "issued_on": "2026-01-31", "url": "https://pay.example/",
    });
    for kind in ["invoice", "estimate", "statement"] {
        let mut document = invoice.clone();
        document["kind"] = json!(kind);
        world.made("/billing-documents", document).await;
    }

    let mut reader = Reader::new(&msp).await;
    for path in [SIGN_IN, "/my_profile/sign_up", "/my_profile/v2/payment", "/my_profile/v2/articles"] {
        reader.opens(path).await;
    }
    reader.opens(&format!("/my_profile/v2/articles/{article}")).await;
    for path in ["/my_profile/nowhere", "/nowhere"] {
        reader.is_refused(path, S::NOT_FOUND).await;
    }
    for path in [
        "/my_profile/invitation/x",
        "/my_profile/user_login/link/x",
        "/my_profile/user_login/reset/x",
        "/my_profile/link/x",
        "/my_profile/view/x",
        "/my_profile/sign_up/x",
        "/launch/x",
        FORM,
    ] {
        let page = reader.browser.get(path).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        reader.reads(path, page.status, page);
    }
    reader.sends(SIGN_IN, &[("name", "jane"), ("password", "x")], S::UNPROCESSABLE_ENTITY).await;
    for path in ["/my_profile/user_login/link", "/my_profile/user_login/reset", "/my_profile/sign_up"] {
        reader.sends(path, &[("email", "pat@example.com")], S::OK).await;
    }
    reader.browser.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    reader.opens(HOME).await;
    let form = reader.opens(NEW_TICKET).await;
    let wrong =
        reader.browser.send_form_to(NEW_TICKET, &form, &[("description", " "), ("phone", "x"), ("people", "Никто")]);
    let wrong = wrong.await;
    reader.reads("a wrong ticket", S::UNPROCESSABLE_ENTITY, wrong);
    let sent = reader.browser.send_form_to(NEW_TICKET, &form, &[("description", "Горит")]).await;
    let ticket = sent.location().split('?').next().expect("a path").to_owned();
    reader.opens(&sent.location()).await;
    let id = ticket.rsplit('/').next().expect("an id").to_owned();
    for (kind, said) in [("reply", "Еду"), ("note", "Тихо")] {
        world.done(Method::POST, &format!("/tickets/{id}/comments"), json!({"kind": kind, "text": said})).await;
    }
    for status in ["open", "waiting", "resolved"] {
        world.done(Method::PATCH, &format!("/tickets/{id}"), json!({"status": status})).await;
        reader.opens(&ticket).await;
    }
    reader.browser.post(&format!("{ticket}/reopen"), &[]).await;
    reader.browser.post(&format!("{ticket}/close"), &[]).await;
    reader.opens(&ticket).await;
    let empty = [("form_id", "0190a3c4-0000-7000-8000-00000000000b"), ("description", " ")];
    reader.sends(&format!("{ticket}/answers"), &empty, S::UNPROCESSABLE_ENTITY).await;
    for path in [
        HOME,
        "/my_profile",
        "/my_profile/v2/computers",
        "/my_profile/v2/articles?q=%D0%9F",
        &format!("{HOME}?q=x&state=all"),
    ] {
        reader.opens(path).await;
    }
    reader.is_refused("/my_profile/v2/billing", S::FORBIDDEN).await;
    let password = [("old_password", "x"), ("password", "y")];
    reader.sends("/my_profile/password", &password, S::UNPROCESSABLE_ENTITY).await;
    reader.sends("/my_profile/details", &[("name", " "), ("phone", "x")], S::UNPROCESSABLE_ENTITY).await;
    // What no page of ours sends.
    reader.sends("/my_profile/password", &[("password", "y")], S::BAD_REQUEST).await;
    let too_much = "x".repeat(2 << 20);
    reader.sends("/my_profile/details", &[("name", too_much.as_str()), ("phone", "")], S::PAYLOAD_TOO_LARGE).await;
    reader.has_found_nothing(38);

    // The organization itself, its link, and one account after the other.
    let mut boss = Reader::new(&msp).await;
    let account = json!({"organization_id": msp.organization, "sign_in_name": "boss"});
    let account = world.made("/portal-users", account).await;
    world.done(Method::PATCH, &format!("/portal-users/{account}"), json!({"password": PASSWORD})).await;
    boss.browser.post(SIGN_IN, &[("name", "boss"), ("password", PASSWORD)]).await;
    for path in [HOME, "/my_profile/v2/billing", "/my_profile", "/my_profile/v2/computers"] {
        boss.opens(path).await;
    }
    let lone = world.made("/organizations", json!({"name": "Одна"})).await;
    let link = world.get(&format!("/organizations/{lone}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let link = link.strip_prefix(&world.origin).expect("our own").to_owned();
    boss.opens(&link).await;
    boss.browser.post(&link, &[]).await;
    for path in [HOME, NEW_TICKET] {
        boss.opens(path).await;
    }
    boss.has_found_nothing(7);

    // The tray.
    let mut tray = Reader::new(&msp).await;
    let click = agent.click().await;
    let first = tray.browser.get(&click).await.location();
    let form = tray.opens(&first).await;
    let wrong = tray.browser.send_form(&form, &[("description", ""), ("phone", "x")]).await;
    tray.reads("a wrong ticket of the tray", S::UNPROCESSABLE_ENTITY, wrong);
    let sent = tray.browser.send_form(&form, &[("description", "Горит")]).await;
    tray.opens(&sent.location()).await;
    let used = Reader::new(&msp).await.browser.get(&click).await;
    tray.reads("a used code", S::GONE, used);
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "deactivated"})).await;
    let page = tray.browser.get(FORM).await;
    tray.reads("deactivated", S::FORBIDDEN, page);
    tray.has_found_nothing(5);

    // The MSP's website.
    let mut pat = Reader::new(&msp).await;
    pat.opens("/embed/login").await;
    let form = pat.opens("/embed/check_in").await;
    pat.opens("/embed/check_in/frame").await;
    let token = form.value("input[name=token]");
    let typed = [("token", token.as_str()), ("name", " "), ("email", "x"), ("phone", "x"), ("description", "")];
    let at_once = pat.browser.post("/embed/check_in", &typed).await;
    pat.reads("a form at once", at_once.status, at_once);
    world.clock.advance(Duration::from_secs(5));
    let wrong = pat.browser.post("/embed/check_in", &typed).await;
    pat.reads("a wrong form", wrong.status, wrong);
    let typed = [
        ("token", token.as_str()),
        ("name", "Пат"),
        ("email", "pat@example.com"),
        ("phone", "+1 555 0177"),
        ("address", "1"),
        ("description", "Темно"),
    ];
    let sent = pat.browser.post("/embed/check_in", &typed).await;
    pat.reads("a form of the website", S::OK, sent);
    let look_up = pat.opens("/embed/check_in").await.value("input[name=token]");
    let asked = [("token", look_up.as_str()), ("number", "1001"), ("email", "pat@example.com")];
    world.clock.advance(Duration::from_secs(5));
    let looked_up = pat.browser.post("/embed/look_up", &asked).await;
    pat.reads("a look-up", looked_up.status, looked_up);
    pat.is_refused("/embed/status/x", S::GONE).await;

    world.done(Method::PATCH, &format!("/portals/{}", msp.portal().await), json!({"access": false})).await;
    pat.is_refused(SIGN_IN, S::FORBIDDEN).await;
    world.done(Method::PATCH, &format!("/portals/{}", msp.portal().await), json!({"published": false})).await;
    for path in [SIGN_IN, FORM, "/my_profile/v2/articles"] {
        let page = pat.browser.get(path).await;
        assert!(page.status.is_client_error(), "{path}: {}", page.status);
        pat.reads(path, page.status, page);
    }
    pat.has_found_nothing(12);
}

/// Neither does any mail that people get.
#[tokio::test]
async fn no_mail_says_what_is_not_in_the_catalogs() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mails).await;
    let world = &msp.world;
    mails.next_to(JANE).await; // That the password is another.
    world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    let mut got: Vec<(String, Received)> = Vec::new();
    let account = format!("/portal-users/{}", msp.portal_user);
    for step in ["invite", "invite-again"] {
        let (status, _) = world.api(Method::POST, &format!("{account}/{step}"), Some(json!({}))).await;
        if status.is_success() {
            got.push((step.into(), mails.next_to(JANE).await));
        }
    }
    let browser = Browser::new(&msp.world);
    for path in ["/my_profile/user_login/link", "/my_profile/user_login/reset"] {
        browser.post(path, &[("email", JANE)]).await;
        got.push((path.into(), mails.next_to(JANE).await));
    }
    let (day, number, amount) = ("2026-01-31", "RE-1", "120.00 EUR");
    let bill = json!({"number": number, "amount": amount, "date": day, "due_date": day, "document_url": "https://pay.example/"});
    let statement = json!({"amount": amount, "date": day, "number": number, "due_date": day});
    let visit = json!({"date": day, "time": "14:30", "about": "Принтер", "place": "Касса"});
    let failed = json!({"amount": amount, "number": number, "date": day, "card_ending": "4242"});
    for (template, facts) in [
        ("credit_card_expired", json!({"card_ending": "4242", "due_date": day})),
        ("recurring_charge_failed", failed),
        ("estimate", bill.clone()),
        ("statement", statement),
        ("paid_invoice", bill.clone()),
        ("unpaid_invoice", bill),
        ("non_ticket_appointment", visit),
    ] {
        let mut event = facts;
        event["end_user_id"] = json!(msp.jane);
        world.done(Method::POST, &format!("/events/{template}"), event).await;
        got.push((template.into(), mails.next_to(JANE).await));
    }
    // What the MSP gets, in its own language.
    world.done(Method::PATCH, "/provider", json!({"default_language": "ar"})).await;
    world.done(Method::PUT, "/requester-mail", json!({"enabled": false})).await;
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "help@northwind.example"})).await;
    send_ticket(&msp, &[("description", "Горит")]).await;
    got.push(("forwarded".into(), mails.next_to("help@northwind.example").await));
    assert!(got.last().expect("it").1.text().contains("SN-1"), "with the computer's facts");
    for (what, mail) in &got {
        assert_eq!(mail.header("Content-Language"), "ar", "{what}");
        let links = |text: &str| {
            let words = text.split_whitespace().filter(|word| !word.contains("://"));
            words.collect::<Vec<_>>().join(" ")
        };
        for text in [mail.subject(), links(&mail.text())] {
            assert!(is_in_arabic(&text), "{what}: {text}");
        }
        let html: Vec<_> =
            outside_the_catalogs(&mail.html()).into_iter().filter(|text| !text.contains("://")).collect();
        assert!(html.is_empty(), "{what}: {html:?}");
    }
    assert!(got.len() >= 9, "{}", got.len());
}
