//! Mail: what is written, what a mail server gets, and what is tried again.

use std::{collections::HashSet, time::Duration};

use deskbell_server::clock::{Clock as _, SystemClock};
use reqwest::{Method, StatusCode, multipart};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    mail_server::MailServer,
    staff_members::member,
    world::{Msp, ServerProgram, World},
};

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    let forward = json!({"address": "desk@northwind.example"});
    msp.world.done(Method::PUT, "/ticket-forwarding", forward).await;
    msp
}

pub(super) async fn send_ticket(msp: &Msp, fields: &[(&str, &str)]) -> String {
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, fields).await;
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

fn state(list: &Value) -> (&Value, &Value) {
    (&list["items"][0]["state"], &list["items"][0]["attempts"])
}

#[tokio::test]
async fn without_a_mail_server_the_console_shows_what_would_be_sent() {
    let msp = Msp::start(DATABASE).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = "/console/settings/mail";
    let bad = boss.post(path, &[("address", "desk@northwind.example, x@y.example")]).await;
    assert_eq!(
        (bad.status, bad.value("#address").as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, "desk@northwind.example, x@y.example")
    );
    assert!(bad.text("#address-error").contains("an e-mail address"), "{}", bad.html);
    let saved = boss.post(path, &[("address", "desk@northwind.example")]).await;
    assert_eq!(saved.location(), "/console/settings/mail?done=saved");
    let ticket = send_ticket(&msp, &[("description", "Printer on fire\nSince noon"), ("phone", "+1 555 0142")]).await;

    let list = boss.get(path).await;
    assert!(list.text(".caution").contains("No mail server is configured"));
    assert_eq!(list.text("tbody a"), "[1001] Contoso: Printer on fire");
    assert!(list.text("tbody tr").contains("Waiting"));
    let mails = msp.world.get("/mails").await;
    let mail = &mails["items"][0];
    let body = mail["body"].as_str().expect("text");
    for part in [
        &format!("{}/console/tickets/{ticket}", msp.world.origin),
        "Printer on fire\nSince noon",
        "Organization: Contoso",
        "Requester: Jane Doe",
        "Telephone: +1 555 0142",
        "Asset: PC-042",
        "Serial number: SN-1",
        "System: Debian GNU/Linux 12",
        "Network addresses: 192.0.2.7",
    ] {
        assert!(body.contains(part), "{part}: {body}");
    }
    let page = boss.get(&format!("{path}/{}", mail["id"].as_str().expect("an id"))).await;
    assert_eq!(page.text(".typed"), body.trim());
    boss.post(path, &[("address", " ")]).await;
    send_ticket(&msp, &[("description", "Once more")]).await;
    assert_eq!(
        msp.world.get("/mails").await["items"].as_array().expect("a list").len(),
        1,
        "nothing more is forwarded"
    );
}

#[tokio::test]
async fn a_forwarded_ticket_tells_at_which_site_its_computer_stands() {
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let agent = Agent::of_jane(&msp).await;
    let site = json!({"organization_id": msp.organization, "name": "Head office"});
    let site = msp.world.made("/sites", site).await;
    msp.world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"site_id": site})).await;
    let person = Browser::new(&msp.world);
    let form = person.open(&agent.click().await).await;
    person.send_form(&form, &[("description", "Printer on fire")]).await;
    let mails = msp.world.get("/mails").await;
    let body = mails["items"][0]["body"].as_str().expect("text");
    assert!(body.contains("Asset: PC-042\nSite: Head office\n"), "{body}");
}

/// Invariant 17, S11: nothing that an unverified person typed is in a mail.
#[tokio::test]
async fn of_an_unverified_person_a_mail_says_nothing_but_that_they_wrote() {
    let msp = Msp::start(DATABASE).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let page = browser.open(&agent.click().await).await;
    let fields = [("description", "Buy pills"), ("unverified_name", "Sam Boss"), ("phone", "+1 555 0199")];
    let form = fields.into_iter().fold(multipart::Form::new(), |form, (name, value)| form.text(name, value));
    let form = ["form_id", "form_for"]
        .into_iter()
        .fold(form, |form, name| form.text(name, page.value(&format!("input[name={name}]"))));
    let file = multipart::Part::bytes(&b"x"[..]).file_name("cheap.txt");
    assert_eq!(browser.post_files(FORM, form.part("files", file)).await.status, StatusCode::SEE_OTHER);
    let mail = msp.world.get("/mails").await["items"][0].to_string();
    for typed in ["pills", "Sam", "0199", "cheap"] {
        assert!(!mail.contains(typed), "{typed}: {mail}");
    }
    assert!(!mail.contains("Jane"), "it is not she who wrote: {mail}");
    assert!(mail.contains("[1001] Contoso: from an unverified person") && mail.contains("Asset: PC-042"), "{mail}");
}

