//! Mail templates: edited, looked at before, compared and restored, and what is sent then.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, Page},
    staff_members::member,
    world::{Msp, World},
};

const HERE: &str = "/console/settings/mail/templates/ticket_forwarded/en";

async fn forwarded(msp: &Msp) -> Value {
    msp.world.done(Method::PUT, "/ticket-forwarding", json!({"address": "desk@northwind.example"})).await;
    let agent = Agent::of_jane(msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    browser.send_form(&form, &[("description", "Printer on fire")]).await;
    msp.world.get("/mails").await["items"][0].clone()
}

async fn send(boss: &Browser<'_>, action: &str, version: &str, subject: &str, body: &str) -> Page {
    boss.post(HERE, &[("action", action), ("version", version), ("subject", subject), ("body", body)]).await
}

#[tokio::test]
async fn a_template_is_looked_at_saved_and_sent_and_can_go_back() {
    let msp = Msp::start(DATABASE).await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let list = boss.get("/console/settings/mail/templates").await;
    let words = list.texts("tbody tr:first-child td:last-child a");
    assert_eq!(
        words,
        ["English", "German", "French", "Spanish", "Arabic"].map(|name| format!("New ticket, to you: {name}"))
    );
    assert!(!list.html.contains("your own"), "{}", list.html);
    let first = boss.get(HERE).await;
    assert!(first.text("#body").contains("{{ticket_description}}"), "{}", first.html);
    assert_eq!(first.text("#sample strong"), "[1042] Sunrise Bakery: The label printer <Zebra> prints nothing");
    assert!(!first.has("#sample zebra") && first.text("#sample pre").contains("\nThe lamp at its front is red.\n"));

    let (subject, body) = ("{{ticket_number}} of {{msp}}", "Look: {{ticket_url}}\n\n{{phone}}\n{{requester}} & co.");
    let seen = send(&boss, "preview", "0", subject, body).await;
    assert_eq!((seen.status, seen.text("#sample strong").as_str()), (StatusCode::OK, "1042 of Northwind IT"));
    assert_eq!(seen.attribute("#template", "data-unsaved"), "yes");
    assert!(seen.has("#sample a[href^='https://help.example/']"), "{}", seen.html);
    assert_eq!(msp.world.get("/mail-templates/ticket_forwarded/en").await["version"], 0, "nothing is saved by looking");

    assert_eq!(send(&boss, "save", "0", subject, body).await.location(), format!("{HERE}?done=saved"));
    let mail = forwarded(&msp).await;
    assert_eq!(mail["subject"], "1001 of Northwind IT");
    let id = mail["ticket_id"].as_str().expect("an id");
    let text = format!("Look: {}/console/tickets/{id}\n\nJane Doe & co.\n", msp.world.origin);
    assert_eq!(mail["body"], text, "the line without a telephone number is left out");
    assert!(mail["html"].as_str().expect("HTML").contains("Jane Doe &#38; co.</p>"), "{mail}");
    assert_eq!(boss.post(&format!("{HERE}/default"), &[]).await.location(), format!("{HERE}?done=saved"));
    assert_eq!(forwarded(&msp).await["subject"], "[1002] Contoso: Printer on fire");
}

#[tokio::test]
async fn what_is_wrong_is_said_beside_its_field_and_keeps_what_was_typed() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    for action in ["save", "preview"] {
        let bad = send(&boss, action, "0", "{{subject}}", "{{commment}} {{asset").await;
        let error = bad.text("#subject-error");
        assert!(error.starts_with("Has the unknown tag {{subject}}; this mail has {{ticket_number}}, "), "{error}");
        assert_eq!(bad.text("#body-error"), "Has a {{ without its }}.");
        assert_eq!(
            (bad.value("#subject").as_str(), bad.text("#body").as_str()),
            ("{{subject}}", "{{commment}} {{asset")
        );
        assert!(bad.text("#sample").contains("There is a sample as soon as this is right"), "{}", bad.html);
        let status = if action == "save" { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        assert_eq!(bad.status, status);
    }
    let written = json!({"subject": "a\r\nBcc: x@y.example", "body": "{{link}}"});
    let (status, problem) = world.api(Method::PUT, "/mail-templates/staff_link/en", Some(written)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/subject")));
    for path in ["/mail-templates/nothing/en", "/mail-templates/staff_link/xx"] {
        assert_eq!(world.api(Method::GET, path, None).await.0, StatusCode::NOT_FOUND, "{path}");
    }
    assert_eq!(boss.get("/console/settings/mail/templates/nothing/en").await.status, StatusCode::NOT_FOUND);
    assert_eq!(world.get("/mail-templates/staff_link/en").await["version"], 0);
}

#[tokio::test]
async fn versions_say_who_saved_what_and_any_of_them_comes_back() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    let path = "/mail-templates/ticket_forwarded/en";
    let save = |subject: &str, version: i64| {
        let written = json!({"subject": subject, "body": "{{ticket_number}}\nkept", "version": version});
        world.api(Method::PUT, path, Some(written))
    };
    assert_eq!(save("one", 0).await.1["version"], 1);
    assert_eq!(send(&boss, "save", "1", "two", "{{ticket_number}}\r\nkept").await.status, StatusCode::SEE_OTHER);
    let (status, stale) = save("lost", 1).await;
    assert_eq!(
        (status, &stale["title"]),
        (StatusCode::PRECONDITION_FAILED, &json!("Somebody else has changed it meanwhile"))
    );
    let stale = send(&boss, "save", "1", "mine", "x").await;
    assert_eq!((stale.status, stale.value("#subject").as_str()), (StatusCode::PRECONDITION_FAILED, "mine"));
    assert!(stale.text("[role=alert]").contains("Somebody else saved version 2"), "{}", stale.html);

    let versions = boss.get(&format!("{HERE}/versions")).await;
    assert_eq!(versions.texts("section h2"), ["Version 2 (in force)", "Version 1", "Version 0"]);
    assert!(versions.html.contains("Saved by <bdi>Kim</bdi>") && versions.html.contains("<bdi>tests</bdi>"));
    let compared = boss.get(&format!("{HERE}/versions/compare?from=1&to=2")).await;
    assert_eq!(compared.texts("tbody td"), ["Subject", "one", "two"]);
    let changes = world.get(&format!("{path}/changes?from=0&to=2")).await;
    assert_eq!(changes["items"][1]["after"], "{{ticket_number}}\nkept", "{changes}");
    assert_eq!(boss.get(&format!("{HERE}/versions/compare?from=1&to=9")).await.status, StatusCode::NOT_FOUND);

    let restored = boss.post(&format!("{HERE}/versions/1/restore"), &[]).await;
    assert_eq!(restored.location(), format!("{HERE}/versions?done=saved"));
    let now = world.get(path).await;
    assert_eq!((&now["subject"], &now["version"], &now["is_default"]), (&json!("one"), &json!(3), &json!(false)));
    let default = world.done(Method::POST, &format!("{path}/versions/0/restore"), json!({})).await;
    assert_eq!((&default["version"], &default["is_default"]), (&json!(4), &json!(true)));
    let second = world.done(Method::POST, &format!("{path}/versions/2/restore"), json!({})).await;
    assert_eq!((&second["version"], &second["subject"]), (&json!(5), &json!("two")));
    let records = world.get("/audit-records").await;
    let saves =
        records["items"].as_array().expect("a list").iter().filter(|one| one["action"] == "mail_template_saved");
    let restored: Vec<_> = saves.map(|one| one["detail"]["restored"].clone()).collect();
    assert_eq!(restored, [json!(2), json!("default"), json!(1), Value::Null, Value::Null]);
}

/// A mail that does not come at all is worse than one in Deskbell's words.
#[tokio::test]
async fn a_template_with_a_tag_of_former_times_is_not_used() {
    let msp = Msp::start(DATABASE).await;
    msp.world.run_sql(
        "INSERT INTO mail_template_version (template, language, version, subject, body, saved_at, saved_by) \
         VALUES ('ticket_forwarded', 'en', 1, '{{ticket_color}}', 'x', 0, 'Kim');",
    );
    assert_eq!(forwarded(&msp).await["subject"], "[1001] Contoso: Printer on fire");
}

#[tokio::test]
async fn only_administrators_write_mail_templates() {
    let world = World::start(DATABASE).await;
    let made = world.done(Method::POST, "/api-tokens", json!({"name": "t", "role": "technician"})).await;
    let token = made["token"].as_str().expect("a token");
    for (method, path) in [
        (Method::GET, "/mail-templates"),
        (Method::PUT, "/mail-templates/staff_link/en"),
        (Method::DELETE, "/mail-templates/staff_link/en"),
        (Method::PUT, "/requester-mail"),
        (Method::PUT, "/ticket-system"),
        (Method::GET, "/ticket-transfers"),
    ] {
        let request = world.client.request(method.clone(), format!("{}/api/v1{path}", world.origin));
        let answer = request.bearer_auth(token).json(&json!({})).send().await.expect("an answer");
        assert_eq!(answer.status(), StatusCode::FORBIDDEN, "{method} {path}");
    }
}
