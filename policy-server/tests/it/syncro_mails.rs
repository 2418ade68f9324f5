//! The twelve mails that lead into the portal, as a mail server gets them.

use std::{sync::Arc, time::Duration};

use deskbell_protocol::{Facts, OsUser};
use deskbell_server::{
    announcements::{Asker, Audience, TicketFacts},
    app::App,
    domain::{
        attachment::FileSender,
        ids::{OrganizationId, TicketId},
        ticket::{TicketSource, TicketStatus, Urgency},
    },
    store::{Attachment, Json, NewTicketRows, Ticket},
};
use reqwest::{Method, StatusCode};
use scraper::{Html, Selector};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    mail_server::{MailServer, Received},
    staff_members::member,
    visitors::SIGN_IN,
    world::{Msp, World},
};

const JANE: &str = "jane@contoso.example";
const MAX: &str = "max@fabrikam.example";
const PAYMENT: &str = "/my_profile/v2/payment";

/// The mails that a billing system or a calendar has sent, with what they need to say.
fn events(ticket: &str) -> [(&'static str, Value); 8] {
    [
        ("credit_card_expired", json!({"card_ending": "4242", "due_date": "2026-01-31"})),
        ("recurring_charge_failed", json!({"amount": "120.00 EUR", "number": "RE-17", "card_ending": "4242"})),
        ("estimate", json!({"amount": "120.00 EUR", "number": "AN-17", "due_date": "2026-02-01"})),
        ("statement", json!({"amount": "120.00 EUR", "date": "2026-01-01"})),
        ("paid_invoice", json!({"amount": "120.00 EUR", "number": "RE-17", "document_url": "https://b.example/17"})),
        ("unpaid_invoice", json!({"amount": "120.00 EUR", "number": "RE-17", "due_date": "2026-02-01"})),
        (
            "non_ticket_appointment",
            json!({"date": "2026-01-05", "time": "14:30", "about": "Laptops", "place": "Main St"}),
        ),
        ("ticket_appointment", json!({"date": "2026-01-05", "time": "14:30", "ticket_id": ticket})),
    ]
}

/// An MSP that mails requesters, where Jane has an address and signs in.
async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp.world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    msp
}

/// Max of Fabrikam, an organization without portal users.
async fn max_of_fabrikam(world: &World) -> (String, String) {
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam", "email": "office@fabrikam.example"})).await;
    let max = json!({"organization_id": fabrikam, "name": "Max Moe", "email": MAX});
    let max = world.made("/end-users", max).await;
    (fabrikam, max)
}

async fn event(world: &World, template: &str, end_user: &str, mut facts: Value) -> Value {
    // Mails go out in the order of their times.
    world.clock.advance(Duration::from_millis(1));
    facts["end_user_id"] = json!(end_user);
    world.done(Method::POST, &format!("/events/{template}"), facts).await
}

/// How a ticket comes that no form of the portal makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comes {
    /// Taken down by somebody.
    Otherwise,
    /// By a mail that may be answered, or not.
    ByMail { may_be_answered: bool },
}

/// A ticket of an end user. Nothing wakes the sender.
async fn ticket_that(comes: Comes, (world, app): (&World, &Arc<App>), organization: &str, end_user: &str) -> TicketId {
    world.clock.advance(Duration::from_millis(1));
    let organization_id: OrganizationId = organization.parse().expect("an id");
    let person = app.store.end_user(end_user.parse().expect("an id")).await.expect("asked").expect("there");
    let audience = Audience::load(app).await.expect("loaded");
    let profile = audience.online_profile(app, organization_id).await.expect("made");
    let ticket = Ticket {
        id: TicketId(app.new_id()),
        number: 0,
        organization_id,
        asset_id: None,
        requester_id: Some(person.id),
        sender_id: None,
        department_id: None,
        form_id: app.new_id(),
        source: TicketSource::Portal,
        search_key: "printer".into(),
        subject: "Printer".into(),
        description: "Printer".into(),
        urgency: Urgency::Normal,
        phone: None,
        address: None,
        unverified_name: None,
        unverified_email: None,
        confidential: false,
        status: TicketStatus::New,
        assignee_id: None,
        facts: Json(Facts::default()),
        os_user: Json(OsUser::default()),
        created_at: app.now(),
        updated_at: app.now(),
    };
    let (id, shared) = (ticket.id, Arc::clone(app));
    let announce = move |ticket: &Ticket, files: &[Attachment]| {
        let online_profile = profile.as_ref();
        let about = TicketFacts {
            ticket,
            organization: "",
            asset: "",
            site: "",
            asker: Asker::of(Some(&person), None),
            online_profile,
        };
        match comes {
            Comes::Otherwise => audience.ticket_created(&shared, &about, files),
            Comes::ByMail { may_be_answered } => audience.ticket_came_by_mail(&shared, &about, files, may_be_answered),
        }
    };
    let rows = NewTicketRows {
        ticket,
        event: None,
        people: Vec::new(),
        sender: FileSender::Link(organization_id),
        draft: None,
        attachments: Vec::new(),
        announce: Arc::new(announce),
    };
    app.store.insert_ticket(rows).await.expect("made");
    id
}