#[tokio::test]
async fn a_mail_is_tried_until_the_mail_server_answers_for_it_and_not_once_more() {
    let mut server = MailServer::start(&["451 Later"]).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "Drucker «brennt»")]).await;
    let first = server.next().await;
    assert_eq!(first.recipient, "desk@northwind.example");
    for header in [
        "From: \"Northwind IT\" <help@northwind.example>",
        "To: desk@northwind.example",
        "Auto-Submitted: auto-generated",
        "Content-Type: multipart/alternative;",
    ] {
        assert!(first.source.lines().any(|line| line == header), "{header}: {}", first.source);
    }
    assert_eq!(first.subject(), "[1001] Contoso: Drucker «brennt»");
    assert!(
        first.text().contains("\nDrucker «brennt»\n") && first.html().contains("<p dir=\"auto\">Drucker «brennt»</p>")
    );
    assert_eq!(first.header("Reply-To"), "", "it is the MSP's own");
    let later = msp.world.once("/mails", |list| list["items"][0]["answer"] != "").await;
    assert_eq!(state(&later), (&json!("waiting"), &json!(1)));
    assert!(later["items"][0]["answer"].as_str().expect("text").contains("451"), "{later}");

    msp.world.clock.advance(Duration::from_secs(5));
    send_ticket(&msp, &[("description", "Another one wakes the sender")]).await;
    let offered = [server.next().await, server.next().await].map(|mail| mail.header("Message-ID"));
    assert_eq!(offered[0], first.header("Message-ID"), "the same mail, longer due, comes first");
    assert_ne!(offered[1], offered[0]);
    let sent = |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == "delivered");
    let done = msp.world.once("/mails", sent).await;
    assert_eq!(done["items"][1]["attempts"], 2);
    msp.world.clock.advance(Duration::from_hours(1));
    send_ticket(&msp, &[("description", "And the last one")]).await;
    assert!(!offered.contains(&server.next().await.header("Message-ID")), "what was taken is not sent again");
    msp.world.once("/mails", sent).await;
    assert!(server.has_nothing_more());
}

#[tokio::test]
async fn a_mail_that_is_refused_for_good_is_given_up_until_somebody_tries_it_again() {
    let mut server = MailServer::start(&["550 No such person"]).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "x")]).await;
    server.next().await;
    let refused = msp.world.once("/mails", |list| list["items"][0]["state"] == "given_up").await;
    let id = refused["items"][0]["id"].as_str().expect("an id");
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    server.next_to("boss@msp.example").await;
    let path = format!("/console/settings/mail/{id}");
    assert!(boss.get(&path).await.html.contains("550"));
    assert_eq!(boss.post(&format!("{path}/retry"), &[]).await.location(), format!("{path}?done=queued"));
    assert_eq!(server.next().await.recipient, "desk@northwind.example");
    let sent = |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == "delivered");
    msp.world.once("/mails", sent).await;
    assert_eq!(boss.post(&format!("{path}/retry"), &[]).await.status, StatusCode::CONFLICT);
    let secrets = msp.world.query("SELECT count(*) FROM mail WHERE secret IS NOT NULL");
    assert_eq!(secrets, "0", "a link that has arrived is kept nowhere, sealed or not");
}

#[tokio::test]
async fn a_mail_that_has_waited_for_three_days_is_not_sent_any_more() {
    let mut server = MailServer::start(&["451 Later"]).await;
    let msp = msp(&server).await;
    send_ticket(&msp, &[("description", "Old")]).await;
    server.next().await;
    msp.world.once("/mails", |list| list["items"][0]["answer"] != "").await;
    msp.world.clock.advance(Duration::from_hours(73));
    send_ticket(&msp, &[("description", "New")]).await;
    assert_eq!(server.next().await.subject(), "[1002] Contoso: New");
    let list = msp.world.once("/mails", |list| list["items"][1]["state"] != "waiting").await;
    assert_eq!(
        (&list["items"][1]["state"], &list["items"][1]["answer"]),
        (&json!("given_up"), &json!("it waited for too long"))
    );
    assert!(server.has_nothing_more());
}

