//! Tickets as staff and programs work on them.

use std::time::Duration;

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::json;
use uuid::Uuid;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM, Page},
    staff_members::member,
    world::Msp,
};

/// Sends the form with these fields and gives the ticket's id.
async fn sent(browser: &Browser<'_>, agent: &Agent<'_>, fields: &[(&str, &str)]) -> String {
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, fields).await;
    assert_eq!(receipt.status, StatusCode::SEE_OTHER, "{}", receipt.html);
    receipt.location().rsplit('/').next().expect("an id").to_owned()
}

async fn api_tickets(msp: &Msp, query: &str) -> Vec<String> {
    let list = msp.world.get(&format!("/tickets?{query}")).await;
    list["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|ticket| ticket["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// The tickets that a page of the queue lists, as they stand there.
fn listed(page: &Page) -> Vec<String> {
    let links = page.html.split("href=\"/console/tickets/").skip(1);
    links.map(|rest| rest.split('"').next().expect("an id").to_owned()).collect()
}

/// SYN-44: asset, organization and end user stand beside what was written, with the computer's facts.
#[tokio::test]
async fn a_ticket_of_the_tray_is_in_the_queue_with_person_organization_computer_and_facts() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let id = sent(&person, &agent, &[("description", "Printer on fire\nSince <noon>"), ("urgency", "high")]).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;

    let queue = kim.get("/console/tickets").await;
    assert_eq!(queue.text(".queue tbody td a"), "1001 Printer on fire");
    assert!(queue.text(".queue tbody td:nth-child(2)").starts_with("Jane Doe"), "{}", queue.html);
    assert!(queue.text(".queue tbody td:nth-child(2)").contains("Contoso · PC-042"), "{}", queue.html);

    let page = kim.get(&format!("/console/tickets/{id}")).await;
    assert_eq!(page.text("h1"), "1001 Printer on fire");
    assert_eq!(page.text(".typed"), "Printer on fire\nSince <noon>");
    assert!(page.has(&format!("a[href='/console/organizations/{}']", msp.organization)));
    assert!(page.has(&format!("a[href='/console/assets/{}']", agent.asset)));
    let computer = page.text("#computer-heading ~ dl");
    for fact in ["PC-042", "SN-1", "Debian GNU/Linux 12", "8 GB", "192.0.2.7", "jane"] {
        assert!(computer.contains(fact), "{fact}: {computer}");
    }
    assert!(page.text("#who-heading ~ dl").contains("Jane Doe"));
}

/// Invariant 9: what the staff write to each other is on no page of the portal; a reply is.
#[tokio::test]
async fn the_end_user_reads_replies_on_the_receipt_and_never_a_note() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let id = sent(&person, &agent, &[("description", "Printer on fire")]).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let path = format!("/console/tickets/{id}");
    let comments = format!("{path}/comments");

    let empty = kim.post(&comments, &[("kind", "note"), ("text", " \r\n")]).await;
    assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(empty.text("#text-error"), "Must not be empty.");
    assert!(empty.has("input[value=note][checked]"), "what was chosen stays");
    let note = kim.post(&comments, &[("kind", "note"), ("text", "She sets fires")]).await;
    assert_eq!(note.location(), format!("{path}?done=noted"));
    assert_eq!(kim.get(&path).await.text("h1 ~ p .badge"), "New", "a note answers nobody");
    let reply = kim.post(&comments, &[("kind", "reply"), ("text", "We bring\r\nwater")]).await;
    assert_eq!(reply.location(), format!("{path}?done=replied"));

    let page = kim.get(&path).await;
    assert_eq!(page.text("h1 ~ p .badge"), "Open");
    assert!(page.text(".internal").contains("Internal note · Kim") && page.text(".internal").contains("fires"));
    let receipt = person.get(&format!("/my_profile/v2/asset_ticket/{id}")).await;
    assert_eq!(receipt.text(".reply .typed"), "We bring\nwater");
    assert!(!receipt.html.contains("fires") && !receipt.html.contains("Kim"), "{}", receipt.html);
    let api = msp.world.get(&format!("/tickets/{id}/comments")).await;
    let kinds: Vec<_> = api["items"].as_array().expect("a list").iter().map(|item| item["kind"].clone()).collect();
    assert_eq!(kinds, ["note", "reply"]);
}

