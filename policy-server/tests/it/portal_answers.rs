//! What people do in the portal with tickets and for themselves: answer, close, open again, find; their computers and details.

use reqwest::{
    Method, StatusCode,
    multipart::{Form, Part},
};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, Page},
    staff_members::member,
    visitors::{HOME, SIGN_IN, colleague, signed_in},
    world::Msp,
};

const NEW_TICKET: &str = "/my_profile/v2/new_ticket";
const COMPUTERS: &str = "/my_profile/v2/computers";
const ACCOUNT: &str = "/my_profile";

async fn ticket(browser: &Browser<'_>, fields: &[(&str, &str)]) -> String {
    let form = browser.get(NEW_TICKET).await;
    let sent = browser.send_form_to(NEW_TICKET, &form, fields).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    sent.location().rsplit('/').next().expect("an id").to_owned()
}

fn page_of(ticket: &str) -> String {
    format!("/my_profile/v2/tickets/{ticket}")
}

async fn answer(browser: &Browser<'_>, ticket: &str, form_id: &str, text: &str) -> Page {
    browser.post(&format!("{}/answers", page_of(ticket)), &[("form_id", form_id), ("description", text)]).await
}

async fn status(msp: &Msp, ticket: &str) -> String {
    msp.world.get(&format!("/tickets/{ticket}")).await["status"].as_str().expect("text").to_owned()
}

async fn comments(msp: &Msp, ticket: &str) -> Vec<Value> {
    msp.world.get(&format!("/tickets/{ticket}/comments")).await["items"].as_array().expect("a list").clone()
}

/// ZOH-01: whoever follows a ticket answers it with files, and sees its history: what was said, by whom, and how the status turned,
/// but nothing that the staff say among themselves (invariant 9). An answer opens what was waiting or done. The same form sent
/// twice, even at once, is one answer (invariant 21). The MSP's queue and its programs are told, and the requester where it was
/// somebody else.
#[tokio::test]
async fn tickets_are_answered_and_followed_in_the_portal_zoh_01() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    world.done(Method::PUT, "/ticket-forwarding", json!({"address": "queue@msp.example"})).await;
    world.done(Method::PUT, "/requester-mail", json!({"enabled": true})).await;
    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": "jane@c.example"})).await;
    let hook = json!({"url": "https://hooks.example/x", "events": ["ticket.commented"]});
    let hook = world.made("/webhook-endpoints", hook).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let id = ticket(&jane, &[("description", "No paper")]).await;
    for (kind, text) in [("reply", "Is there a red light?"), ("note", "She never looks")] {
        world.done(Method::POST, &format!("/tickets/{id}/comments"), json!({"kind": kind, "text": text})).await;
    }
    world.done(Method::PATCH, &format!("/tickets/{id}"), json!({"status": "waiting"})).await;

    let page = jane.get(&page_of(&id)).await;
    assert_eq!(page.texts(".history .typed"), ["Is there a red light?"]);
    let turns = |page: &Page| {
        page.texts(".history .turn").iter().map(|t| t.split(',').next().expect("").to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(turns(&page), ["New", "In progress", "Waiting for an answer"]);
    assert!(page.has("#files") && page.html.matches("<script").count() == 1);
    let form_id = page.value("input[name=form_id]");
    let form = || {
        Form::new()
            .text("form_id", form_id.clone())
            .text("description", "Yes, <b>red</b>.\r\nHere:")
            .part("files", Part::bytes(&b"\x89PNG\r\n\x1a\n"[..]).file_name("light.png"))
    };
    let to = format!("{}/answers", page_of(&id));
    let twice = tokio::join!(jane.post_files(&to, form()), jane.post_files(&to, form()));
    for sent in [twice.0, twice.1, jane.post_files(&to, form()).await] {
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, page_of(&id)), "{}", sent.html);
    }
    let said = comments(&msp, &id).await;
    assert_eq!(said.len(), 3, "{said:?}");
    assert_eq!((&said[2]["kind"], &said[2]["author_kind"]), (&json!("reply"), &json!("portal_user")));
    assert_eq!((&said[2]["author_id"], &said[2]["text"]), (&json!(msp.portal_user), &json!("Yes, <b>red</b>.\nHere:")));
    assert_eq!(status(&msp, &id).await, "open");
    let page = jane.get(&page_of(&id)).await;
    assert_eq!(page.texts(".history .reply bdi").first().map(String::as_str), Some("Northwind IT answers"));
    assert_eq!(page.texts(".history .typed"), ["Is there a red light?", "Yes, <b>red</b>.\nHere:"]);
    assert_eq!(turns(&page), ["New", "In progress", "Waiting for an answer", "In progress"]);
    assert!(page.html.contains("Jane Doe") && !page.html.contains("She never looks"), "{}", page.html);
    let file = page.attribute(".history a[download]", "href");
    assert_eq!(jane.get(&file).await.status, StatusCode::OK);

    let mails = world.get("/mails").await["items"].as_array().expect("a list").clone();
    let to_queue = mails.iter().filter(|mail| mail["template"] == json!("ticket_answered")).collect::<Vec<_>>();
    assert_eq!((to_queue.len(), &to_queue[0]["recipient"]), (1, &json!("queue@msp.example")));
    let letter = world.get(&format!("/mails/{}", to_queue[0]["id"].as_str().expect("an id"))).await;
    let text = letter.to_string();
    assert!(text.contains("Jane Doe answers:") && text.contains("light.png"), "{text}");
    let to_jane = |mails: &[Value]| mails.iter().filter(|mail| mail["template"] == json!("ticket_comment")).count();
    assert_eq!(to_jane(&mails), 1, "her own answer is not mailed to her");
    let deliveries = world.get(&format!("/webhook-endpoints/{hook}/deliveries")).await;
    assert_eq!(deliveries["items"].as_array().expect("a list").len(), 3, "two of the staff, one of hers");

    let (_, anns, ann) = colleague(&msp, "ann").await;
    assert_eq!(answer(&ann, &id, "x", "Mine too").await.status, StatusCode::NOT_FOUND, "not hers to see");
    world.done(Method::PATCH, &format!("/portal-users/{anns}"), json!({"is_admin": true})).await;
    assert_eq!(answer(&ann, &id, "x", "Mine too").await.status, StatusCode::SEE_OTHER);
    let mails = world.get("/mails").await["items"].as_array().expect("a list").clone();
    assert_eq!(to_jane(&mails), 2, "somebody else's is");
    assert_eq!(jane.get(&page_of(&id)).await.texts(".history .reply .hint bdi")[2], "ann");
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let console = kim.get(&format!("/console/tickets/{id}")).await;
    assert!(console.html.contains("Jane Doe") && console.html.contains("ann") && !console.html.contains("erased"));

    for (text, error) in
        [(" \r\n".to_owned(), "Please write your answer."), ("x".repeat(10_001), "This is longer than 10,000")]
    {
        let wrong = answer(&jane, &id, &form_id, &text).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.text("#description-error").starts_with(error), "{}", wrong.html);
        assert_eq!(wrong.value("input[name=form_id]"), form_id);
    }
    assert_eq!(comments(&msp, &id).await.len(), 4);
}