/// Two servers that come to the same outbox at the same time: neither gets its first answer before the other is there, too.
#[tokio::test]
async fn each_mail_is_sent_once_by_one_of_two_servers() {
    let mut server = MailServer::busy_until(2, &[]).await;
    let mut msp = Msp::start(DATABASE).await;
    msp.world.clock.advance(Duration::from_millis((SystemClock.now() - msp.world.clock.now()).unsigned_abs()));
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    for _ in 0..8 {
        send_ticket(&msp, &[("description", "Printer on fire")]).await;
    }
    msp.world.stop().await;
    let config = server.config();
    let mail = format!(
        "export DESKBELL_SERVER__MAIL__SMTP='{}'; export DESKBELL_SERVER__MAIL__FROM='{}';",
        config.smtp, config.from
    );

    let environment = [("DESKBELL_SERVER__DATABASE__URL", msp.world.database_url.as_str())];
    let _servers = tokio::join!(msp.world.program(&mail), ServerProgram::start(&msp.world.data, &mail, &environment));

    let mut ids = HashSet::new();
    for _ in 0..8 {
        let mail = server.next_to("desk@northwind.example").await;
        assert!(ids.insert(mail.header("Message-ID")), "one is sent twice: {}", mail.source);
    }
    let delivered =
        |list: &Value| list["items"].as_array().expect("a list").iter().all(|mail| mail["state"] == "delivered");
    let list = msp.world.once("/mails", delivered).await;
    assert!(list["items"].as_array().expect("a list").iter().all(|mail| mail["attempts"] == 1), "{list}");
    assert!(server.has_nothing_more());
}

/// A link that opens an account goes to whom it is for, and can be read nowhere else.
#[tokio::test]
async fn the_link_for_staff_is_mailed_and_shown_once_and_is_neither_in_the_outbox_nor_in_the_database() {
    let mut server = MailServer::start(&["451 Later"]).await;
    let msp = msp(&server).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    server.next_to("boss@msp.example").await;
    let new = [("name", "Kim <b>Larsen</b>"), ("email", "kim@msp.example"), ("role", "technician")];
    let shown = boss.post("/console/staff", &new).await;
    let link = shown.value("#link");
    assert!(shown.text("main").contains("It is mailed to kim@msp.example as well."), "{}", shown.html);
    let secret = link.rsplit('/').next().expect("a secret").to_owned();

    let mail = server.next_to("kim@msp.example").await;
    assert_eq!(mail.subject(), "Your account at Northwind IT");
    assert!(mail.text().starts_with("Hello Kim <b>Larsen</b>,\n\nwith this link"), "{}", mail.text());
    assert!(mail.text().contains(&format!("\n{link}\n")) && mail.text().contains("within 72 hours"), "{}", mail.text());
    assert!(mail.html().contains("Kim &#60;b&#62;Larsen&#60;/b&#62;"), "{}", mail.html());
    assert!(mail.html().contains(&format!("<a href=\"{link}\">{link}</a>")), "{}", mail.html());

    let list = msp.world.once("/mails", |list| list["items"][0]["answer"] != "").await;
    assert_eq!(
        (&list["items"][0]["recipient"], &list["items"][0]["ticket_id"]),
        (&json!("kim@msp.example"), &Value::Null)
    );
    let page = boss.get(&format!("/console/settings/mail/{}", list["items"][0]["id"].as_str().expect("an id"))).await;
    assert!(page.text(".typed").contains("/users/welcome/[secret]"), "{}", page.html);
    let stored = String::from_utf8_lossy(&msp.world.stored()).into_owned();
    assert!(!list.to_string().contains(&secret) && !page.html.contains(&secret) && !stored.contains(&secret));

    let somebody = Browser::new(&msp.world);
    let path = link.strip_prefix(&msp.world.origin).expect("invariant 16: our own").to_owned();
    let welcomed = somebody.post(&path, &[("password", "correct horse battery")]).await;
    assert_eq!(welcomed.location(), "/console");
}

#[tokio::test]
async fn without_a_mail_server_a_link_for_staff_is_only_shown() {
    let world = World::start(DATABASE).await;
    let new = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
    let made = world.done(Method::POST, "/staff", new).await;
    assert_eq!(made["mailed"], false);
    assert_eq!(world.get("/mails").await["items"], json!([]));
}
