//! `/api/v1/events/{template}`: what a billing system or a calendar has mailed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{mail_server::MailServer, world::Msp};

const JANE: &str = "jane@contoso.example";
const OFFICE: &str = "office@contoso.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp.world.done(Method::PATCH, &format!("/organizations/{}", msp.organization), json!({"email": OFFICE})).await;
    msp
}

/// What is wrong with an event, pointer by pointer.
async fn faults(msp: &Msp, template: &str, event: Value) -> Vec<String> {
    let (status, problem) = msp.world.api(Method::POST, &format!("/events/{template}"), Some(event)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let errors = problem["errors"].as_array().map_or(&[][..], Vec::as_slice);
    errors.iter().map(|error| error["pointer"].as_str().expect("text").to_owned()).collect()
}

/// Decision C8: an invoice reaches the address that is stored for the organization or the end user, with what it says.
#[tokio::test]
async fn a_mail_goes_to_the_stored_address_with_its_facts() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let invoice = json!({
        "number": "RE-2026-17", "amount": "120.00 EUR", "date": "2026-01-01", "due_date": "2026-01-15",
        "document_url": "https://billing.example/RE-2026-17",
    });
    for (field, id, recipient, person) in [
        ("customer_id", &msp.organization, OFFICE, "Contoso"),
        ("organization_id", &msp.organization, OFFICE, "Contoso"),
        ("end_user_id", &msp.jane, JANE, "Jane Doe"),
    ] {
        let mut invoice = invoice.clone();
        invoice[field] = json!(id);
        let queued = msp.world.done(Method::POST, "/events/unpaid_invoice", invoice).await;
        let mail = server.next().await;
        assert_eq!((mail.recipient.as_str(), mail.subject().as_str()), (recipient, "Invoice RE-2026-17"));
        let said = format!(
            "Hello {person},\n\nhere is our invoice for Contoso.\n\nInvoice: RE-2026-17\nAmount: 120.00 EUR\n\
             Date: 2026-01-01\nPlease pay until: 2026-01-15\nhttps://billing.example/RE-2026-17\n\n"
        );
        assert!(mail.text().starts_with(&said), "{}", mail.text());
        let id = queued["id"].as_str().expect("an id");
        assert!(mail.header("Message-ID").contains(id), "202 names the mail: {queued}");
        let records = msp.world.get(&format!("/audit-records?subject_id={id}")).await;
        assert_eq!(records["items"][0]["action"], "event_mailed");
        assert!(!records.to_string().contains("@contoso"), "a record has no personal data: {records}");
    }
}

/// Invariant 17, S20: no address comes from the request, and nobody without a stored one is mailed.
#[tokio::test]
async fn an_address_in_the_request_is_refused() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let statement = json!({"end_user_id": msp.jane, "amount": "1 EUR", "date": "2026-01-01"});
    for field in ["email", "to", "recipient", "cc", "bcc", "reply_to", "subject", "body"] {
        let mut event = statement.clone();
        event[field] = json!("x@evil.example");
        faults(&msp, "statement", event).await;
    }
    let both =
        json!({"end_user_id": msp.jane, "organization_id": msp.organization, "amount": "1", "date": "2026-01-01"});
    assert_eq!(faults(&msp, "statement", both).await, ["/organization_id"]);
    assert_eq!(faults(&msp, "statement", json!({"amount": "1", "date": "2026-01-01"})).await, ["/organization_id"]);
    let nobody = "0190a3c4-0000-7000-8000-000000000000";
    let event = json!({"end_user_id": nobody, "amount": "1", "date": "2026-01-01"});
    assert_eq!(faults(&msp, "statement", event).await, ["/end_user_id"]);
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": null})).await;
    assert_eq!(faults(&msp, "statement", statement).await, ["/end_user_id"]);
    assert_eq!(msp.world.get("/mails").await["items"], json!([]));
}

