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
    msp.world.made("/organizations", json!({"name": "Fabrikam West"})).await;
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
        ("?organization=conto".into(), &both[..]),
        ("?organization=+FABRIKAM+".into(), &[]),
        ("?from=2026-01-02".into(), std::slice::from_ref(&latest)),
        ("?to=2026-01-01".into(), std::slice::from_ref(&mine)),
        ("?search=brennt+%C3%84RGER".into(), std::slice::from_ref(&mine)),
        ("?search=100%25".into(), std::slice::from_ref(&mine)),
        ("?search=1_0".into(), &[]),
        // In the text of one, the number of another that is resolved.
        ("?status=any&search=1002".into(), &[latest.clone(), done.clone()]),
        ("?search=%231001".into(), std::slice::from_ref(&mine)),
        (format!("?before={latest}"), std::slice::from_ref(&mine)),
        ("?status=nonsense&organization=&from=y&to=z&asset=".into(), &both[..]),
    ] {
        let page = lee.get(&format!("/console/tickets{query}")).await;
        assert_eq!((page.status, listed(&page).as_slice()), (StatusCode::OK, expected), "{query}");
    }
    let page = lee.get("/console/tickets?organization=fab&status=any").await;
    assert_eq!(page.texts("[role=status] + ul a"), ["Fabrikam", "Fabrikam West"]);
    assert_eq!(
        page.attribute("[role=status] + ul a", "href"),
        format!("/console/tickets?status=any&organization={other}")
    );
    assert!(lee.get("/console/tickets?organization=nobody").await.text("[role=status]").contains("No organization"));
    let page = lee.get(&format!("/console/tickets?organization={other}")).await;
    assert_eq!(page.attribute("#organization", "value"), "Fabrikam");
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

/// A comment with files, as a browser sends it.
async fn say(browser: &Browser<'_>, ticket: &str, kind: &str, text: &str, files: &[(&str, &[u8])]) -> Page {
    let form = Form::new().text("kind", kind.to_owned()).text("text", text.to_owned());
    let form = files.iter().fold(form, |form, (name, content)| {
        form.part("files", Part::bytes(content.to_vec()).file_name((*name).to_owned()))
    });
    browser.post_files(&format!("/console/tickets/{ticket}/comments"), form).await
}

async fn attachments(msp: &Msp, ticket: &str) -> Vec<serde_json::Value> {
    msp.world.get(&format!("/tickets/{ticket}/attachments")).await["items"].as_array().expect("a list").clone()
}

