//! Mail that comes in, handed over by programs with an API token as a mail server would, and what becomes of it.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    browsers::Browser,
    mail_server::{MailServer, Received},
    staff_members::member,
    visitors::{HOME, PASSWORD},
    world::{Msp, World},
};

pub(super) const JANE: &str = "jane@contoso.example";
pub(super) const DESK: &str = "help@msp.example";

/// An MSP whose mail server is `mx.msp.example`; Contoso claims its domain, and Jane has an address. Requesters get mail.
pub(super) async fn msp(server: &MailServer) -> Msp {
    let world = World::configured(DATABASE, |config| {
        config.mail = Some(server.config());
        config.inbound_mail.authserv_id = Some("mx.msp.example".into());
        config.inbound_mail.reply_address = Some(DESK.into());
    });
    let msp = Msp::of(world.await).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp.world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    let domain = format!("/organizations/{}/mail-domains/contoso.example", msp.organization);
    msp.world.done(Method::PUT, &domain, json!({})).await;
    msp
}

/// What our mail server says of a genuine sender.
pub(super) fn genuine(from: &str) -> String {
    let domain = from.rsplit('@').next().unwrap_or_default();
    format!("Authentication-Results: mx.msp.example; dmarc=pass header.from={domain}\r\n")
}

/// A mail as it is written; `head` stands above everything.
pub(super) fn mail(head: &str, id: &str, from: &str, subject: &str, text: &str) -> String {
    format!(
        "{head}Received: from x.example by mx.msp.example; Thu, 1 Jan 2026 00:00:00 +0000\r\nMessage-ID: <{id}@x.example>\r\n\
         From: {from}\r\nTo: {DESK}\r\nSubject: {subject}\r\nDate: Thu, 1 Jan 2026 00:00:00 +0000\r\n\r\n{text}\r\n"
    )
}

/// Hands a mail over and gives its account.
pub(super) async fn take(world: &World, raw: impl Into<Vec<u8>>) -> Value {
    let post = world.client.post(format!("{}/api/v1/inbound-mail", world.origin)).bearer_auth(&world.api_token);
    let answer = post.header("content-type", "message/rfc822").body(raw.into()).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::CREATED);
    let taken: Value = answer.json().await.expect("JSON");
    world.get(&format!("/inbound-mails/{}", taken["id"].as_str().expect("an id"))).await
}

fn became(account: &Value) -> (&str, &str) {
    (account["outcome"].as_str().expect("text"), account["reason"].as_str().unwrap_or_default())
}

async fn tickets(world: &World) -> Vec<Value> {
    world.get("/tickets").await["items"].as_array().expect("a list").clone()
}

