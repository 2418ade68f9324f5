//! Forms on the MSP's own website: their code, signing in from there, sending tickets from there, and how far they are.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, housekeeping::tidy_after};
use crate::{
    browsers::{Browser, Page},
    mail_server::MailServer,
    staff_members::member,
    visitors::{HOME, PASSWORD},
    world::Msp,
};

const WEBSITE: &str = "https://www.northwind.example";
const ELSEWHERE: &str = "https://evil.example";
const LOGIN: &str = "/embed/login";
const CHECK_IN: &str = "/embed/check_in";
const FRAME: &str = "/embed/check_in/frame";
const LOOK_UP: &str = "/embed/look_up";
const JANE: &str = "jane@contoso.example";
const PAT: &str = "pat@example.com";
const TYPED: [(&str, &str); 4] =
    [("name", "Pat Low"), ("email", PAT), ("phone", "+1 555 0177"), ("description", "The till is dark.")];

/// An MSP with a website, whose check-in form makes tickets of Walk-in; Jane can sign in.
async fn msp(mails: &mut MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, mails).await;
    for change in [json!({"email": JANE}), json!({"password": PASSWORD})] {
        msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), change).await;
        mails.next_to(JANE).await;
    }
    let walk_in = msp.world.made("/organizations", json!({"name": "Walk-in"})).await;
    set(&msp, json!({"embed_origins": [WEBSITE], "embed_organization_id": walk_in})).await;
    msp
}

async fn set(msp: &Msp, change: Value) {
    msp.world.done(Method::PATCH, &format!("/portals/{}", msp.portal().await), change).await;
}

/// A form that a page of another origin sends.
async fn from(msp: &Msp, origin: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let post = msp.world.client.post(format!("{}{path}", msp.world.origin)).header("origin", origin);
    Browser::new(&msp.world).send(post.form(fields)).await
}

fn with<'a>(token: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.iter().copied().chain([("token", token)]).collect()
}

fn token(page: &Page) -> String {
    page.value("input[name=token]")
}

/// Waits as long as somebody needs to fill a form in.
fn wait(msp: &Msp) {
    msp.world.clock.advance(Duration::from_secs(5));
}

async fn tickets(msp: &Msp) -> Vec<Value> {
    msp.world.get("/tickets").await["items"].as_array().expect("a list").clone()
}

/// A ticket sent from the form on the portal, and its number.
async fn sent(msp: &Msp, fields: &[(&str, &str)]) -> String {
    let browser = Browser::new(&msp.world);
    let token = token(&browser.get(CHECK_IN).await);
    wait(msp);
    let page = browser.post(CHECK_IN, &with(&token, fields)).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    page.text(".number")
}

fn has_no_session(page: &Page) {
    assert!(!page.headers.contains_key("set-cookie"), "{:?}", page.headers);
}

fn ancestors(page: &Page) -> String {
    let policy = page.headers["content-security-policy"].to_str().expect("text").to_owned();
    let directive = policy.split(';').map(str::trim).find_map(|part| part.strip_prefix("frame-ancestors "));
    directive.expect("frame-ancestors").to_owned()
}

/// SYN-19, SYN-22, SYN-23, SYN-27: the page is linked from the settings and from each portal, and has at least three pieces of
/// code. Each has a link that opens a page with the same markup, and a field that cannot be changed, with the portal's own address
/// and nothing secret.
#[tokio::test]
async fn the_console_has_the_code_of_each_form_and_a_preview_of_it_syn_19() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = format!("/console/portals/{}/website", msp.portal().await);
    for page in ["/console/settings".to_owned(), format!("/console/portals/{}", msp.portal().await)] {
        assert!(boss.get(&page).await.has(&format!("a[href='{path}']")), "{page}");
    }
    let page = boss.get(&path).await;
    let codes = page.texts("textarea[readonly]");
    assert_eq!(codes.len(), 3);
    let previews = page.attributes("a[target=_blank][rel=noopener]", "href");
    let origin = &msp.world.origin;
    assert_eq!(previews, [LOGIN, CHECK_IN, FRAME].map(|path| format!("{origin}{path}")));
    for (code, preview) in codes.iter().zip(&previews) {
        assert!(code.contains(&format!("\"{origin}/embed/")), "{code}");
        assert!(!code.contains("token") && !code.contains("<script"), "{code}");
        let shown = Browser::new(&msp.world).get(preview.strip_prefix(origin.as_str()).expect("our own")).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(code.starts_with("<iframe") || shown.html.contains(code.as_str()), "{code}\n{}", shown.html);
    }
    assert!(codes[2].contains(&format!("src=\"{origin}{FRAME}\"")), "{}", codes[2]);
    let (_, technician) = member(&msp.world, "tech@msp.example", "technician").await;
    assert_eq!(technician.get(&path).await.status, StatusCode::FORBIDDEN);

    // Below a path, the code leads there.
    let acme = msp.world.made("/portals", json!({"name": "Acme", "prefix": "acme"})).await;
    let codes = boss.get(&format!("/console/portals/{acme}/website")).await.texts("textarea[readonly]");
    assert!(codes.iter().all(|code| code.contains(&format!("{origin}/portal/acme/embed/"))), "{codes:?}");
}