/// ZOH-01, S3, S7, invariant 8: a ticket is closed and opened again by those who see it and may answer; nobody else can, by any
/// address: not a colleague whose it is not, not whoever came by a link, not whose group does not allow it, not for another
/// organization or what is kept from them.
#[tokio::test]
async fn tickets_are_closed_and_opened_again_by_those_who_may() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let (_, anns, ann) = colleague(&msp, "ann").await;
    world.done(Method::PATCH, &format!("/portal-users/{anns}"), json!({"is_admin": true})).await;
    let (_, _, bob) = colleague(&msp, "bob").await;
    let open = ticket(&jane, &[("description", "Open")]).await;
    let kept = ticket(&jane, &[("description", "Kept"), ("confidential", "yes")]).await;
    let turn = async |browser: &Browser<'_>, ticket: &str, how: &str| {
        browser.post(&format!("{}/{how}", page_of(ticket)), &[]).await.status
    };

    let page = jane.get(&page_of(&open)).await;
    assert!(page.has("form[action$='/close']") && !page.has("form[action$='/reopen']"));
    assert_eq!(turn(&jane, &open, "reopen").await, StatusCode::SEE_OTHER);
    assert_eq!(status(&msp, &open).await, "new", "there is nothing to open again");
    assert_eq!(turn(&jane, &open, "close").await, StatusCode::SEE_OTHER);
    assert_eq!(status(&msp, &open).await, "closed");
    let page = jane.get(&page_of(&open)).await;
    assert!(!page.has("form[action$='/close']") && page.has("form[action$='/reopen']"));
    assert_eq!(turn(&ann, &open, "reopen").await, StatusCode::SEE_OTHER);
    assert_eq!(status(&msp, &open).await, "open");
    for (browser, ticket) in [(&bob, &open), (&ann, &kept), (&bob, &kept)] {
        for how in ["close", "reopen"] {
            assert_eq!(turn(browser, ticket, how).await, StatusCode::NOT_FOUND);
        }
        assert_eq!(answer(browser, ticket, "x", "Taken").await.status, StatusCode::NOT_FOUND);
    }
    world.done(Method::PATCH, &format!("/tickets/{open}"), json!({"status": "resolved"})).await;
    assert_eq!(
        answer(&jane, &open, "0190a3c4-0000-7000-8000-000000000001", "Not yet").await.status,
        StatusCode::SEE_OTHER
    );
    assert_eq!(status(&msp, &open).await, "open", "an answer opens it");
    let records = world.get(&format!("/audit-records?subject_id={open}")).await;
    let who: Vec<_> = records["items"].as_array().expect("a list").iter().map(|record| &record["actor_id"]).collect();
    assert_eq!(who.iter().filter(|id| **id == &json!(msp.portal_user)).count(), 2, "{records}");

    let foreign = format!("{}/close", page_of(&open));
    let from_elsewhere =
        world.client.post(format!("{}{foreign}", world.origin)).header("origin", "https://evil.example");
    assert_eq!(jane.send(from_elsewhere).await.status, StatusCode::FORBIDDEN, "S17");
    let group = json!({"name": "Readers", "permissions": ["portal.access", "ticket.create", "ticket.view"]});
    let group = world.done(Method::POST, "/portal-groups", group).await;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"group": group["key"]})).await;
    assert!(!jane.get(&page_of(&open)).await.has("main form[method=post]:not([action$=sign_out])"));
    assert_eq!(turn(&jane, &open, "close").await, StatusCode::FORBIDDEN, "S3: the group does not allow it");
    let refused = answer(&jane, &open, "x", "What I typed").await;
    assert_eq!((refused.status, refused.text("#typed")), (StatusCode::FORBIDDEN, "What I typed".into()));

    // Without portal users, where the link may see tickets: it is not known who would answer.
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let all = json!({"permissions": ["portal.access", "ticket.create", "ticket.view", "ticket.reply"]});
    world.done(Method::PATCH, "/portal-groups/no_portal_user", all).await;
    let link =
        world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let visitor = Browser::new(world);
    visitor.get(link.strip_prefix(&world.origin).expect("our own")).await;
    let theirs = ticket(&visitor, &[("description", "By link"), ("unverified_name", "Zoe")]).await;
    assert!(!visitor.get(&page_of(&theirs)).await.has("#description"));
    for how in ["close", "reopen"] {
        let page = visitor.post(&format!("{}/{how}", page_of(&theirs)), &[]).await;
        assert_eq!((page.status, page.location()), (StatusCode::SEE_OTHER, SIGN_IN.into()), "S7");
    }
    assert_eq!(answer(&visitor, &theirs, "x", "By link").await.status, StatusCode::FORBIDDEN, "S7");
    assert_eq!((status(&msp, &theirs).await.as_str(), comments(&msp, &theirs).await.len()), ("new", 0));
}