async fn people(msp: &Msp) -> Vec<String> {
    let found = msp.world.get(&format!("/end-users?organization_id={}", msp.organization)).await;
    found["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["name"].as_str().expect("text").to_owned())
        .collect()
}

/// The mails that were written, as template and recipient, the oldest first.
async fn written(world: &World) -> Vec<(String, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mails = world.get("/mails").await;
    let mails = mails["items"].as_array().expect("a list").iter().rev();
    mails.map(|mail| (text(&mail["template"]), text(&mail["recipient"]))).collect()
}

async fn inviting(world: &World, wish: Value) -> String {
    let mut wish = wish;
    wish["auto_invite"] = json!(true);
    world.made("/departments", wish).await
}

/// ZOH-15, ZOH-20, ZOH-21, invariant 12: a genuine mail of a new sender makes a contact, a ticket and one invitation; the next
/// one of the same sender makes a ticket and no invitation, and so does the first of somebody who was a contact already. Once
/// they have accepted, the ticket is among theirs.
#[tokio::test]
async fn a_new_sender_becomes_a_contact_with_a_ticket_and_one_invitation_zoh_15() {
    const BOB: &str = "bob@contoso.example";
    const ALERTS: &str = "no-reply@contoso.example";
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let desk = inviting(&msp.world, json!({"name": "Service desk", "address": DESK})).await;
    let first = mail(&genuine(BOB), "1", "Bob Stone <bob@contoso.example>", "Printer", "It burns.");
    let account = take(&msp.world, first).await;
    assert_eq!(became(&account), ("ticket", ""));
    let ticket = msp.world.get(&format!("/tickets/{}", account["ticket_id"].as_str().expect("an id"))).await;
    assert_eq!(
        [
            &ticket["subject"],
            &ticket["description"],
            &ticket["source"],
            &ticket["department_id"],
            &ticket["unverified_name"]
        ],
        [&json!("Printer"), &json!("It burns."), &json!("mail"), &json!(desk), &Value::Null]
    );
    assert_eq!(people(&msp).await, ["Jane Doe", "Bob Stone"]);
    let invitation = server.next_to(BOB).await;
    assert_eq!(written(&msp.world).await, [("portal_invitation".to_owned(), BOB.to_owned())], "one mail");

    let again = take(&msp.world, mail(&genuine(BOB), "2", BOB, "Scanner", "It is slow.")).await;
    assert_eq!(became(&again), ("ticket", ""));
    let jane = take(&msp.world, mail(&genuine(JANE), "3", JANE, "Mouse", "It is gone.")).await;
    assert_eq!(became(&jane), ("ticket", ""));
    let invitations = written(&msp.world).await.into_iter().filter(|(template, _)| template == "portal_invitation");
    assert_eq!(invitations.count(), 1, "an existing contact is not invited");
    let answers = |mails: &[(String, String)], to: &str| mails.iter().filter(|(_, recipient)| recipient == to).count();
    assert_eq!(answers(&written(&msp.world).await, BOB), 1, "the invitation was the answer of these ten minutes");
    let program = take(&msp.world, mail(&genuine(ALERTS), "4", ALERTS, "Backup", "It failed.")).await;
    assert_eq!(became(&program), ("ticket", ""));
    assert_eq!(
        answers(&written(&msp.world).await, ALERTS),
        0,
        "nobody reads there: neither an invitation nor an answer"
    );

    let browser = Browser::new(&msp.world);
    let link = invitation.after(&msp.world.origin);
    let came_in = browser.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!(came_in.location(), HOME, "{}", came_in.html);
    let home = browser.get(HOME).await;
    let id = ticket["id"].as_str().expect("an id");
    assert!(home.has(&format!(".tickets a[href$='{id}']")), "{}", home.html);
}

/// ZOH-16, ZOH-18: only a department that invites does, by the address that the mail was sent to; with "all active departments"
/// each does, one that is added later as well, and none that is not active.
#[tokio::test]
async fn a_department_invites_when_it_is_on_or_all_are_zoh_18() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    inviting(world, json!({"name": "A", "address": "a@msp.example"})).await;
    world.made("/departments", json!({"name": "B", "address": "b@msp.example"})).await;
    let sent = async |n: u32, to: &str| {
        let from = format!("new{n}@contoso.example");
        let raw = mail(&genuine(&from), &n.to_string(), &from, "x", "y").replace(DESK, to);
        assert_eq!(became(&take(world, raw).await), ("ticket", ""));
        written(world).await.iter().filter(|(template, to)| template == "portal_invitation" && *to == from).count()
    };
    assert_eq!([sent(1, "a@msp.example").await, sent(2, "b@msp.example").await], [1, 0]);
    let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"auto_invite": "all_active"})).await;
    let late = world.made("/departments", json!({"name": "C", "address": "c@msp.example"})).await;
    assert_eq!([sent(3, "b@msp.example").await, sent(4, "c@msp.example").await], [1, 1]);
    world.done(Method::PATCH, &format!("/departments/{late}"), json!({"active": false})).await;
    assert_eq!(sent(5, "c@msp.example").await, 0, "not active");
}