/// SYN-20, SYN-21, decisions C2 and C3, S9: an address alone makes no session; the answer is the one of the sign-in page, byte by
/// byte, whoever has the address. An organization without portal users is mailed its link, which works and is nowhere in the
/// database; a portal user is mailed a link that signs in; nobody else is mailed anything.
#[tokio::test]
async fn an_address_alone_has_a_link_mailed_and_makes_no_session_syn_20() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let lone = json!({"name": "Lone Books", "email": "Office@lone.example"});
    let lone = msp.world.made("/organizations", lone).await;
    let known = Browser::new(&msp.world).post("/my_profile/user_login/link", &[("email", "x@y.example")]).await;
    for (origin, name) in [
        (WEBSITE, "nobody@lone.example"),
        (WEBSITE, "office@LONE.example "),
        (ELSEWHERE, "not an address"),
        (ELSEWHERE, JANE),
    ] {
        let page = from(&msp, origin, LOGIN, &[("name", name), ("password", "")]).await;
        assert_eq!((page.status, &page.html), (known.status, &known.html), "{name}");
        has_no_session(&page);
    }
    // Two mails come, of one moment.
    let (one, other) = (mails.next().await, mails.next().await);
    let (mail, of_jane) = if one.recipient == JANE { (other, one) } else { (one, other) };
    assert_eq!((mail.recipient.as_str(), of_jane.recipient.as_str()), ("Office@lone.example", JANE));
    assert_eq!(
        (mail.subject(), of_jane.subject()),
        ("The portal of Northwind IT".into(), "Sign in to the portal of Northwind IT".into())
    );
    let link = mail.after(&msp.world.origin);
    let secret = link.split_once('-').expect("a secret").1.to_owned();
    let stored = msp.world.stored();
    assert!(!stored.windows(secret.len()).any(|bytes| bytes == secret.as_bytes()), "the link is stored in the clear");
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.get(&link).await.location(), HOME);
    assert_eq!(browser.get(HOME).await.text("nav span"), "Lone Books");

    // S11: not again within ten minutes. Once there is a portal user, there is no link that could be mailed.
    from(&msp, WEBSITE, LOGIN, &[("name", "office@lone.example")]).await;
    msp.world.clock.advance(Duration::from_mins(16));
    from(&msp, WEBSITE, LOGIN, &[("name", "office@lone.example")]).await;
    assert_eq!(mails.next().await.recipient, "Office@lone.example");
    let account = json!({"organization_id": lone, "sign_in_name": "lone", "email": "own@lone.example"});
    msp.world.made("/portal-users", account).await;
    msp.world.clock.advance(Duration::from_mins(16));
    from(&msp, WEBSITE, LOGIN, &[("name", "office@lone.example")]).await;
    from(&msp, WEBSITE, LOGIN, &[("name", JANE)]).await;
    assert_eq!(mails.next().await.recipient, JANE);
    assert!(mails.has_nothing_more());
}