/// Any change of a ticket has the outbox looked at.
async fn wake(world: &World, ticket: TicketId) {
    world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"status": "open"})).await;
}

/// What the last link of a mail reads, and where it leads, the same in both of its parts.
fn last_line(mail: &Received) -> (String, String) {
    let page = Html::parse_document(&mail.html());
    let links = Selector::parse("body > p:last-of-type a").expect("a selector");
    let link = page.select(&links).next().unwrap_or_else(|| panic!("no link at the end of {}", mail.html()));
    let (label, address) = (link.text().collect::<String>(), link.attr("href").expect("it leads somewhere").to_owned());
    let text = mail.text();
    assert_eq!(text.lines().last(), Some(format!("{label}: {address}").as_str()), "{text}");
    (label, address)
}

/// SYN-02, SYN-16 and, one by one, SYN-04, SYN-05, SYN-06, SYN-07, SYN-08, SYN-09, SYN-10, SYN-11, SYN-12, SYN-13, SYN-14,
/// SYN-15: each of the twelve has the tag as it is shipped, and ends with it when it is sent: with the organization's link
/// for somebody of an organization without portal users, with the sign-in for others.
#[tokio::test]
async fn each_of_the_twelve_mails_ends_with_the_way_into_the_portal() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (fabrikam, max) = max_of_fabrikam(world).await;
    let link =
        world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].as_str().expect("a link").to_owned();
    let app = world.beside().await;
    let mut mailed = Vec::new();
    for (organization, person, address, portal) in [
        (&msp.organization, &msp.jane, JANE, format!("{}{SIGN_IN}", world.origin)),
        (&fabrikam, &max, MAX, link.clone()),
    ] {
        let first = ticket_that(Comes::Otherwise, (world, &app), organization, person).await;
        ticket_that(Comes::ByMail { may_be_answered: true }, (world, &app), organization, person).await;
        let comment = json!({"kind": "reply", "text": "Is it on?"});
        world.clock.advance(Duration::from_millis(1));
        world.done(Method::POST, &format!("/tickets/{first}/comments"), comment).await;
        world.clock.advance(Duration::from_millis(1));
        world.done(Method::PATCH, &format!("/tickets/{first}"), json!({"status": "resolved"})).await;
        let tickets = ["ticket_created", "ticket_autoresponder", "ticket_comment", "ticket_resolved"];
        let events = events(&first.to_string());
        for (template, facts) in events.clone() {
            event(world, template, person, facts).await;
        }
        let templates: Vec<_> = tickets.into_iter().chain(events.into_iter().map(|(template, _)| template)).collect();
        for template in &templates {
            let mail = server.next().await;
            assert_eq!(mail.recipient, address, "{template}");
            let (label, leads_to) = last_line(&mail);
            let pays = ["credit_card_expired", "recurring_charge_failed"].contains(template);
            let expected = if pays { format!("{}{PAYMENT}", world.origin) } else { portal.clone() };
            let words = if pays { "Online Profile Update Payment Information" } else { "Online Profile" };
            assert_eq!((label.as_str(), leads_to), (words, expected), "{template}");
            assert!(!mail.text().contains("{{") && !mail.source.contains("[secret]"), "{}", mail.source);
        }
        mailed.push(templates);
    }
    for template in &mailed[0] {
        let shipped = world.get(&format!("/mail-templates/{template}/en")).await;
        let body = shipped["body"].as_str().expect("text");
        assert_eq!(body.lines().last(), Some("{{online_profile_url}}"), "{template}");
        assert_eq!((&shipped["version"], &shipped["is_default"]), (&json!(0), &json!(true)));
    }
    assert!(mailed[0].len() == 12 && server.has_nothing_more());

    let opened = world.client.get(&link).send().await.expect("an answer");
    assert_eq!(
        (opened.status(), opened.headers()["location"].to_str().ok()),
        (StatusCode::SEE_OTHER, Some("/my_profile/v2/index"))
    );
    let secret = link.rsplit('/').next().expect("a secret");
    world.once("/mails", |list| !list.to_string().contains("waiting")).await;
    let stored = String::from_utf8_lossy(&world.stored()).into_owned();
    assert!(!stored.contains(secret), "RS-05: the outbox keeps no link that opens something");
}