/// S11, S12, S20: a mail asks for something new only if our mail server has found its sender genuine and it is known whose it is.
/// A header that came along, below ours or under another name, proves nothing.
#[tokio::test]
async fn what_cannot_be_trusted_waits_for_staff_and_answers_nobody() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let other = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    for organization in [&msp.organization, &other] {
        world
            .made("/end-users", json!({"organization_id": organization, "name": "Pat", "email": "pat@agency.example"}))
            .await;
    }
    let forged = "Authentication-Results: mx.msp.example; dmarc=fail header.from=contoso.example\r\n";
    let foreign = "Authentication-Results: mx.evil.example; dmarc=pass header.from=contoso.example\r\n";
    let cases = [
        (String::new(), JANE, "not_authenticated"),
        (format!("{forged}{}", genuine(JANE)), JANE, "not_authenticated"),
        (foreign.to_owned(), JANE, "not_authenticated"),
        (genuine("evil.example"), JANE, "not_authenticated"),
        (genuine("stranger.example"), "x@stranger.example", "unknown_sender"),
        (genuine("agency.example"), "pat@agency.example", "several_organizations"),
        (genuine(JANE), "jаne@contoso.example", "mixed_script"),
        (genuine(JANE), "jane@contoso.example, bob@contoso.example", "no_sender"),
        (format!("Auto-Submitted: auto-replied\r\n{}", genuine(JANE)), JANE, "automatic"),
    ];
    for (n, (head, from, reason)) in cases.iter().enumerate() {
        let account = take(world, mail(head, &n.to_string(), from, "[1001] Help", "Let me in.")).await;
        assert_eq!(became(&account), ("quarantined", *reason), "{head}{from}");
        assert_eq!(account["text"], json!("Let me in."));
    }
    assert_eq!(became(&take(world, mail("", "own", DESK, "x", "y")).await), ("refused", "own_address"));
    assert_eq!(became(&take(world, "").await), ("quarantined", "no_sender"));
    assert!(tickets(world).await.is_empty() && written(world).await.is_empty());
    let claim = format!("/organizations/{other}/mail-domains/agency.example");
    world.done(Method::PUT, &claim, json!({})).await;
    let account = take(world, mail(&genuine("agency.example"), "last", "pat@agency.example", "x", "y")).await;
    assert_eq!(became(&account), ("ticket", ""), "the organization whose domain it is");
    assert_eq!(tickets(world).await[0]["organization_id"], json!(other));
}

/// Invariant 21: the same mail twice is one ticket, also when it comes by another way; another that took its id is another.
#[tokio::test]
async fn the_same_mail_is_one_ticket() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let first = mail(&genuine(JANE), "1", JANE, "Printer", "It burns.");
    let by_another_way = format!("Received: from a.example by b.example\r\n{first}");
    let accounts = [take(&msp.world, first.clone()).await, take(&msp.world, by_another_way).await];
    assert_eq!(accounts[0], accounts[1]);
    let (one, two) = tokio::join!(
        take(&msp.world, mail(&genuine(JANE), "2", JANE, "Mouse", "x")),
        take(&msp.world, mail(&genuine(JANE), "2", JANE, "Mouse", "x"))
    );
    assert_eq!(one, two);
    take(&msp.world, mail(&genuine(JANE), "1", JANE, "Scanner", "It is slow.")).await;
    assert_eq!(tickets(&msp.world).await.len(), 3);
}

/// The tag of a mail about a ticket: the address that answers go to.
fn reply_address(mail: &Received) -> String {
    mail.header("Reply-To").trim_matches(['<', '>']).to_owned()
}

async fn comments(world: &World, ticket: &str) -> Vec<Value> {
    world.get(&format!("/tickets/{ticket}/comments")).await["items"].as_array().expect("a list").clone()
}

/// Makes Jane's ticket 1001 by mail, has staff answer it, and gives its id and the mail that she got.
async fn answered(msp: &Msp, server: &mut MailServer) -> (String, Received) {
    let account = take(&msp.world, mail(&genuine(JANE), "first", JANE, "Printer", "It burns.")).await;
    let ticket = account["ticket_id"].as_str().expect("an id").to_owned();
    server.next_to(JANE).await;
    let said = json!({"kind": "reply", "text": "Is it still on fire?"});
    msp.world.done(Method::POST, &format!("/tickets/{ticket}/comments"), said).await;
    (ticket, server.next_to(JANE).await)
}

