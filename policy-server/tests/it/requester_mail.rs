//! Mails to whoever asked, read as they came over the network.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{agents::Agent, browsers::Browser, mail_server::MailServer, staff_members::member, world::Msp};

const JANE: &str = "jane@contoso.example";

/// An MSP that mails requesters, and Jane's address.
async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    assert_eq!(msp.world.get("/requester-mail").await, json!({"enabled": false}), "nobody is mailed unasked");
    msp.world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    msp
}

async fn ticket(msp: &Msp, fields: &[(&str, &str)]) -> String {
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, fields).await;
    assert_eq!(receipt.status, StatusCode::SEE_OTHER, "{}", receipt.html);
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

async fn comment(msp: &Msp, ticket: &str, kind: &str, text: &str) {
    let comment = json!({"kind": kind, "text": text});
    msp.world.done(Method::POST, &format!("/tickets/{ticket}/comments"), comment).await;
}

async fn status(msp: &Msp, ticket: &str, status: &str) {
    msp.world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"status": status})).await;
}

async fn templates(msp: &Msp) -> Vec<Value> {
    let list = msp.world.get("/mails").await;
    list["items"].as_array().expect("a list").iter().rev().map(|mail| mail["template"].clone()).collect()
}

/// SYN-13, SYN-15: a private note never triggers a mail; "resolved" is mailed when the status turns so, and at no other change.
#[tokio::test]
async fn a_requester_hears_of_the_ticket_of_replies_and_of_its_end_and_of_nothing_else() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let ticket = ticket(&msp, &[("description", "Printer <i>on</i> fire\n\nSince noon")]).await;
    let created = server.next().await;
    assert_eq!((created.recipient.as_str(), created.subject().as_str()), (JANE, "[1001] Printer <i>on</i> fire"));
    let text = "Hello Jane Doe,\n\nwe have your request. Its number is 1001.\n\nPrinter <i>on</i> fire\n\nSince noon\n\n\
                Computer: PC-042\n\nNorthwind IT\n+1 555 0100\nhelp@northwind.example\n\nOnline Profile: ";
    assert_eq!(created.text(), format!("{text}{}/my_profile/user_login\n", msp.world.origin));
    assert!(
        created
            .html()
            .contains("<p dir=\"auto\">Printer &#60;i&#62;on&#60;/i&#62; fire</p>\n<p dir=\"auto\">Since noon</p>")
    );

    comment(&msp, &ticket, "note", "She sets fires").await;
    status(&msp, &ticket, "waiting").await;
    comment(&msp, &ticket, "reply", "Is there water?\nUse it.").await;
    let reply = server.next().await;
    assert_eq!((reply.recipient.as_str(), reply.subject()), (JANE, created.subject()));
    assert!(reply.text().contains("\n\nIs there water?\nUse it.\n\n"), "{}", reply.text());
    let kim = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
    let kim = msp.world.made("/staff", kim).await;
    for resolved in ["resolved", "closed", "open", "closed", "open", "resolved"] {
        status(&msp, &ticket, resolved).await;
        // It stays as it is, and something else changes.
        for assignee in [json!(kim), Value::Null] {
            msp.world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"assignee_id": assignee})).await;
        }
    }
    let ends = [server.next_to(JANE).await, server.next_to(JANE).await];
    assert!(ends.iter().all(|end| end.text().contains("your request 1001 is resolved")), "{ends:?}");
    assert_eq!(
        templates(&msp).await,
        ["ticket_created", "ticket_comment", "staff_link", "ticket_resolved", "ticket_resolved"].map(Value::from)
    );
    assert!(server.has_nothing_more());

    let mails = [&created, &reply, &ends[0], &ends[1]];
    let thread = format!("<ticket.{ticket}@northwind.example>");
    for mail in mails {
        assert_eq!(mail.header("In-Reply-To"), thread, "{}", mail.source);
        assert_eq!(mail.header("References"), thread, "{}", mail.source);
        assert_eq!(mail.header("Date"), "Thu, 01 Jan 2026 00:00:00 +0000", "when its cause happened: {}", mail.source);
        assert_eq!(mail.header("Auto-Submitted"), "auto-generated", "{}", mail.source);
        assert_eq!(mail.header("Reply-To"), "help@northwind.example", "{}", mail.source);
        assert!(!mail.source.contains("fires"), "{}", mail.source);
    }
    let ids: std::collections::BTreeSet<_> = mails.iter().map(|mail| mail.header("Message-ID")).collect();
    assert_eq!(ids.len(), 4, "{ids:?}");
}

/// Invariant 17: what somebody wrote under a name that nobody has checked is not mailed to the person of the computer, nor
/// is anything else about it.
#[tokio::test]
async fn about_a_ticket_under_an_unverified_name_nobody_but_the_msp_hears() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let fields = [("description", "Buy pills"), ("unverified_name", "Sam Boss"), ("phone", "+1 555 0199")];
    let ticket = ticket(&msp, &fields).await;
    comment(&msp, &ticket, "reply", "Pills are out").await;
    status(&msp, &ticket, "resolved").await;
    let forwarded = server.next().await;
    assert_eq!(forwarded.recipient, "desk@northwind.example");
    for typed in ["pills", "Sam", "0199"] {
        assert!(!forwarded.text().contains(typed) && !forwarded.html().contains(typed), "{typed}");
    }
    assert_eq!(templates(&msp).await, [json!("ticket_forwarded")]);
    assert!(server.has_nothing_more());
}