/// S4, invariants 7 and 9: files go along with a reply and with a note; whoever sees a comment sees its files, and nobody
/// else, whatever they know of them.
#[tokio::test]
async fn a_reply_has_files_for_its_reader_and_those_of_a_note_stay_among_staff() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let ticket = sent(&person, &agent, &[("description", "Printer on fire")]).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;

    let replied = say(&kim, &ticket, "reply", "Do this", &[("how.txt", b"pull the plug"), ("how.txt", b"run")]).await;
    assert_eq!(replied.location(), format!("/console/tickets/{ticket}?done=replied"));
    say(&kim, &ticket, "note", "For us", &[("HOW.txt", b"secret"), ("", b"")]).await;

    let listed = attachments(&msp, &ticket).await;
    let names: Vec<_> = listed.iter().map(|file| file["name"].as_str().expect("a name")).collect();
    assert_eq!(names, ["how.txt", "how (2).txt", "HOW (3).txt"]);
    let comments = msp.world.get(&format!("/tickets/{ticket}/comments")).await;
    let of = |index: usize| comments["items"][index]["id"].clone();
    assert_eq!([0, 1, 2].map(|file: usize| listed[file]["comment_id"].clone()), [of(0), of(0), of(1)]);
    let page = kim.get(&format!("/console/tickets/{ticket}")).await;
    assert_eq!(page.texts(".said.internal .files a"), ["HOW (3).txt"]);
    assert_eq!(page.texts(".said:not(.internal) .files a"), ["how.txt", "how (2).txt"]);
    let receipt = person.get(&format!("/my_profile/v2/asset_ticket/{ticket}")).await;
    assert_eq!(receipt.texts(".reply .files a"), ["how.txt", "how (2).txt"]);
    assert_eq!(receipt.texts(".files a").len(), 2, "{}", receipt.html);
    for (file, content) in listed.iter().zip(["pull the plug", "run", "secret"]) {
        let id = file["id"].as_str().expect("an id");
        assert_eq!(kim.get(&format!("/console/tickets/{ticket}/files/{id}")).await.html, content);
        assert_eq!(msp.world.bytes(&format!("/attachments/{id}")).await, content.as_bytes());
        let portal = person.get(&format!("/my_profile/v2/asset_ticket/{ticket}/files/{id}")).await;
        let expected = if content == "secret" { StatusCode::NOT_FOUND } else { StatusCode::OK };
        assert_eq!((portal.status, portal.html == content), (expected, content != "secret"));
        if content != "secret" {
            assert_eq!(portal.headers["content-security-policy"], "default-src 'none'; sandbox");
        }
    }
    let (_, lee) = member(&msp.world, "lee@msp.example", "read_only").await;
    assert_eq!(say(&lee, &ticket, "reply", "x", &[("a.txt", b"a")]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(attachments(&msp, &ticket).await.len(), 3);
}

/// The limits of the form hold for staff too; what was typed stays, and an end user's own limit is not touched.
#[tokio::test]
async fn too_many_and_too_large_files_of_staff_are_refused_beside_their_field() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let ticket = sent(&person, &agent, &[("description", "Printer on fire")]).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let large = vec![0; (20 << 20) + 1];
    let small: &[u8] = b"x";
    for (files, words) in [
        (vec![("a", small); 11], "Must be at most 10. Choose the files again."),
        (
            vec![("movie.mp4", &large[..])],
            "Has the file movie.mp4, which is larger than 20 MB. Choose the files again.",
        ),
    ] {
        let page = say(&kim, &ticket, "note", "Typed", &files).await;
        assert_eq!((page.status, page.text("#files-error").as_str()), (StatusCode::UNPROCESSABLE_ENTITY, words));
        assert_eq!(page.text("#text"), "Typed");
        assert!(page.has("input[value=note][checked]"), "{}", page.html);
    }
    let nothing = say(&kim, &ticket, "reply", " ", &[("a", small)]).await;
    assert_eq!(nothing.text("#text-error"), "Must not be empty.");
    assert_eq!(nothing.text("#files-error"), "Choose the files again.");
    assert!(attachments(&msp, &ticket).await.is_empty());
    for _ in 0..6 {
        assert_eq!(say(&kim, &ticket, "note", "x", &[("a", small); 10]).await.status, StatusCode::SEE_OTHER);
    }
    let page = say(&kim, &ticket, "note", "x", &[("a", small)]).await;
    assert!(page.text("#files-error").starts_with("Must be at most 60 in an hour."), "{}", page.html);
    let form = person.get(FORM).await;
    let hidden = ["form_id", "form_for"].map(|name| (name, form.value(&format!("input[name={name}]"))));
    let file = Part::bytes(small).file_name("mine");
    let body =
        hidden.into_iter().fold(Form::new().text("description", "More"), |body, (name, value)| body.text(name, value));
    assert_eq!(person.post_files(FORM, body.part("files", file)).await.status, StatusCode::SEE_OTHER);
    msp.world.clock.advance(Duration::from_secs(3601));
    assert_eq!(say(&kim, &ticket, "note", "x", &[("a", small)]).await.status, StatusCode::SEE_OTHER);
    let cut = kim.post_files(&format!("/console/tickets/{ticket}/comments"), Form::new().text("text", "x")).await;
    assert_eq!((cut.status, cut.text("h1").as_str()), (StatusCode::BAD_REQUEST, "This form could not be read"));
}

/// Programs send files with a comment as a form.
#[tokio::test]
async fn a_program_sends_a_comment_with_files() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let person = Browser::new(&msp.world);
    let ticket = sent(&person, &agent, &[("description", "Printer on fire")]).await;
    let url = format!("{}/api/v1/tickets/{ticket}/comments", msp.world.origin);
    let send = async |form: Form| {
        let post = msp.world.client.post(&url).bearer_auth(&msp.world.api_token).multipart(form);
        let answer = post.send().await.expect("an answer");
        (answer.status(), answer.json::<serde_json::Value>().await.expect("JSON"))
    };
    let form = |files: usize| {
        let form = Form::new().text("kind", "reply").text("text", "See there");
        (0..files).fold(form, |form, _| form.part("files", Part::bytes(&b"log"[..]).file_name("a.log")))
    };
    let (status, made) = send(form(2)).await;
    assert_eq!((status, &made["author_kind"]), (StatusCode::CREATED, &json!("program")), "{made}");
    let listed = attachments(&msp, &ticket).await;
    assert_eq!(listed.iter().map(|file| &file["name"]).collect::<Vec<_>>(), ["a.log", "a (2).log"]);
    assert!(listed.iter().all(|file| file["comment_id"] == made["id"]));
    let (status, problem) = send(form(11)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/files")));
    let (status, problem) = send(Form::new().text("text", "no kind")).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    let receipt = person.get(&format!("/my_profile/v2/asset_ticket/{ticket}")).await;
    assert_eq!(receipt.texts(".reply .files a"), ["a.log", "a (2).log"]);
    let absent = url.replace(&ticket, &Uuid::nil().to_string());
    let post = msp.world.client.post(absent).bearer_auth(&msp.world.api_token).multipart(form(1));
    assert_eq!(post.send().await.expect("an answer").status(), StatusCode::NOT_FOUND);
}