/// SYN-21: name and password lead to the portal's home, from a listed origin alone. From any other one, from none, and from a
/// listed one that is taken off the list, the portal's own page asks for the password, with the name kept and no session.
#[tokio::test]
async fn name_and_password_sign_in_from_a_listed_origin_alone_syn_21() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let right = [("name", "jane"), ("password", PASSWORD)];
    let page = from(&msp, WEBSITE, LOGIN, &right).await;
    assert_eq!((page.status, page.location().as_str()), (StatusCode::SEE_OTHER, HOME));
    let cookie = page.headers["set-cookie"].to_str().expect("text").to_owned();
    let cookie = cookie.split(';').next().expect("a pair").to_owned();
    let home = msp.world.client.get(format!("{}{HOME}", msp.world.origin)).header("cookie", cookie);
    assert_eq!(Browser::new(&msp.world).send(home).await.text("h1"), "My requests");
    assert_eq!(Browser::new(&msp.world).post(LOGIN, &right).await.location(), HOME, "the preview is our own page");
    for origin in [ELSEWHERE, "null", "http://www.northwind.example", "https://www.northwind.example.evil.example"] {
        let page = from(&msp, origin, LOGIN, &right).await;
        assert_eq!((page.status, page.value("#name").as_str()), (StatusCode::OK, "jane"), "{origin}");
        assert!(page.has("form[action='/my_profile/user_login']") && !page.html.contains(PASSWORD));
        has_no_session(&page);
    }
    let wrong = from(&msp, WEBSITE, LOGIN, &[("name", "jane"), ("password", "wrong")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    has_no_session(&wrong);
    for _ in 0..5 {
        from(&msp, WEBSITE, LOGIN, &[("name", "jane"), ("password", "wrong")]).await;
    }
    let page = from(&msp, WEBSITE, LOGIN, &right).await;
    assert_eq!(page.status, StatusCode::TOO_MANY_REQUESTS, "the sign-in's own limits");
    msp.world.clock.advance(Duration::from_mins(16));
    set(&msp, json!({"embed_origins": []})).await;
    has_no_session(&from(&msp, WEBSITE, LOGIN, &right).await);
    set(&msp, json!({"embed_origins": [WEBSITE], "published": false})).await;
    let page = from(&msp, WEBSITE, LOGIN, &right).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    has_no_session(&page);
}

/// SYN-25, invariants 17 and 21, S18, S22: what comes from another page, without a token, too early, too late or with a made-up
/// token is shown once more with a new token; sent from there it is a ticket, and sent again it is the same one.
#[tokio::test]
async fn what_is_typed_on_a_website_is_sent_from_the_portals_page_once_syn_25() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let pasted = from(&msp, WEBSITE, CHECK_IN, &TYPED).await;
    assert_eq!(pasted.status, StatusCode::OK);
    assert_eq!(
        (pasted.value("#deskbell-name"), pasted.text("textarea")),
        ("Pat Low".into(), "The till is dark.".into())
    );
    assert_eq!(pasted.text("[role=alert]"), "Please look over what you wrote, then send it.");
    assert_eq!(pasted.attribute("#deskbell-check-in", "method"), "post");
    let token_of_form = token(&pasted);
    let browser = Browser::new(&msp.world);
    let shown_again = async |token: &str, what: &str| {
        let page = browser.post(CHECK_IN, &with(token, &TYPED)).await;
        assert_eq!(page.text("[role=alert]"), "Please look over what you wrote, then send it.", "{what}");
    };
    shown_again(&token_of_form, "too young").await;
    let other = token_of_form.replacen(&token_of_form[..1], if token_of_form.starts_with('0') { "1" } else { "0" }, 1);
    wait(&msp);
    shown_again(&other, "another one's").await;
    shown_again("", "none").await;
    shown_again("1.2.3", "made up").await;
    let elsewhere = from(&msp, ELSEWHERE, CHECK_IN, &with(&token_of_form, &TYPED)).await;
    assert!(elsewhere.has("[role=alert]"), "a token counts from our own page alone");
    let filled: Vec<_> = with(&token_of_form, &TYPED).into_iter().chain([("homepage", "https://x.example")]).collect();
    assert!(browser.post(CHECK_IN, &filled).await.has("[role=alert]"), "the field that nobody sees");
    assert!(tickets(&msp).await.is_empty());

    let sent = browser.post(CHECK_IN, &with(&token_of_form, &TYPED)).await;
    assert_eq!(sent.text(".number"), "1001", "{}", sent.html);
    let again = browser.post(CHECK_IN, &with(&token_of_form, &TYPED)).await;
    assert_eq!(again.text(".number"), "1001");
    let made = tickets(&msp).await;
    assert_eq!(made.len(), 1);
    assert_eq!((&made[0]["source"], &made[0]["unverified_name"]), (&json!("website"), &json!("Pat Low")));
    assert_eq!((&made[0]["unverified_email"], &made[0]["address"]), (&json!(PAT), &Value::Null));
    assert!(browser.cookies().is_empty(), "no cookie is needed, and none is set");
    let mail = mails.next().await;
    assert_eq!(mail.recipient, "desk@northwind.example");
    for typed in ["Pat Low", PAT, "till is dark", "0177"] {
        assert!(!mail.source.contains(typed) && !mail.text().contains(typed), "{typed}");
    }
    assert!(mails.has_nothing_more(), "nobody else is mailed");

    let late = token(&browser.get(CHECK_IN).await);
    msp.world.clock.advance(Duration::from_hours(24));
    shown_again(&late, "too late").await;
}