/// ZOH-01: the list is narrowed by status, by words and numbers, and, for whoever sees the organization's, to one's own; never
/// beyond what is seen.
#[tokio::test]
async fn tickets_are_found_in_the_portal_by_status_words_and_whose_they_are() {
    let msp = Msp::start(DATABASE).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let (_, _, bob) = colleague(&msp, "bob").await;
    let printer = ticket(&jane, &[("description", "Printer\nGröße 100%")]).await;
    ticket(&jane, &[("description", "Mouse")]).await;
    ticket(&bob, &[("description", "Printer of Bob")]).await;
    msp.world.done(Method::PATCH, &format!("/tickets/{printer}"), json!({"status": "resolved"})).await;
    let found = async |browser: &Browser<'_>, query: &str| {
        let page = browser.get(&format!("{HOME}?{query}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.html);
        page.texts(".tickets bdi")
    };
    assert_eq!(found(&jane, "").await, ["Mouse", "Printer"]);
    assert!(!jane.get(HOME).await.has("#of"), "she sees her own alone");
    for (query, subjects) in [
        ("status=resolved", vec!["Printer"]),
        ("status=unresolved", vec!["Mouse"]),
        ("status=done", vec!["Printer"]),
        ("status=closed", vec![]),
        ("status=nonsense", vec!["Mouse", "Printer"]),
        ("q=gr%C3%B6%C3%9Fe", vec!["Printer"]),
        ("q=100%25", vec!["Printer"]),
        ("q=printer&status=new", vec![]),
        ("q=bob", vec![]),
        ("q=1002", vec!["Mouse"]),
        ("of=me", vec!["Mouse", "Printer"]),
        ("of=all", vec!["Mouse", "Printer"]),
        ("q=mouse%00", vec!["Mouse"]),
    ] {
        assert_eq!(found(&jane, query).await, subjects, "{query}");
    }
    let none = jane.get(&format!("{HOME}?q=zzz&status=new")).await;
    assert_eq!(none.text("main p[role=status]"), "No request is like that.");
    assert_eq!(
        (none.value("#q"), none.value("#status [selected]")),
        ("zzz".into(), "new".into()),
        "what was chosen is kept"
    );

    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"is_admin": true})).await;
    assert_eq!(found(&jane, "").await, ["Printer of Bob", "Mouse", "Printer"]);
    assert_eq!(found(&jane, "of=me").await, ["Mouse", "Printer"]);
    assert_eq!(found(&jane, "q=PRINTER").await, ["Printer of Bob", "Printer"]);
    assert_eq!(found(&jane, "q=printer&of=me").await, ["Printer"]);
    assert!(jane.get(&format!("{HOME}?of=me")).await.has("#of option[value=me][selected]"));
}