/// S6, S12: an answer becomes a comment when it carries the tag that was mailed to its sender, in its address or in what it
/// answers, without what is quoted. A ticket's number, another's tag, a tag that somebody else was mailed, or a sender who is
/// no longer of the ticket's organization make it wait. Nobody is mailed what it says.
#[tokio::test]
async fn an_answer_with_its_tag_is_a_comment_and_nothing_else_is_s12() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (ticket, asked) = answered(&msp, &mut server).await;
    let address = reply_address(&asked);
    assert!(address.starts_with("help+1001.") && address.len() == "help+1001.@msp.example".len() + 32, "{address}");
    assert!(asked.text().starts_with("##- Please write your answer above this line. -##\n"), "{}", asked.text());
    world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"status": "waiting"})).await;

    let quoted = asked.text().lines().fold(String::new(), |text, line| text + "> " + line + "\r\n");
    let text = format!("Yes, help!\r\n\r\nOn Thu, Northwind IT <{address}> wrote:\r\n{quoted}");
    let by_address = mail("", "r1", JANE, "Re: whatever", &text).replace(DESK, &address);
    assert_eq!(became(&take(world, by_address.clone()).await), ("comment", ""));
    assert_eq!(became(&take(world, by_address).await), ("comment", ""), "the same again");
    let in_reply_to = format!("In-Reply-To: {}\r\n", asked.header("Message-ID"));
    let account = take(world, mail(&in_reply_to, "r2", JANE, "Re: x", "It is out now.")).await;
    assert_eq!(became(&account), ("comment", ""));
    let said: Vec<_> = comments(world, &ticket).await.iter().skip(1).map(|row| row["text"].clone()).collect();
    assert_eq!(said, ["Yes, help!", "It is out now."].map(|text| json!(text)));
    let last = &comments(world, &ticket).await[2];
    assert_eq!((&last["author_kind"], &last["kind"]), (&json!("end_user"), &json!("reply")));
    assert_eq!(world.get(&format!("/tickets/{ticket}")).await["status"], "open");

    let eve = world.made(
        "/end-users",
        json!({"organization_id": msp.organization, "name": "Eve", "email": "eve@contoso.example"}),
    );
    eve.await;
    let guessed = address.replace(&address[10..42], &"0".repeat(32));
    let of_other_ticket = address.replace("1001", "1002");
    take(world, mail(&genuine(JANE), "second", JANE, "Mouse", "x")).await;
    for (n, (from, to)) in [
        (JANE, guessed.as_str()),
        (JANE, of_other_ticket.as_str()),
        ("eve@contoso.example", address.as_str()),
        ("jane@evil.example", address.as_str()),
    ]
    .iter()
    .enumerate()
    {
        let head = format!("{}Cc: {JANE}\r\n", genuine(from));
        let account =
            take(world, mail(&head, &format!("g{n}"), from, "[1001] x", "Let me in.").replace(DESK, to)).await;
        assert_eq!(became(&account), ("quarantined", "not_their_ticket"), "{from} {to}");
    }
    let forged = "Authentication-Results: mx.msp.example; dmarc=fail header.from=contoso.example\r\n";
    let account = take(world, mail(forged, "f", JANE, "x", "y").replace(DESK, &address)).await;
    assert_eq!(became(&account), ("quarantined", "not_authenticated"));
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "deactivated"})).await;
    let account = take(world, mail("", "d", JANE, "x", "y").replace(DESK, &address)).await;
    assert_eq!(became(&account), ("quarantined", "not_their_ticket"), "deactivated");
    assert_eq!(comments(world, &ticket).await.len(), 3);
    let mails = written(world).await.into_iter().filter(|(template, _)| template == "ticket_comment");
    assert_eq!(mails.count(), 1, "what came by mail goes to no end user by mail");

    // The MSP's queue hears of an answer, as it does of one from the portal; of what a program sent it does not.
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"state": "enabled"})).await;
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "queue@msp.example"})).await;
    take(world, mail("Auto-Submitted: auto-replied\r\n", "p", JANE, "Away", "Until Monday").replace(DESK, &address))
        .await;
    take(world, mail("", "q", JANE, "Re: x", "And now the toner.").replace(DESK, &address)).await;
    let told = server.next_to("queue@msp.example").await;
    assert!(told.text().contains("And now the toner.") && told.text().contains("Jane Doe"), "{}", told.text());
    let mails = written(world).await.into_iter().filter(|(template, _)| template == "ticket_answered");
    assert_eq!(mails.collect::<Vec<_>>(), [("ticket_answered".to_owned(), "queue@msp.example".to_owned())]);
}