/// S11, S13: what is missing or wrong is said beside its field; a name is one line; one address sends five tickets in a quarter of
/// an hour, and what more it types stays on its page. Without an organization, or unpublished, there is no form.
#[tokio::test]
async fn the_check_in_form_has_limits_and_is_off_until_an_organization_is_chosen() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let browser = Browser::new(&msp.world);
    let form = token(&browser.get(CHECK_IN).await);
    wait(&msp);
    let wrong = [("name", " "), ("email", "pat@a.example\r\nBcc: x@y.example"), ("description", "")];
    let page = browser.post(CHECK_IN, &with(&form, &wrong)).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    for id in ["name", "email", "description"] {
        assert!(page.has(&format!("#deskbell-{id}-error")), "{id}: {}", page.html);
    }
    assert_eq!(token(&page), form);
    sent(&msp, &[("name", "Pat\r\nBcc: x@y.example"), ("email", PAT), ("description", "1")]).await;
    assert_eq!(tickets(&msp).await[0]["unverified_name"], "Pat Bcc: x@y.example");
    for _ in 0..4 {
        sent(&msp, &TYPED).await;
    }
    let form = token(&browser.get(CHECK_IN).await);
    wait(&msp);
    let page = browser.post(CHECK_IN, &with(&form, &TYPED)).await;
    assert_eq!((page.status, page.text("textarea").as_str()), (StatusCode::TOO_MANY_REQUESTS, "The till is dark."));
    assert_eq!(tickets(&msp).await.len(), 5);
    msp.world.clock.advance(Duration::from_mins(16));
    assert_eq!(browser.post(CHECK_IN, &with(&token(&page), &TYPED)).await.text(".number"), "1006");

    for off in [json!({"embed_organization_id": null}), json!({"published": false})] {
        set(&msp, off).await;
        for path in [CHECK_IN, FRAME] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let form = with(&form, &TYPED);
        assert_eq!(browser.post(CHECK_IN, &form).await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.post(LOOK_UP, &[("number", "1001"), ("email", PAT)]).await.status, StatusCode::NOT_FOUND);
        let walk_in = msp.world.get("/organizations").await["items"][1]["id"].clone();
        set(&msp, json!({"embed_organization_id": walk_in})).await;
    }
    assert_eq!(tickets(&msp).await.len(), 6);
}