/// SYN-02, decision C3: with the first portal user the link leads nowhere, so later mails lead to the sign-in; a link that is
/// switched off is not mailed either, and one that is on again is another.
#[tokio::test]
async fn a_mail_has_the_organizations_link_only_while_it_lets_in() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (fabrikam, max) = max_of_fabrikam(world).await;
    let path = format!("/organizations/{fabrikam}/portal-link");
    let mut lead = async || {
        event(world, "statement", &max, json!({"amount": "1 EUR", "date": "2026-01-01"})).await;
        last_line(&server.next().await).1
    };
    let first = lead().await;
    world.done(Method::PUT, &path, json!({"enabled": false})).await;
    assert_eq!(lead().await, format!("{}{SIGN_IN}", world.origin));
    world.done(Method::PUT, &path, json!({"enabled": true})).await;
    let second = lead().await;
    assert!(second.contains("/my_profile/link/") && second != first, "{second}");
    world.made("/portal-users", json!({"organization_id": fabrikam, "sign_in_name": "office"})).await;
    assert_eq!(lead().await, format!("{}{SIGN_IN}", world.origin));
}

/// SYN-03, RS-17: the tags of the portal are replaced in a template of the MSP's own; an unknown tag is refused, at the save
/// and in the preview, and the static address is the sign-in page.
#[tokio::test]
async fn the_ways_into_the_portal_can_be_put_where_one_wants_them() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let path = "/mail-templates/statement/en";
    for bad in ["{{online_profile}}", "{{portal_url}} {{online_profile_url}}", "{{online_profile_url"] {
        let written = json!({"subject": "x", "body": bad});
        let (status, problem) = world.api(Method::PUT, path, Some(written.clone())).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/body")),
            "{bad}"
        );
        let (status, _) = world.api(Method::POST, &format!("{path}/preview"), Some(written)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
    }
    let body = "Sign in: {{portal_login_url}}\n\nOr look: {{ online_profile_url }}, please.";
    world.done(Method::PUT, path, json!({"subject": "{{date}}", "body": body})).await;
    event(world, "statement", &msp.jane, json!({"amount": "1 EUR", "date": "2026-01-01"})).await;
    let mail = server.next().await;
    let sign_in = format!("{}{SIGN_IN}", world.origin);
    assert_eq!(mail.text(), format!("Sign in: {sign_in}\n\nOr look: Online Profile: {sign_in}, please.\n"));
    assert!(mail.html().contains(&format!("<a href=\"{sign_in}\">{sign_in}</a>")), "{}", mail.html());
    assert!(mail.html().contains(&format!("<a href=\"{sign_in}\">Online Profile</a>, please.")), "{}", mail.html());
    let page = world.client.get(&sign_in).send().await.expect("an answer");
    assert!(page.status() == StatusCode::OK && page.text().await.expect("HTML").contains("type=\"password\""));
}

/// SYN-17: the line can be taken out and brought back; each save is kept.
#[tokio::test]
async fn the_line_can_be_removed_and_restored() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    server.next().await;
    let here = "/console/settings/mail/templates/ticket_created/en";
    let first = boss.get(here).await;
    let without = first.text("#body").replace("{{online_profile_url}}", "");
    let fields = [("action", "save"), ("version", "0"), ("subject", "Yours"), ("body", without.as_str())];
    assert_eq!(boss.post(here, &fields).await.location(), format!("{here}?done=saved"));
    send_ticket(&msp, &[("description", "x")]).await;
    let mail = server.next().await;
    assert!(mail.subject() == "Yours" && !mail.source.contains("Online Profile"), "{}", mail.source);
    assert_eq!(boss.post(&format!("{here}/default"), &[]).await.location(), format!("{here}?done=saved"));
    send_ticket(&msp, &[("description", "x")]).await;
    assert_eq!(last_line(&server.next().await).0, "Online Profile");
    let versions = msp.world.get("/mail-templates/ticket_created/en/versions").await;
    let versions: Vec<_> =
        versions["items"].as_array().expect("a list").iter().map(|save| save["is_default"].clone()).collect();
    assert_eq!(versions, [json!(false), json!(true)]);
}