/// SYN-12, S11, RFC 3834: what a program sent is never answered, and is a comment only with its tag; a person is told of a new
/// ticket once in ten minutes.
#[tokio::test]
async fn nobody_is_answered_twice_in_ten_minutes_and_a_program_never_s11() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (ticket, asked) = answered(&msp, &mut server).await;
    let told = async || written(world).await.iter().filter(|(template, _)| template == "ticket_autoresponder").count();
    assert_eq!(told().await, 1);
    for n in 0..3 {
        take(world, mail(&genuine(JANE), &format!("n{n}"), JANE, "x", &format!("{n}"))).await;
    }
    assert_eq!(told().await, 1, "the first was told of a moment ago");
    world.clock.advance(Duration::from_mins(10));
    take(world, mail(&genuine(JANE), "later", JANE, "x", "later")).await;
    assert_eq!(told().await, 2);
    world.clock.advance(Duration::from_mins(10));

    let before = written(world).await.len();
    for (n, head) in
        ["List-Unsubscribe: <https://l.example>\r\n", "X-Loop: x\r\n", "Return-Path: <bounces@l.example>\r\n"]
            .iter()
            .enumerate()
    {
        let news = mail(&format!("{head}{}", genuine(JANE)), &format!("l{n}"), JANE, "News", &format!("Issue {n}"));
        assert_eq!(became(&take(world, news).await), ("ticket", ""), "{head}");
        assert_eq!(written(world).await.len(), before, "{head} is not answered");
    }
    let address = reply_address(&asked);
    for (n, head) in
        ["Auto-Submitted: auto-replied\r\n", "Precedence: bulk\r\n", "Return-Path: <>\r\n", "List-Id: <l.example>\r\n"]
            .iter()
            .enumerate()
    {
        let away =
            mail(&format!("{head}{}", genuine(JANE)), &format!("a{n}"), JANE, "Away", &format!("Until Monday {n}"));
        assert_eq!(became(&take(world, away.clone()).await), ("quarantined", "automatic"), "{head}");
        let answer = take(world, away.replace("<a", "<b").replace(DESK, &address)).await;
        assert_eq!(became(&answer), ("comment", ""), "{head}");
    }
    assert_eq!(comments(world, &ticket).await.len(), 5);
    assert_eq!(
        world.get(&format!("/tickets/{ticket}")).await["status"],
        "open",
        "staff had answered: it stays as it was"
    );
    assert_eq!(written(world).await.len(), before, "no program was answered");
}