/// SYN-26: without "Add address fields to `Check_ins` Widget" there are no address inputs, and what is sent in their place is not
/// kept; with it and Save there are, in the form, its code and its frame, and the ticket has what was typed.
#[tokio::test]
async fn address_fields_are_asked_and_kept_once_they_are_switched_on_syn_26() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = format!("/console/portals/{}/website", msp.portal().await);
    let inputs = ["street", "city", "state", "zip", "country"];
    let address = [
        ("street", "1 Main Street"),
        ("city", "Springfield"),
        ("state", "Oregon"),
        ("zip", "97477"),
        ("country", "USA"),
    ];
    let all: Vec<_> = TYPED.into_iter().chain(address).collect();
    let browser = Browser::new(&msp.world);
    for input in inputs {
        assert!(!browser.get(CHECK_IN).await.has(&format!("input[name={input}]")), "{input}");
    }
    sent(&msp, &all).await;
    assert_eq!(tickets(&msp).await[0]["address"], Value::Null);

    let page = boss.get(&path).await;
    assert!(page.html.contains("Add address fields to Check_ins Widget"));
    assert!(!page.has("input[name=address_fields][checked]"));
    let saved = [("origins", WEBSITE), ("organization", "Walk-in"), ("address_fields", "yes")];
    assert_eq!(boss.post(&path, &saved).await.location(), format!("{path}?done=saved"));
    let page = boss.get(&path).await;
    assert!(page.has("input[name=address_fields][checked]"));
    for input in inputs {
        let selector = format!("input[name={input}]");
        assert!(browser.get(CHECK_IN).await.has(&selector) && browser.get(FRAME).await.has(&selector), "{input}");
        assert!(page.texts("textarea[readonly]")[1].contains(&format!("name=\"{input}\"")), "{input}");
    }
    let number = sent(&msp, &all).await;
    let ticket =
        tickets(&msp).await.into_iter().find(|ticket| ticket["number"].as_i64() == number.parse().ok()).expect("it");
    let expected =
        json!({"street": "1 Main Street", "city": "Springfield", "state": "Oregon", "zip": "97477", "country": "USA"});
    assert_eq!(ticket["address"], expected);
    let page = boss.get(&format!("/console/tickets/{}", ticket["id"].as_str().expect("an id"))).await;
    assert_eq!(page.text("#address"), "1 Main Street, Springfield, Oregon, 97477, USA");
    let long = "x".repeat(201);
    let form = token(&browser.get(CHECK_IN).await);
    wait(&msp);
    let fields: Vec<_> = with(&form, &TYPED).into_iter().chain([("city", long.as_str())]).collect();
    assert_eq!(browser.post(CHECK_IN, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    // What is wrong with the settings is said beside its field, and nothing is saved.
    let wrong = [("origins", "http://www.northwind.example"), ("organization", "Nobody")];
    let page = boss.post(&path, &wrong).await;
    assert!(page.has("#organization-error"), "{}", page.html);
    let page = boss.post(&path, &[("origins", "http://www.northwind.example"), ("organization", "")]).await;
    assert!(page.has("#origins-error") && page.text("#origins") == "http://www.northwind.example", "{}", page.html);
    let elsewhere = msp.world.made("/portals", json!({"name": "Acme", "prefix": "acme"})).await;
    let theirs = msp.world.made("/organizations", json!({"name": "Acme", "portal_id": elsewhere})).await;
    let change = json!({"embed_organization_id": theirs});
    let portal = format!("/portals/{}", msp.portal().await);
    assert_eq!(msp.world.api(Method::PATCH, &portal, Some(change)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(msp.world.get(&portal).await["embed_origins"], json!([WEBSITE]));
}

/// With several departments, whoever writes chooses one; what is pasted names those of its day, and a choice that is gone goes to
/// the default one. The code is in the MSP's language, or in the one that is asked for.
#[tokio::test]
async fn the_form_asks_for_the_department_and_its_code_is_in_a_language() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = format!("/console/portals/{}/website", msp.portal().await);
    let browser = Browser::new(&msp.world);
    let default = msp.world.made("/departments", json!({"name": "Service desk"})).await;
    msp.world.done(Method::PATCH, &format!("/departments/{default}"), json!({"is_default": true})).await;
    assert!(!browser.get(CHECK_IN).await.has("select[name=department]"), "one is no choice");
    let sales = msp.world.made("/departments", json!({"name": "Sales"})).await;
    for page in [CHECK_IN, FRAME] {
        assert_eq!(browser.get(page).await.attribute("select[name=department] option[selected]", "value"), default);
    }
    assert!(boss.get(&path).await.texts("textarea[readonly]")[1].contains(&format!("value=\"{sales}\"")));
    let typed: Vec<_> = TYPED.into_iter().chain([("department", sales.as_str())]).collect();
    sent(&msp, &typed).await;
    assert_eq!(tickets(&msp).await[0]["department_id"], json!(sales));
    msp.world.done(Method::PATCH, &format!("/departments/{sales}"), json!({"active": false})).await;
    sent(&msp, &typed).await;
    assert_eq!(tickets(&msp).await[1]["department_id"], json!(default));

    let codes = async |query: &str| boss.get(&format!("{path}{query}")).await.texts("textarea[readonly]");
    let (english, german) = (codes("").await, codes("?language=de").await);
    assert!(english[1].contains(">Send</button>") && german[1].contains(">Absenden</button>"), "{}", german[1]);
    assert!(english.iter().zip(&german).all(|(english, german)| english != german));
    msp.world.done(Method::PATCH, "/provider", json!({"default_language": "de"})).await;
    assert_eq!(codes("").await, german);
    assert_eq!(codes("?language=en").await, english);
}

/// SYN-25, S6, S9, S11: number and address have a link mailed and show nothing; the answer is the same for any. The link shows, by
/// its button and once within an hour, number, state and replies, but no notes.
#[tokio::test]
async fn number_and_address_have_a_link_mailed_that_shows_how_far_a_ticket_is_syn_25() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let number = sent(&msp, &TYPED).await;
    let id = tickets(&msp).await[0]["id"].as_str().expect("an id").to_owned();
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    for (kind, text) in [("reply", "We are on our way."), ("note", "Bring the big till.")] {
        let form = reqwest::multipart::Form::new().text("kind", kind).text("text", text);
        let page = boss.post_files(&format!("/console/tickets/{id}/comments"), form).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.html);
    }
    let look_up =
        async |number: &str, email: &str| from(&msp, WEBSITE, LOOK_UP, &[("number", number), ("email", email)]).await;
    let unknown = look_up("99", "nobody@example.com").await;
    let mut answers = vec![look_up(&number, "mallory@example.com").await, look_up("x", "y").await];
    answers.push(look_up(&format!(" #{number} "), " PAT@example.com").await);
    for page in &answers {
        assert_eq!((page.status, &page.html), (StatusCode::OK, &unknown.html));
        assert!(!page.html.contains("till") && !page.html.contains("on our way"));
    }
    let mail = mails.next_to(PAT).await;
    assert_eq!(mail.subject(), "How far ticket 1001 is");
    assert!(!mail.text().contains("till") && !mail.text().contains("Pat"), "{}", mail.text());
    let link = mail.after(&msp.world.origin);
    let secret = link.rsplit('/').next().expect("a secret").to_owned();
    assert!(!msp.world.stored().windows(43).any(|bytes| bytes == secret.as_bytes()), "stored in the clear");
    let browser = Browser::new(&msp.world);
    let shown = browser.get(&link).await;
    assert!(shown.has("main form button") && !shown.html.contains("on our way") && shown.status == StatusCode::OK);
    assert_eq!(browser.get(&link).await.status, StatusCode::OK, "looking uses nothing up");
    assert_eq!(from(&msp, ELSEWHERE, &link, &[]).await.status, StatusCode::FORBIDDEN);
    let page = browser.post(&link, &[]).await;
    assert_eq!((page.text("h1").as_str(), page.text(".status").as_str()), ("Ticket 1001", "In progress"));
    assert!(page.text(".reply").contains("We are on our way."), "{}", page.html);
    assert!(!page.html.contains("big till") && !page.html.contains("Pat Low"), "{}", page.html);
    has_no_session(&page);
    assert_eq!(browser.post(&link, &[]).await.status, StatusCode::GONE, "once");
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);

    look_up(&number, PAT).await;
    msp.world.clock.advance(Duration::from_mins(9));
    look_up(&number, PAT).await;
    msp.world.clock.advance(Duration::from_mins(7));
    look_up(&number, PAT).await;
    let link = mails.next_to(PAT).await.after(&msp.world.origin);
    msp.world.clock.advance(Duration::from_hours(1));
    assert_eq!(browser.post(&link, &[]).await.status, StatusCode::GONE, "an hour");
    assert!(mails.has_nothing_more(), "one mail in ten minutes");
}