#[tokio::test]
async fn status_and_assignee_change_by_page_and_api_and_leave_a_record() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let id = sent(&Browser::new(&msp.world), &agent, &[("description", "x")]).await;
    let (kim_id, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let path = format!("/console/tickets/{id}");

    let saved = kim.post(&path, &[("status", "waiting"), ("assignee", &kim_id)]).await;
    assert_eq!(saved.location(), format!("{path}?done=saved"));
    let ticket = msp.world.get(&format!("/tickets/{id}")).await;
    assert_eq!((&ticket["status"], &ticket["assignee_id"]), (&json!("waiting"), &json!(kim_id)));

    let api = format!("/tickets/{id}");
    let closed = msp.world.done(Method::PATCH, &api, json!({"status": "closed", "assignee_id": null})).await;
    assert_eq!((&closed["status"], &closed["assignee_id"]), (&json!("closed"), &json!(null)));
    let (status, problem) = msp.world.api(Method::PATCH, &api, Some(json!({"status": "waiting"}))).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert!(kim.post(&path, &[("status", "waiting"), ("assignee", "")]).await.text(".error").contains("cannot become"));

    member(&msp.world, "boss@msp.example", "administrator").await;
    msp.world.done(Method::PATCH, &format!("/staff/{kim_id}"), json!({"deactivated": true})).await;
    for nobody in [Uuid::nil().to_string(), msp.jane.clone(), kim_id] {
        let (status, problem) = msp.world.api(Method::PATCH, &api, Some(json!({"assignee_id": nobody}))).await;
        assert_eq!(
            (status, &problem["errors"][0]["pointer"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("/assignee_id"))
        );
    }
    let records = msp.world.get(&format!("/audit-records?subject_id={id}")).await;
    let records = records["items"].as_array().expect("a list");
    let done: Vec<_> = records.iter().map(|item| (item["action"].clone(), item["actor_kind"].clone())).collect();
    let changed = json!("ticket_changed");
    assert_eq!(done, [(changed.clone(), json!("program")), (changed, json!("staff"))]);
}

#[tokio::test]
async fn the_queue_is_narrowed_by_whose_status_organization_time_and_words() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let (kim_id, _) = member(&msp.world, "kim@msp.example", "technician").await;
    let mine = sent(&person, &agent, &[("description", "Drucker BRENNT\n100% Ärger")]).await;
    msp.world.done(Method::PATCH, &format!("/tickets/{mine}"), json!({"assignee_id": kim_id})).await;
    let done = sent(&person, &agent, &[("description", "Password lost")]).await;
    msp.world.done(Method::PATCH, &format!("/tickets/{done}"), json!({"status": "resolved"})).await;
    msp.world.clock.advance(Duration::from_hours(24));
    let (_, lee) = member(&msp.world, "lee@msp.example", "technician").await;
    let latest = sent(&person, &agent, &[("description", "1002 pages are blank")]).await;
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let organization = &msp.organization;

    let both = [latest.clone(), mine.clone()];
    for (query, expected) in [
        (String::new(), &both[..]),
        ("?status=any".into(), &[latest.clone(), done.clone(), mine.clone()]),
        ("?status=resolved".into(), std::slice::from_ref(&done)),
        ("?view=nobody".into(), std::slice::from_ref(&latest)),
        ("?view=mine".into(), &[]),
        (format!("?organization={organization}"), &both[..]),
        (format!("?organization={other}"), &[]),
        ("?from=2026-01-02".into(), std::slice::from_ref(&latest)),
        ("?to=2026-01-01".into(), std::slice::from_ref(&mine)),
        ("?search=brennt+%C3%84RGER".into(), std::slice::from_ref(&mine)),
        ("?search=100%25".into(), std::slice::from_ref(&mine)),
        ("?search=1_0".into(), &[]),
        // In the text of one, the number of another that is resolved.
        ("?status=any&search=1002".into(), &[latest.clone(), done.clone()]),
        ("?search=%231001".into(), std::slice::from_ref(&mine)),
        (format!("?before={latest}"), std::slice::from_ref(&mine)),
        ("?status=nonsense&organization=x&from=y&to=z&asset=".into(), &both[..]),
    ] {
        let page = lee.get(&format!("/console/tickets{query}")).await;
        assert_eq!((page.status, listed(&page).as_slice()), (StatusCode::OK, expected), "{query}");
    }
    for (query, expected) in [
        ("status=resolved".to_owned(), vec![&done]),
        (format!("assignee_id={kim_id}"), vec![&mine]),
        ("assignee_id=nobody&status=new".into(), vec![&latest]),
        ("created_from=1767312000000".into(), vec![&latest]),
        ("created_before=1767312000000&search=password".into(), vec![&done]),
        (format!("asset_id={}", agent.asset), vec![&mine, &done, &latest]),
        (format!("asset_id={other}"), vec![]),
    ] {
        assert_eq!(api_tickets(&msp, &query).await.iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let (status, _) = msp.world.api(Method::GET, "/tickets?assignee_id=everybody", None).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Invariant 17: a name that nobody has checked stands nowhere as if it were the requester's.
#[tokio::test]
async fn an_unverified_name_is_marked_wherever_it_stands() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let id = sent(&person, &agent, &[("description", "x"), ("unverified_name", "Sam <b>Boss</b>")]).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "read_only").await;
    let queue = kim.get("/console/tickets").await;
    assert_eq!(queue.text(".queue td:nth-child(2) bdi"), "Sam <b>Boss</b>");
    assert_eq!(queue.text(".queue td:nth-child(2) .warning"), "Unverified name");
    let page = kim.get(&format!("/console/tickets/{id}")).await;
    assert!(page.text(".said .hint").starts_with("Sam <b>Boss</b> (unverified name)"), "{}", page.html);
    assert!(page.text(".caution").contains("Nobody has checked that name"), "{}", page.html);
    assert!(!page.text("#who-heading ~ dl").contains("Requester"));
    assert!(!page.has("main form"), "whoever only looks gets no form");
}

/// S4: a file is given out as a download, below its own ticket alone.
#[tokio::test]
async fn a_file_of_a_ticket_is_a_download_and_belongs_to_its_ticket() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let form = person.open(&agent.click().await).await;
    let file = Part::bytes(&b"<script>alert(1)</script>"[..]).file_name("page.html");
    let body = Form::new()
        .text("form_id", form.value("input[name=form_id]"))
        .text("form_for", form.value("input[name=form_for]"))
        .text("description", "x")
        .part("files", file);
    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}{FORM}")).header("origin", origin).multipart(body);
    let ticket = person.send(post).await.location().rsplit('/').next().expect("an id").to_owned();
    let (_, kim) = member(&msp.world, "kim@msp.example", "read_only").await;
    let page = kim.get(&format!("/console/tickets/{ticket}")).await;
    let path = page.html.split("href=\"").find(|rest| rest.contains("/files/")).expect("a file");
    let path = path.split('"').next().expect("a path").to_owned();
    let answer = kim.get(&path).await;
    assert_eq!((answer.status, answer.html.as_str()), (StatusCode::OK, "<script>alert(1)</script>"));
    assert_eq!(answer.headers["content-type"], "application/octet-stream");
    assert_eq!(answer.headers["x-content-type-options"], "nosniff");
    assert_eq!(answer.headers["content-security-policy"], "default-src 'none'; sandbox");
    assert!(answer.headers["content-disposition"].to_str().expect("text").starts_with("attachment;"));
    let other = sent(&person, &agent, &[("description", "y")]).await;
    assert_eq!(kim.get(&path.replace(&ticket, &other)).await.status, StatusCode::NOT_FOUND);
}