/// A note that a mail did not arrive is seen beside that mail; one about any other mail is accounted for.
#[tokio::test]
async fn a_bounce_is_noted_at_its_mail() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (_, asked) = answered(&msp, &mut server).await;
    let id = asked.header("Message-ID");
    let delivered = |mails: &Value| mails["items"][0]["state"] == "delivered";
    world.once("/mails", delivered).await;
    let bounce = |id: &str, action: &str| {
        format!(
            "Return-Path: <>\r\nMessage-ID: <{action}{}@mx.example>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: {DESK}\r\nSubject: Undelivered\r\n\
             MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n\
             --b\r\n\r\nSorry.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n\
             Final-Recipient: rfc822; {JANE}\r\nAction: {action}\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\
             --b\r\nContent-Type: message/rfc822\r\n\r\nMessage-ID: {id}\r\nFrom: {DESK}\r\nSubject: x\r\n\r\nx\r\n--b--\r\n",
            id.len()
        )
    };
    assert_eq!(became(&take(world, bounce("<1@other.example>", "failed")).await), ("refused", "unknown_bounce"));
    assert_eq!(became(&take(world, bounce(&id, "delayed")).await), ("refused", "unknown_bounce"));
    assert_eq!(became(&take(world, bounce(&id, "failed")).await), ("bounce", ""));
    let mail = &world.get("/mails").await["items"][0];
    assert_eq!((&mail["state"], &mail["answer"]), (&json!("bounced"), &json!("smtp; 550 no such user")));
    let (_, staff) = member(world, "boss@msp.example", "administrator").await;
    assert!(staff.get("/console/settings/mail").await.html.contains("<td>Bounced</td><td>smtp; 550 no such user</td>"));
}

/// Staff take what waits as a ticket or as a comment, or let it be, once. What nobody has checked is mailed to nobody (invariant
/// 17); an end user's own mail is their comment, anybody else's a note.
#[tokio::test]
async fn staff_decide_about_what_waits() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@msp.example"})).await;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let (_, viewer) = member(world, "look@msp.example", "read_only").await;
    let before = written(world).await.len();
    let mut ids = Vec::new();
    for (n, from) in ["Stranger <x@evil.example>", "x@evil.example", JANE, "y@evil.example"].iter().enumerate() {
        let account =
            take(world, mail("", &n.to_string(), from, "<b>Help</b>", &format!("<script>{n}</script>"))).await;
        ids.push(account["id"].as_str().expect("an id").to_owned());
    }
    let page = kim.get("/console/inbound-mail").await;
    assert!(page.html.contains("&#60;b&#62;Help&#60;/b&#62;") && !page.html.contains("<b>Help"), "{}", page.html);
    let path = |n: usize, what: &str| format!("/console/inbound-mail/{}/{what}", ids[n]);
    let shown = kim.get(&format!("/console/inbound-mail/{}", ids[0])).await;
    assert!(shown.html.contains("&#60;script&#62;0") && shown.has("form[action$='/discard']"), "{}", shown.html);
    assert_eq!(viewer.post(&path(0, "ticket"), &[("organization", "Contoso")]).await.status, StatusCode::FORBIDDEN);
    let unknown = kim.post(&path(0, "ticket"), &[("organization", "Nobody Ltd")]).await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);

    let made = kim.post(&path(0, "ticket"), &[("organization", "contoso")]).await;
    let ticket = made.location().split('?').next().and_then(|path| path.rsplit('/').next()).expect("an id").to_owned();
    let shown = world.get(&format!("/tickets/{ticket}")).await;
    assert_eq!(
        [&shown["requester_id"], &shown["unverified_name"], &shown["unverified_email"], &shown["description"]],
        [&Value::Null, &json!("Stranger"), &json!("x@evil.example"), &json!("<script>0</script>")]
    );
    let again = kim.post(&path(0, "ticket"), &[("organization", "Contoso")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT, "once");
    for n in [1, 2] {
        let added = kim.post(&path(n, "comment"), &[("ticket", "1001")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.html);
    }
    let said = comments(world, &ticket).await;
    let said: Vec<_> =
        said.iter().map(|row| (row["kind"].clone(), row["author_kind"].clone(), row["text"].clone())).collect();
    assert_eq!(said[0], (json!("note"), json!("staff"), json!("<x@evil.example>:\n\n<script>1</script>")));
    assert_eq!(said[1], (json!("reply"), json!("end_user"), json!("<script>2</script>")));
    assert_eq!(kim.post(&path(3, "discard"), &[]).await.status, StatusCode::SEE_OTHER);
    let gone = world.get(&format!("/inbound-mails/{}", ids[3])).await;
    assert_eq!((&gone["outcome"], &gone["text"]), (&json!("discarded"), &Value::Null));
    let mails = written(world).await;
    assert_eq!(mails[before..], [("ticket_forwarded".to_owned(), "desk@msp.example".to_owned())], "{mails:?}");
    let forwarded = &world.get("/mails").await["items"][0];
    assert!(!forwarded["body"].as_str().expect("text").contains("script"), "invariant 17: {forwarded}");
}

/// Files come along as far as a ticket may have them; what does not fit is kept with the whole mail.
#[tokio::test]
async fn files_come_along() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let part = |n: usize| {
        format!(
            "--b\r\nContent-Type: image/png; name=\"a{n}.png\"\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n"
        )
    };
    let with = |id: &str, count: usize| {
        let parts: String = (0..count).map(part).collect();
        format!(
            "{}Message-ID: <{id}@x.example>\r\nFrom: {JANE}\r\nTo: {DESK}\r\nSubject: Files\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
             --b\r\nContent-Type: text/html\r\n\r\n<p>Look:</p><script>alert(1)</script>\r\n{parts}--b--\r\n",
            genuine(JANE)
        )
    };
    let account = take(&msp.world, with("1", 2)).await;
    assert_eq!(became(&account), ("ticket", ""));
    let ticket = account["ticket_id"].as_str().expect("an id");
    let files = msp.world.get(&format!("/tickets/{ticket}/attachments")).await;
    assert_eq!(files["items"].as_array().expect("a list").len(), 2);
    let content = msp.world.bytes(&format!("/attachments/{}", files["items"][0]["id"].as_str().expect("an id"))).await;
    assert_eq!(content, b"hello");
    let description = msp.world.get(&format!("/tickets/{ticket}")).await["description"].clone();
    assert_eq!(description, "Look:");
    assert_eq!(became(&take(&msp.world, with("2", 12)).await), ("ticket", "left_out"));
}