/// SYN-28, S5: the frame's page, and what it answers, may be shown by the listed origins alone; the other pages by nobody. What is
/// sent from it is a ticket in one step. The Host that a request names stands nowhere.
#[tokio::test]
async fn the_frame_is_for_the_listed_origins_alone_syn_28() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let browser = Browser::new(&msp.world);
    let frame = browser.get(FRAME).await;
    assert_eq!(ancestors(&frame), WEBSITE);
    assert!(!frame.has("header") && !frame.has("footer") && frame.has("#deskbell-check-in"));
    wait(&msp);
    let token_of_form = token(&frame);
    let fields: Vec<_> = with(&token_of_form, &TYPED).into_iter().chain([("framed", "yes")]).collect();
    let page = browser.post(CHECK_IN, &fields).await;
    assert_eq!((page.text(".number").as_str(), ancestors(&page).as_str()), ("1001", WEBSITE));
    assert!(!page.has("header"));
    let looked_up = browser.post(LOOK_UP, &[("number", "1"), ("email", PAT), ("framed", "yes")]).await;
    assert_eq!((ancestors(&looked_up).as_str(), looked_up.has("header")), (WEBSITE, false));
    for path in [LOGIN, "/my_profile/user_login", "/embed/status/x", "/nowhere"] {
        assert_eq!(ancestors(&browser.get(path).await), "'none'", "{path}");
    }
    let forwarded = msp.world.client.get(format!("{}{FRAME}", msp.world.origin));
    let forwarded = browser.send(forwarded.header("x-forwarded-host", "evil.example")).await;
    assert!(!forwarded.html.contains("evil.example"));
    let strange = msp.world.client.get(format!("{}{FRAME}", msp.world.origin)).header("host", "evil.example");
    assert_eq!(browser.send(strange).await.status, StatusCode::MISDIRECTED_REQUEST);
    set(&msp, json!({"embed_origins": []})).await;
    assert_eq!(ancestors(&browser.get(FRAME).await), "'none'");
}