#[tokio::test]
async fn each_mail_takes_its_own_facts_and_no_others() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let of = |facts: Value| {
        let mut event = facts;
        event["end_user_id"] = json!(msp.jane);
        event
    };
    assert_eq!(faults(&msp, "unpaid_invoice", of(json!({}))).await, ["/amount", "/number"]);
    let wrong = json!({"amount": "1\r\nBcc: x", "number": "", "due_date": "soon", "document_url": "http://x.example", "time": "9"});
    let pointers = ["/amount", "/number", "/due_date", "/document_url", "/time"];
    assert_eq!(faults(&msp, "unpaid_invoice", of(wrong)).await, pointers);
    for bad in ["4242 4242 4242 4242", "424"] {
        assert_eq!(faults(&msp, "credit_card_expired", of(json!({"card_ending": bad}))).await, ["/card_ending"]);
    }
    let appointment = json!({"date": "2026-01-05", "time": "25:00", "amount": "1"});
    assert_eq!(faults(&msp, "non_ticket_appointment", of(appointment)).await, ["/amount", "/time"]);
    for other in ["ticket_created", "staff_link", "portal_sign_in", "ticket_autoresponder", "nothing"] {
        let (status, _) = msp.world.api(Method::POST, &format!("/events/{other}"), Some(of(json!({})))).await;
        assert_eq!(status, StatusCode::NOT_FOUND, "{other}");
    }
}

/// Invariant 17, S1: an appointment is about a ticket that its reader can see, and that somebody known has sent.
#[tokio::test]
async fn an_appointment_is_about_a_ticket_that_its_reader_sees() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let ticket = send_ticket(&msp, &[("description", "Printer on fire")]).await;
    let typed = [("description", "Buy pills"), ("unverified_name", "Sam Boss"), ("phone", "+1 555 0199")];
    let unverified = send_ticket(&msp, &typed).await;
    let fabrikam = json!({"name": "Fabrikam", "email": "office@fabrikam.example"});
    let fabrikam = msp.world.made("/organizations", fabrikam).await;
    let bob = json!({"organization_id": msp.organization, "name": "Bob", "email": "bob@contoso.example"});
    let bob = msp.world.made("/end-users", bob).await;
    let event = |field: &str, id: &str, ticket: &str| json!({field: id, "ticket_id": ticket, "date": "2026-01-05", "time": "14:30", "place": "Main Street"});
    for (field, id, about) in [
        ("organization_id", &fabrikam, &ticket),
        ("end_user_id", &bob, &ticket),
        ("end_user_id", &msp.jane, &unverified),
        ("organization_id", &msp.organization, &unverified),
    ] {
        assert_eq!(faults(&msp, "ticket_appointment", event(field, id, about)).await, ["/ticket_id"], "{field}");
    }
    msp.world.done(Method::POST, "/events/ticket_appointment", event("end_user_id", &msp.jane, &ticket)).await;
    let mail = server.next().await;
    assert_eq!((mail.recipient.as_str(), mail.subject().as_str()), (JANE, "[1001] Appointment on 2026-01-05"));
    assert!(
        mail.text().contains("Request: Printer on fire\nDay: 2026-01-05\nTime: 14:30\nPlace: Main Street\n"),
        "{}",
        mail.text()
    );
    assert_eq!(mail.header("References"), format!("<ticket.{ticket}@northwind.example>"));
    msp.world.done(Method::PATCH, &format!("/tickets/{ticket}"), json!({"confidential": true})).await;
    let confidential = event("organization_id", &msp.organization, &ticket);
    assert_eq!(faults(&msp, "ticket_appointment", confidential).await, ["/ticket_id"]);
}

/// The same request under one key is one mail; who may only look has none sent.
#[tokio::test]
async fn an_event_that_is_sent_again_is_one_mail() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let world = &msp.world;
    let send = async |token: &str, amount: &str| {
        let event = json!({"end_user_id": msp.jane, "amount": amount, "date": "2026-01-01"});
        let post =
            world.client.post(format!("{}/api/v1/events/statement", world.origin)).bearer_auth(token).json(&event);
        let answer = post.header("idempotency-key", "statement-17").send().await.expect("an answer");
        (answer.status(), answer.json::<Value>().await.expect("JSON"))
    };
    let (first, second) = (send(&world.api_token, "1 EUR").await, send(&world.api_token, "1 EUR").await);
    assert_eq!(first.0, StatusCode::ACCEPTED);
    assert_eq!(first, second);
    assert_eq!(send(&world.api_token, "2 EUR").await.0, StatusCode::UNPROCESSABLE_ENTITY);
    let reader = world.done(Method::POST, "/api-tokens", json!({"name": "r", "role": "read_only"})).await;
    assert_eq!(send(reader["token"].as_str().expect("a token"), "1 EUR").await.0, StatusCode::FORBIDDEN);
    server.next().await;
    world.once("/mails", |list| list["items"][0]["state"] == "delivered").await;
    assert_eq!(world.get("/mails").await["items"].as_array().expect("a list").len(), 1);
    assert!(server.has_nothing_more());
}