/// S13: nothing that a sender calls themselves makes a header of a mail of ours.
#[tokio::test]
async fn a_senders_name_makes_no_header() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    inviting(&msp.world, json!({"name": "Desk", "is_default": true})).await;
    let from = "=?utf-8?q?Eve=0D=0ABcc:_x=40evil.example?= <eve@contoso.example>";
    let subject = "=?utf-8?q?Hi=0D=0ABcc:_x=40evil.example?=";
    assert_eq!(became(&take(&msp.world, mail(&genuine(JANE), "1", from, subject, "x")).await), ("ticket", ""));
    let invitation = server.next_to("eve@contoso.example").await;
    assert_eq!(invitation.header("Bcc"), "");
    msp.world.clock.advance(Duration::from_mins(10));
    assert_eq!(became(&take(&msp.world, mail(&genuine(JANE), "2", from, subject, "y")).await), ("ticket", ""));
    let created = server.next_to("eve@contoso.example").await;
    assert_eq!((created.header("Bcc"), created.subject().as_str()), (String::new(), "[1002] Hi Bcc: x@evil.example"));
}

/// What came from a person is part of what they are given, and gone when they are erased.
#[tokio::test]
async fn a_persons_mails_are_theirs_and_erased_with_them() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let account = take(&msp.world, mail("", "1", &format!("Jane <{JANE}>"), "Secret 4711", "It is secret 4711.")).await;
    assert_eq!(became(&account), ("quarantined", "not_authenticated"));
    let given = msp.world.get(&format!("/end-users/{}/personal-data", msp.jane)).await;
    assert_eq!(given["inbound_mails"][0]["text"], "It is secret 4711.");
    msp.world.done(Method::POST, &format!("/end-users/{}/erase", msp.jane), json!({})).await;
    let stored = String::from_utf8_lossy(&msp.world.stored()).into_owned();
    assert!(!stored.contains("secret 4711") && !stored.contains("Secret 4711") && !stored.contains(JANE));
    let left = msp.world.get(&format!("/inbound-mails/{}", account["id"].as_str().expect("an id"))).await;
    assert_eq!((&left["outcome"], &left["text"], &left["sender"]), (&json!("discarded"), &Value::Null, &json!("")));
}
