//! In which language somebody is mailed, and who says so.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    browsers::Browser,
    mail_server::{MailServer, Received},
    staff_members::member,
    visitors::PASSWORD,
    world::Msp,
};

const JANE: &str = "jane@contoso.example";
const DESK: &str = "desk@northwind.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    patch(&msp, "/provider", json!({"default_language": "es"})).await;
    patch(&msp, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp
}

async fn patch(msp: &Msp, path: &str, change: Value) {
    msp.world.done(Method::PATCH, path, change).await;
}

async fn set_language(msp: &Msp, language: Value) {
    patch(msp, &format!("/end-users/{}", msp.jane), json!({"language": language})).await;
}

/// What a mail says of its own language: its header, and the attributes of its HTML part.
fn language(mail: &Received) -> (String, String) {
    let html = mail.html();
    let element = html.lines().find(|line| line.starts_with("<html ")).expect("an html element");
    (mail.header("Content-Language"), element.to_owned())
}

fn is_in(mail: &Received, tag: &str, direction: &str) {
    assert_eq!(language(mail), (tag.to_owned(), format!("<html lang=\"{tag}\" dir=\"{direction}\">")));
}

/// NAB-18: the welcome says how to sign in, in the language of whoever it is for: their own, else the MSP's.
#[tokio::test]
async fn the_welcome_is_in_the_recipients_language_nab_18() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let mut step = "invite";
    for (own, tag, direction, subject, welcome) in [
        (Value::Null, "es", "ltr", "Su acceso al portal de Northwind IT", "Hola, Jane Doe:"),
        (json!("de"), "de", "ltr", "Ihr Zugang zum Portal von Northwind IT", "Guten Tag Jane Doe,"),
        (json!("fr"), "fr", "ltr", "Votre accès au portail de Northwind IT", "Bonjour Jane Doe,"),
        (json!("ar"), "ar", "rtl", "دخولك إلى بوابة Northwind IT", "مرحبًا Jane Doe،"),
        (json!("en"), "en", "ltr", "Your access to the portal of Northwind IT", "Hello Jane Doe,"),
    ] {
        set_language(&msp, own).await;
        msp.world.done(Method::POST, &format!("/portal-users/{}/{step}", msp.portal_user), json!({})).await;
        step = "invite-again";
        let mail = server.next_to(JANE).await;
        is_in(&mail, tag, direction);
        assert_eq!(mail.subject(), subject);
        let text = mail.text();
        assert!(text.starts_with(&format!("{welcome}\n\n")), "{text}");
        assert!(text.contains(&format!("{}/my_profile/user_login\n", msp.world.origin)), "{text}");
    }
    set_language(&msp, json!("de")).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "deactivated"})).await;
    assert_eq!(server.next_to(JANE).await.subject(), "Ihr Zugang zum Portal von Northwind IT ist abgeschaltet");
}

/// Mails about a ticket are in the requester's language, the one to the MSP in the MSP's.
#[tokio::test]
async fn mails_about_tickets_are_in_the_language_of_whoever_gets_them() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    msp.world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": DESK})).await;
    set_language(&msp, json!("ar")).await;
    send_ticket(&msp, &[("description", "Printer on fire")]).await;
    let mails = [server.next().await, server.next().await];
    let to = |recipient: &str| mails.iter().find(|mail| mail.recipient == recipient).expect("a mail");
    is_in(to(JANE), "ar", "rtl");
    assert!(to(JANE).text().contains("تلقّينا طلبك. رقمه 1001."), "{}", to(JANE).text());
    is_in(to(DESK), "es", "ltr");
    assert!(to(DESK).text().contains("\nSolicitante: Jane Doe\n"), "{}", to(DESK).text());
    set_language(&msp, Value::Null).await;
    let ticket = msp.world.get("/tickets").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let reply = json!({"kind": "reply", "text": "On our way"});
    msp.world.done(Method::POST, &format!("/tickets/{ticket}/comments"), reply).await;
    is_in(&server.next_to(JANE).await, "es", "ltr");
}