/// A portal user sees the computers that are theirs, an admin those of the organization, or of the people at their site; each leads
/// to the form that is about it. Whoever came by a link sees none, and nobody names one that they do not see.
#[tokio::test]
async fn computers_are_listed_and_lead_to_the_form() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let (bobs, _, bob) = colleague(&msp, "bob").await;
    let other = Agent::enroll(world, &msp.enrollment_token).await;
    other.assign(&bobs).await;
    let free = Agent::enroll(world, &msp.enrollment_token).await;
    for (agent, name) in [(&other, "LAPTOP-7"), (&free, "SPARE")] {
        world.done(Method::PATCH, &format!("/assets/{}", agent.asset), json!({"name": name})).await;
    }
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let token = json!({"organization_id": fabrikam, "name": "roll-out"});
    let token = world.done(Method::POST, "/enrollment-tokens", token).await;
    let foreign = Agent::enroll(world, token["token"].as_str().expect("a token")).await;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let names = async |browser: &Browser<'_>| browser.get(COMPUTERS).await.texts(".computers li > bdi");
    assert_eq!((names(&jane).await, names(&bob).await), (vec!["PC-042".into()], vec!["LAPTOP-7".into()]));
    let list = jane.get(COMPUTERS).await;
    assert!(!list.has("#q"), "there is nothing to search in");
    let form = jane.get(&list.attribute(".computers a", "href")).await;
    assert_eq!(
        (form.value("#asset [selected]"), form.text("#asset [selected]")),
        (agent.asset.clone(), "PC-042".into())
    );
    for hidden in [&other.asset, &free.asset, &foreign.asset] {
        let form = jane.get(&format!("{NEW_TICKET}?asset={hidden}")).await;
        assert!(!form.has("#asset [selected]") && !form.html.contains("LAPTOP-7"), "{}", form.html);
        let sent = jane.send_form_to(NEW_TICKET, &form, &[("description", "x"), ("asset", hidden)]).await;
        assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    let account = format!("/portal-users/{}", msp.portal_user);
    world.done(Method::PATCH, &account, json!({"is_admin": true})).await;
    assert_eq!(names(&jane).await, ["LAPTOP-7", "PC-042", "SPARE"]);
    let search = |words: &str| format!("{COMPUTERS}?q={words}");
    assert_eq!(jane.get(&search("laptop")).await.texts(".computers li > bdi"), ["LAPTOP-7"]);
    assert_eq!(jane.get(&search("zzz")).await.texts(".computers li"), [""; 0]);
    let form = jane.get(&format!("{NEW_TICKET}?asset={}", other.asset)).await;
    assert_eq!(
        (form.value("#asset [selected]"), form.value("#requester")),
        (other.asset.clone(), "bob@c.example".into())
    );
    let asset = other.asset.as_str();
    let for_bob = ticket(&jane, &[("description", "x"), ("asset", asset), ("requester", "bob@c.example")]).await;
    let sent = world.get(&format!("/tickets/{for_bob}")).await;
    assert_eq!((&sent["asset_id"], &sent["requester_id"]), (&json!(other.asset), &json!(bobs)));
    let about_spare = ticket(&jane, &[("description", "x"), ("asset", &free.asset)]).await;
    assert_eq!(world.get(&format!("/tickets/{about_spare}")).await["asset_id"], json!(free.asset));
    let form = jane.get(NEW_TICKET).await;
    let not_hers = jane.send_form_to(NEW_TICKET, &form, &[("description", "x"), ("asset", asset)]).await;
    assert_eq!(not_hers.status, StatusCode::UNPROCESSABLE_ENTITY, "it is Bob's, and the ticket is hers");
    let not_theirs = [("description", "x"), ("asset", foreign.asset.as_str())];
    assert_eq!(jane.send_form_to(NEW_TICKET, &form, &not_theirs).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    world.done(Method::PATCH, &account, json!({"site_only": true})).await;
    assert_eq!(names(&jane).await, ["PC-042"], "at no site");
    let mill = world.made("/sites", json!({"organization_id": msp.organization, "name": "Mill"})).await;
    for person in [&msp.jane, &bobs] {
        world.done(Method::PATCH, &format!("/end-users/{person}"), json!({"site_id": mill})).await;
    }
    assert_eq!(names(&jane).await, ["LAPTOP-7", "PC-042"]);
    world.done(Method::DELETE, &format!("/assets/{}/assignment", agent.asset), json!({})).await;
    assert_eq!(names(&jane).await, ["LAPTOP-7"], "at once");

    let link =
        world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let visitor = Browser::new(world);
    visitor.get(link.strip_prefix(&world.origin).expect("our own")).await;
    assert_eq!(visitor.get(COMPUTERS).await.location(), SIGN_IN);
    assert!(!visitor.get(HOME).await.has(&format!("nav a[href='{COMPUTERS}']")));
}

/// S7: name and phone number are changed by the end user whose they are, silently (decision C5), with a record; whoever came by a
/// link, and whoever is the organization itself, has none to change.
#[tokio::test]
async fn ones_own_name_and_phone_are_changed_by_oneself_alone_s7() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    let page = jane.get(ACCOUNT).await;
    assert_eq!((page.value("#name"), page.value("#phone")), ("Jane Doe".into(), "+1 555 0142".into()));
    let mails = world.get("/mails").await["items"].as_array().expect("a list").len();
    let saved = jane.post("/my_profile/details", &[("name", " Jane Roe "), ("phone", "")]).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, ACCOUNT.into()));
    let person = world.get(&format!("/end-users/{}", msp.jane)).await;
    assert_eq!((&person["name"], &person["phone"]), (&json!("Jane Roe"), &Value::Null));
    assert_eq!(world.get("/mails").await["items"].as_array().expect("a list").len(), mails, "silent");
    let records = world.get(&format!("/audit-records?subject_id={}", msp.jane)).await;
    assert_eq!(records["items"][0]["actor_id"], json!(msp.portal_user));
    for (name, phone, field) in [("", "1234", "#name"), ("Jane", "call me", "#phone")] {
        let wrong = jane.post("/my_profile/details", &[("name", name), ("phone", phone)]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.has(&format!("{field}[aria-invalid=true]")), "{}", wrong.html);
        assert_eq!(
            (wrong.value("#name"), wrong.value("#phone")),
            (name.into(), phone.into()),
            "what was typed is kept"
        );
    }

    let office = json!({"organization_id": msp.organization, "sign_in_name": "office"});
    let office = world.made("/portal-users", office).await;
    let office = signed_in(&msp, &office, "office").await;
    assert!(!office.get(ACCOUNT).await.has("#name"));
    let nothing = office.post("/my_profile/details", &[("name", "x"), ("phone", "")]).await;
    assert_eq!(nothing.status, StatusCode::NOT_FOUND);
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let link =
        world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let visitor = Browser::new(world);
    visitor.get(link.strip_prefix(&world.origin).expect("our own")).await;
    for browser in [&visitor, &Browser::new(world)] {
        let refused = browser.post("/my_profile/details", &[("name", "Taken"), ("phone", "")]).await;
        assert_eq!(refused.location(), SIGN_IN, "S7");
    }
    assert_eq!(world.get(&format!("/end-users/{}", msp.jane)).await["name"], json!("Jane Roe"));
}