/// Invariant 20: who is erased is erased from the tickets that they sent from a website, too: their name, addresses and number.
/// Tickets of others stay as they are. Links to a ticket's state are forgotten a month after they were over, and not before.
#[tokio::test]
async fn who_wrote_from_a_website_is_erased_with_their_record() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let walk_in = tickets_organization(&msp).await;
    set(&msp, json!({"embed_fields": "with_address"})).await;
    let pat = json!({"organization_id": walk_in, "name": "Pat Low", "email": "Pat@example.com"});
    let pat = msp.world.made("/end-users", pat).await;
    let address = [("street", "1 Main Street"), ("city", "Springfield")];
    let number = sent(&msp, &TYPED.into_iter().chain(address).collect::<Vec<_>>()).await;
    let other = [("name", "Sam"), ("email", "sam@example.com"), ("description", "Dark, too"), ("city", "Shelbyville")];
    sent(&msp, &other).await;
    from(&msp, WEBSITE, LOOK_UP, &[("number", &number), ("email", PAT)]).await;
    mails.next_to(PAT).await;
    let links = || msp.world.query("SELECT count(*) FROM status_link");
    assert_eq!(links(), "1");
    tidy_after(&msp.world, 29).await;
    assert_eq!(links(), "1");
    tidy_after(&msp.world, 31).await;
    assert_eq!(links(), "0");

    msp.world.done(Method::POST, &format!("/end-users/{pat}/erase"), json!({})).await;
    let stored = String::from_utf8_lossy(&msp.world.stored()).to_lowercase();
    for gone in ["pat low", PAT, "1 main street", "springfield", "+1 555 0177"] {
        assert!(!stored.contains(gone), "{gone} is still there");
    }
    let made = tickets(&msp).await;
    assert_eq!((&made[0]["unverified_name"], &made[0]["unverified_email"]), (&json!("Erased person"), &Value::Null));
    assert_eq!((&made[0]["description"], &made[0]["address"]), (&json!("The till is dark."), &Value::Null));
    assert_eq!((&made[1]["unverified_name"], &made[1]["address"]["city"]), (&json!("Sam"), &json!("Shelbyville")));
}

/// The organization of a website's tickets can be removed while it has none; then there is no form, until another is chosen.
#[tokio::test]
async fn without_its_organization_there_is_no_form() {
    let mut mails = MailServer::start(&[]).await;
    let msp = msp(&mut mails).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let walk_in = tickets_organization(&msp).await;
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.get(CHECK_IN).await.status, StatusCode::OK);
    msp.world.done(Method::DELETE, &format!("/organizations/{walk_in}"), json!({})).await;
    for page in [CHECK_IN, FRAME] {
        assert_eq!(browser.get(page).await.status, StatusCode::NOT_FOUND, "{page}");
    }
    let website = boss.get(&format!("/console/portals/{}/website", msp.portal().await)).await;
    assert!(website.value("#organization").is_empty() && website.has(".caution"), "{}", website.html);
    set(&msp, json!({"embed_organization_id": msp.organization})).await;
    sent(&msp, &TYPED).await;
    let refused = msp.world.api(Method::DELETE, &format!("/organizations/{}", msp.organization), None).await;
    assert_eq!(refused.0, StatusCode::CONFLICT, "it has tickets: {}", refused.1);
}

async fn tickets_organization(msp: &Msp) -> String {
    let portal = msp.world.get(&format!("/portals/{}", msp.portal().await)).await;
    portal["embed_organization_id"].as_str().expect("chosen").to_owned()
}