/// An organization's own account has a language of its own; a person has one, wherever it is asked for.
#[tokio::test]
async fn an_account_of_an_organization_has_a_language_of_its_own() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let new = json!({
        "organization_id": msp.organization, "sign_in_name": "contoso", "email": "all@contoso.example", "language": "fr",
    });
    let made = msp.world.made("/portal-users", new).await;
    let path = format!("/portal-users/{made}");
    msp.world.done(Method::POST, &format!("{path}/invite"), json!({})).await;
    is_in(&server.next_to("all@contoso.example").await, "fr", "ltr");

    let of_jane = format!("/portal-users/{}", msp.portal_user);
    let (status, problem) = msp.world.api(Method::PATCH, &of_jane, Some(json!({"language": "fr"}))).await;
    let fault = json!([{"pointer": "/language", "detail": "is that of the end user; set it there"}]);
    assert_eq!((status, &problem["errors"]), (StatusCode::UNPROCESSABLE_ENTITY, &fault));
    let person = json!({"organization_id": msp.organization, "name": "Ann", "language": "de"});
    let ann = msp.world.made("/end-users", person).await;
    assert_eq!(msp.world.get(&format!("/end-users/{ann}")).await["language"], "de");
    patch(&msp, &path, json!({"end_user_id": ann})).await;
    assert_eq!(msp.world.get(&path).await["language"], Value::Null, "hers counts");
    let (status, _) = msp.world.api(Method::PATCH, "/provider", Some(json!({"default_language": "xx"}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Whoever is signed in and chooses a language is mailed in it from then on: a person, or an organization's own account. A
/// visitor's choice is kept for nobody.
#[tokio::test]
async fn who_reads_the_portal_in_a_language_is_mailed_in_it() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let choose = async |browser: &Browser<'_>, language: &str| {
        let chosen = browser.post("/my_profile/language", &[("language", language)]).await;
        assert_eq!(chosen.status, StatusCode::SEE_OTHER, "{}", chosen.html);
    };
    let sign_in = async |name: &str| {
        let browser = Browser::new(&msp.world);
        let came = browser.post("/my_profile/user_login", &[("name", name), ("password", PASSWORD)]).await;
        assert_eq!(came.status, StatusCode::SEE_OTHER, "{}", came.html);
        browser
    };
    let all = json!({"organization_id": msp.organization, "sign_in_name": "all", "email": "all@contoso.example"});
    let all = format!("/portal-users/{}", msp.world.made("/portal-users", all).await);
    let (person, account) = (format!("/end-users/{}", msp.jane), format!("/portal-users/{}", msp.portal_user));
    patch(&msp, &account, json!({"email": JANE})).await;
    for path in [&account, &all] {
        patch(&msp, path, json!({"password": PASSWORD})).await;
    }
    is_in(&server.next_to("all@contoso.example").await, "es", "ltr");
    choose(&Browser::new(&msp.world), "fr").await;
    assert_eq!(msp.world.get(&person).await["language"], Value::Null);
    choose(&sign_in("jane").await, "de").await;
    choose(&sign_in("all").await, "ar").await;
    assert_eq!(msp.world.get(&person).await["language"], "de");
    assert_eq!(msp.world.get(&all).await["language"], "ar");
    patch(&msp, &account, json!({"state": "deactivated"})).await;
    is_in(&server.next_to(JANE).await, "de", "ltr");
    let record = &msp.world.get(&format!("/audit-records?subject_id={}", msp.jane)).await["items"];
    let by_jane = record.as_array().expect("a list").iter().any(|record| record["actor_id"] == json!(msp.portal_user));
    assert!(by_jane, "{record}");
}

/// Staff choose all of them in the console.
#[tokio::test]
async fn languages_are_chosen_in_the_console() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    is_in(&server.next_to("boss@msp.example").await, "es", "ltr");
    let end_user = format!("/console/end-users/{}", msp.jane);
    let page = boss.get(&end_user).await;
    assert_eq!(page.text("#language option[value='']"), "The default, Spanish");
    assert!(!page.has("#language option[selected]"), "{}", page.html);
    boss.post(&end_user, &[("name", "Jane Doe"), ("email", JANE), ("language", "ar")]).await;
    assert_eq!(boss.get(&end_user).await.text("#language option[selected]"), "Arabic");
    assert_eq!(msp.world.get(&format!("/end-users/{}", msp.jane)).await["language"], "ar");

    let of_jane = boss.get(&format!("/console/portal-users/{}", msp.portal_user)).await;
    assert!(!of_jane.has("#language") && of_jane.has(&format!("a[href='{end_user}#language']")), "{}", of_jane.html);
    let new = json!({"organization_id": msp.organization, "sign_in_name": "contoso"});
    let account = msp.world.made("/portal-users", new).await;
    let path = format!("/console/portal-users/{account}");
    assert_eq!(boss.get(&path).await.text("#language option[value='']"), "The default, Spanish");
    boss.post(&path, &[("sign_in_name", "contoso"), ("is_user", "yes"), ("language", "fr")]).await;
    assert_eq!(boss.get(&path).await.text("#language option[selected]"), "French");

    let settings = "/console/settings/provider";
    let page = boss.get(settings).await;
    assert_eq!(page.text("#default_language option[selected]"), "Spanish");
    boss.post(settings, &[("name", "Northwind IT"), ("default_language", "de")]).await;
    assert_eq!(msp.world.get("/provider").await["default_language"], "de");
}