async fn template_saves(world: &World) -> Vec<Value> {
    let records = world.get("/audit-records").await;
    let saves = records["items"].as_array().expect("a list").iter();
    saves.filter(|one| one["action"] == "mail_template_saved").map(|one| one["detail"].clone()).collect()
}

/// SYN-18: a payment mail by which nobody can pay is not saved, or brought back, before that is confirmed, in the console and
/// by the API; the audit log tells.
#[tokio::test]
async fn a_payment_mail_without_its_link_has_to_be_confirmed() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    let here = "/console/settings/mail/templates/credit_card_expired/en";
    let fields = [("action", "save"), ("version", "0"), ("subject", "Your card"), ("body", "It has expired.")];
    let warned = boss.post(here, &fields).await;
    assert_eq!(warned.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(warned.text("#payment-warning").contains("customers cannot give a new card"), "{}", warned.html);
    assert_eq!((warned.value("#subject").as_str(), warned.text("#body").as_str()), ("Your card", "It has expired."));
    assert!(warned.has("input[name=confirm_without_payment_link]:not([checked])"));
    assert_eq!(world.get("/mail-templates/credit_card_expired/en").await["version"], 0, "nothing was saved");
    let confirmed: Vec<_> = fields.into_iter().chain([("confirm_without_payment_link", "yes")]).collect();
    assert_eq!(boss.post(here, &confirmed).await.location(), format!("{here}?done=saved"));

    let path = "/mail-templates/recurring_charge_failed/en";
    let written = json!({"subject": "Your payment", "body": "It did not go through."});
    let (status, problem) = world.api(Method::PUT, path, Some(written.clone())).await;
    let named = (status, &problem["errors"][0]["pointer"]);
    assert_eq!(named, (StatusCode::UNPROCESSABLE_ENTITY, &json!("/confirm_without_payment_link")));
    let mut written = written;
    written["confirm_without_payment_link"] = json!(true);
    world.done(Method::PUT, path, written).await;
    let saves = template_saves(&world).await;
    assert!(saves.len() == 2 && saves.iter().all(|save| save["without_payment_link"] == true), "{saves:?}");

    for template in ["credit_card_expired", "recurring_charge_failed"] {
        world.done(Method::DELETE, &format!("/mail-templates/{template}/en"), Value::Null).await;
    }
    let (status, _) = world.api(Method::POST, &format!("{path}/versions/1/restore"), Some(json!({}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let restore = format!("{path}/versions/1/restore?confirm_without_payment_link=true");
    assert_eq!(world.done(Method::POST, &restore, json!({})).await["version"], 3);
    let versions = format!("{here}/versions");
    let shown = boss.get(&versions).await;
    assert!(shown.has(&format!("form[action='{versions}/1/restore'] input[name=confirm_without_payment_link]")));
    assert_eq!(boss.post(&format!("{versions}/1/restore"), &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let ticked = boss.post(&format!("{versions}/1/restore"), &[("confirm_without_payment_link", "yes")]).await;
    assert_eq!(ticked.location(), format!("{versions}?done=saved"));
    let saves = template_saves(&world).await;
    assert_eq!(saves.iter().filter(|save| save["without_payment_link"] == true).count(), 4, "{saves:?}");

    let with = json!({"subject": "x", "body": "{{online_profile_url}}"});
    world.done(Method::PUT, "/mail-templates/credit_card_expired/en", with).await;
    assert!(template_saves(&world).await[0].get("without_payment_link").is_none());
    let other = json!({"subject": "x", "body": "No link at all"});
    world.done(Method::PUT, "/mail-templates/statement/en", other).await;
}

/// S11, SYN-12: whoever sends mail after mail is answered once in ten minutes, and a program never; neither hinders that what
/// they wrote becomes tickets, nor what else is mailed to them.
#[tokio::test]
async fn a_mail_is_answered_once_in_ten_minutes_and_to_people_alone() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let (fabrikam, max) = max_of_fabrikam(world).await;
    let app = world.beside().await;
    let by_person = Comes::ByMail { may_be_answered: true };
    let by_program = Comes::ByMail { may_be_answered: false };
    let mut last = ticket_that(by_program, (world, &app), &fabrikam, &max).await;
    for _ in 0..5 {
        last = ticket_that(by_person, (world, &app), &fabrikam, &max).await;
    }
    ticket_that(by_person, (world, &app), &msp.organization, &msp.jane).await;
    wake(world, last).await;
    let answered = [server.next().await, server.next().await];
    assert_eq!(answered.each_ref().map(|mail| mail.recipient.as_str()), [MAX, JANE]);
    assert!(answered.iter().all(|mail| mail.header("Auto-Submitted") == "auto-generated"), "{answered:?}");
    assert!(answered[0].text().contains("It is our ticket 1002"), "{}", answered[0].text());
    // The same person under another spelling is the same recipient; what the MSP says is no automatic answer.
    world.done(Method::PATCH, &format!("/end-users/{max}"), json!({"email": "Max@Fabrikam.example"})).await;
    world.clock.advance(Duration::from_secs(599));
    let last = ticket_that(by_person, (world, &app), &fabrikam, &max).await;
    let reply = json!({"kind": "reply", "text": "Is it on?"});
    world.done(Method::POST, &format!("/tickets/{last}/comments"), reply).await;
    assert!(server.next().await.text().contains("Is it on?"));
    world.clock.advance(Duration::from_secs(1));
    let last = ticket_that(by_person, (world, &app), &fabrikam, &max).await;
    wake(world, last).await;
    let again = server.next().await;
    assert!(again.recipient == "Max@Fabrikam.example" && again.text().contains("our ticket 1009"), "{}", again.text());
    assert_eq!(world.get("/tickets").await["items"].as_array().expect("a list").len(), 9, "each is a ticket");
    assert!(server.has_nothing_more());
}

/// Decision C8: the two payment mails lead to a page that forwards to the MSP's own, or says whom to ask, signed in or not.
#[tokio::test]
async fn the_payment_page_leads_where_the_msp_says_or_says_whom_to_ask() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    let anybody = crate::browsers::Browser::new(world);
    let page = anybody.get(PAYMENT).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text("main").contains("Northwind IT") && page.html.contains("+1 555 0100"), "{}", page.html);

    let page = format!("/console/portals/{}", msp.portal().await);
    let here = &format!("{page}/switches");
    for bad in ["http://pay.example/", "javascript:alert(1)", "pay.example"] {
        let refused = boss.post(here, &[("payment_update_url", bad)]).await;
        assert_eq!(
            (refused.status, refused.value("#payment_update_url").as_str()),
            (StatusCode::UNPROCESSABLE_ENTITY, bad)
        );
        assert!(refused.text("#payment_update_url-error").contains("https"), "{}", refused.html);
    }
    let url = "https://pay.example/cards?customer=all";
    assert_eq!(boss.post(here, &[("payment_update_url", url)]).await.location(), format!("{page}?done=saved"));
    assert_eq!(boss.get(&page).await.value("#payment_update_url"), url);
    let led = anybody.get(PAYMENT).await;
    assert_eq!((led.status, led.location().as_str()), (StatusCode::SEE_OTHER, url));
    assert_eq!(boss.post(here, &[("access", "false")]).await.status, StatusCode::SEE_OTHER, "a switch leaves it");
    assert_eq!(anybody.get(PAYMENT).await.location(), url, "a mail's link works without portal access");

    let portal = world.get("/portals").await["items"][0].clone();
    assert_eq!(portal["payment_update_url"], url);
    let path = format!("/portals/{}", portal["id"].as_str().expect("an id"));
    let (status, problem) = world.api(Method::PATCH, &path, Some(json!({"payment_update_url": "ftp://x"}))).await;
    assert_eq!(
        (status, &problem["errors"][0]["pointer"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("/payment_update_url"))
    );
    world.done(Method::PATCH, &path, json!({"payment_update_url": null})).await;
    assert_eq!(anybody.get(PAYMENT).await.status, StatusCode::OK);
    world.done(Method::PATCH, &path, json!({"published": false})).await;
    let closed = anybody.get(PAYMENT).await;
    assert_eq!((closed.status, closed.text("h1").as_str()), (StatusCode::FORBIDDEN, "The portal is not set up yet"));
}