#[tokio::test]
async fn without_the_switch_or_without_an_address_no_requester_is_mailed() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let path = "/console/settings/mail";
    assert!(boss.get(path).await.has("input[name=enabled][checked]"));
    assert_eq!(boss.post(&format!("{path}/requesters"), &[]).await.location(), format!("{path}?done=saved"));
    assert!(!boss.get(path).await.has("input[name=enabled][checked]"));
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let first = ticket(&msp, &[("description", "x")]).await;
    assert!(!boss.get(&format!("/console/tickets/{first}")).await.has("#mailed"));
    boss.post(&format!("{path}/requesters"), &[("enabled", "yes")]).await;
    let page = boss.get(&format!("/console/tickets/{first}")).await;
    assert_eq!(page.text("#mailed"), "Replies are mailed to jane@contoso.example, notes to nobody.");
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": null})).await;
    comment(&msp, &first, "reply", "y").await;
    status(&msp, &first, "resolved").await;
    assert_eq!(templates(&msp).await, ["staff_link", "ticket_forwarded"].map(Value::from));
    let records = msp.world.get("/audit-records").await.to_string();
    assert!(records.contains("requester_mail_changed"), "{records}");
}

/// S13: a subject and a name with line breaks and quotes reach the reader as one line, and add no header.
#[tokio::test]
async fn what_is_typed_adds_no_header_to_a_mail() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let name = json!({"name": "North\"wind, <IT> «ü» Bcc: x@evil.example"});
    msp.world.done(Method::PATCH, "/provider", name).await;
    ticket(&msp, &[("description", "a\r\n\r\nBcc: x@evil.example\r\n.\r\nRCPT TO:<y@evil.example>")]).await;
    let mail = server.next().await;
    assert_eq!((mail.subject().as_str(), mail.header("Bcc").as_str()), ("[1001] a", ""));
    assert!(mail.text().contains("Bcc: x@evil.example\n.\nRCPT TO:<y@evil.example>"), "{}", mail.source);
    let (head, _) = mail.source.split_once("\n\n").expect("a head");
    assert_eq!(head.lines().filter(|line| line.starts_with("From: ")).count(), 1);
    assert!(!head.lines().any(|line| line.starts_with("Bcc")), "{head}");
    assert!(server.has_nothing_more());
}

/// RS-08, S20, S24: who sends for the organization itself gets the receipt and the answers at their stored address, for as long as
/// they are there for it; a ticket of somebody else goes to that one alone.
#[tokio::test]
async fn whoever_sends_for_the_organization_itself_is_mailed() {
    const BOSS: &str = "boss@contoso.example";
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let boss = json!({"organization_id": msp.organization, "sign_in_name": "boss", "email": BOSS});
    let account = format!("/portal-users/{}", msp.world.made("/portal-users", boss).await);
    msp.world.done(Method::PATCH, &account, json!({"password": "walnut ferry candle"})).await;
    server.next_to(BOSS).await;
    let browser = Browser::new(&msp.world);
    browser.post("/my_profile/user_login", &[("name", "boss"), ("password", "walnut ferry candle")]).await;
    let path = "/my_profile/v2/new_ticket";
    let form = browser.get(path).await;
    let sent = browser.send_form_to(path, &form, &[("description", "No paper")]).await;
    let ticket = sent.location().rsplit('/').next().expect("an id").to_owned();
    let created = server.next().await;
    assert_eq!(created.recipient, BOSS);
    assert!(created.text().starts_with("Hello boss,\n") && created.text().contains("No paper"), "{}", created.text());
    comment(&msp, &ticket, "note", "Between us").await;
    comment(&msp, &ticket, "reply", "It is on its way").await;
    let reply = server.next().await;
    assert_eq!(reply.recipient, BOSS);
    assert!(reply.text().contains("It is on its way"), "{}", reply.text());
    status(&msp, &ticket, "resolved").await;
    assert_eq!(server.next().await.recipient, BOSS);

    let form = browser.get(path).await;
    browser.send_form_to(path, &form, &[("description", "For Jane"), ("requester", JANE)]).await;
    assert_eq!(server.next().await.recipient, JANE);
    // As an end user's, the account no longer sees what the organization asked.
    let lee = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Lee"})).await;
    msp.world.done(Method::PATCH, &account, json!({"end_user_id": lee})).await;
    comment(&msp, &ticket, "reply", "Not for Lee").await;
    msp.world.done(Method::PATCH, &account, json!({"end_user_id": null})).await;
    msp.world.done(Method::PATCH, &account, json!({"state": "deactivated"})).await;
    assert!(server.next_to(BOSS).await.subject().contains("switched off"), "nothing came before it");
    comment(&msp, &ticket, "reply", "Not for who is shut out").await;
    let of_jane = self::ticket(&msp, &[("description", "Mine")]).await;
    comment(&msp, &of_jane, "reply", "For Jane").await;
    for _ in 0..2 {
        assert_eq!(server.next().await.recipient, JANE, "nothing else came");
    }
}