/// ZOH-04, ZOH-05: each language has a template of its own, with a sample, versions and a way back; the next invitation in that
/// language has the new words, one in another language the old ones.
#[tokio::test]
async fn a_template_is_edited_for_one_language_zoh_05() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let here = "/console/settings/mail/templates/portal_invitation/ar";
    let first = boss.get("/console/settings/mail/templates/portal_invitation/en").await;
    assert_eq!(first.texts("nav[aria-label=Languages] a"), ["English", "German", "French", "Spanish", "Arabic"]);
    assert!(!first.html.contains("has reviewed it yet"), "{}", first.html);
    let arabic = boss.get(here).await;
    assert_eq!(arabic.text("nav[aria-label=Languages] [aria-current]"), "Arabic");
    assert_eq!(arabic.attribute("#body", "lang"), "ar");
    assert!(arabic.html.contains("Nobody who speaks Arabic has reviewed it yet."), "{}", arabic.html);
    assert!(arabic.text("#sample strong").starts_with("دخولك إلى بوابة"), "{}", arabic.html);
    let words = [("action", "save"), ("version", "0"), ("subject", "أهلًا {{person}}"), ("body", "{{link}}")];
    assert_eq!(boss.post(here, &words).await.location(), format!("{here}?done=saved"));
    let list = boss.get("/console/settings/mail/templates").await;
    assert_eq!(list.html.matches("(your own, version 1)").count(), 1);
    let preview = json!({"subject": "x", "body": "{{link}}"});
    let sample = msp.world.done(Method::POST, "/mail-templates/portal_invitation/ar/preview", preview).await;
    assert!(sample["html"].as_str().expect("HTML").contains("<html lang=\"ar\" dir=\"rtl\">"), "{sample}");

    set_language(&msp, json!("ar")).await;
    msp.world.done(Method::POST, &format!("/portal-users/{}/invite", msp.portal_user), json!({})).await;
    assert_eq!(server.next_to(JANE).await.subject(), "أهلًا Jane Doe");
    set_language(&msp, json!("de")).await;
    let again = format!("/portal-users/{}/invite-again", msp.portal_user);
    msp.world.done(Method::POST, &again, json!({})).await;
    assert_eq!(server.next_to(JANE).await.subject(), "Ihr Zugang zum Portal von Northwind IT");
    let versions = boss.get(&format!("{here}/versions")).await;
    assert_eq!(versions.text("h1"), "Versions of Invitation to the portal in Arabic");
    assert_eq!(boss.post(&format!("{here}/versions/0/restore"), &[]).await.status, StatusCode::SEE_OTHER);
    set_language(&msp, json!("ar")).await;
    msp.world.done(Method::POST, &again, json!({})).await;
    assert_eq!(server.next_to(JANE).await.subject(), "دخولك إلى بوابة Northwind IT");
}
