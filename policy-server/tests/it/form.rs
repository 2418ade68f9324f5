use reqwest::{Method, StatusCode};
use serde_json::json;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::Msp,
};

async fn tickets(msp: &Msp) -> Vec<serde_json::Value> {
    msp.world.get("/tickets").await["items"].as_array().expect("a list").clone()
}

/// SYN-44, SYN-38: one required field, and the ticket knows organization, end user, asset and facts.
#[tokio::test]
async fn a_filled_form_becomes_a_ticket_with_a_receipt() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    assert_eq!(form.value("#phone"), "+1 555 0142", "her number is known");

    let sent = browser.send_form(&form, &[("description", "Printer on fire\r\nSince noon"), ("urgency", "high")]).await;

    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    let ticket = &tickets(&msp).await[0];
    assert_eq!(ticket["organization_id"], json!(msp.organization));
    assert_eq!((&ticket["asset_id"], &ticket["requester_id"]), (&json!(agent.asset), &json!(msp.jane)));
    assert_eq!(
        (&ticket["source"], &ticket["status"], &ticket["urgency"]),
        (&json!("tray"), &json!("new"), &json!("high"))
    );
    assert_eq!(
        (&ticket["subject"], &ticket["description"]),
        (&json!("Printer on fire"), &json!("Printer on fire\nSince noon"))
    );
    assert_eq!((&ticket["facts"]["serial"], &ticket["os_user"]["name"]), (&json!("SN-1"), &json!("jane")));
    let receipt = browser.get(&sent.location()).await;
    assert_eq!(receipt.status, StatusCode::OK);
    assert_eq!(receipt.text("h1"), format!("Ticket {} was sent", ticket["number"]));
    assert_eq!(receipt.text(".typed"), "Printer on fire\nSince noon");
}

/// SYN-44, invariant 1: nothing in the request changes whose ticket it is.
#[tokio::test]
async fn an_edited_request_changes_neither_organization_nor_asset_nor_requester() {
    let msp = Msp::start(DATABASE).await;
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let joe = msp.world.made("/end-users", json!({"organization_id": other, "name": "Joe"})).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;

    let edited = [
        ("description", "x"),
        ("organization_id", other.as_str()),
        ("requester_id", &joe),
        ("end_user_id", &joe),
        ("asset_id", &other),
        ("source", "api"),
        ("status", "closed"),
        ("number", "1"),
    ];
    assert_eq!(browser.send_form(&form, &edited).await.status, StatusCode::SEE_OTHER);

    let ticket = &tickets(&msp).await[0];
    assert_eq!(ticket["organization_id"], json!(msp.organization));
    assert_eq!((&ticket["asset_id"], &ticket["requester_id"]), (&json!(agent.asset), &json!(msp.jane)));
    assert_eq!((&ticket["source"], &ticket["status"]), (&json!("tray"), &json!("new")));
}

/// Invariant 21, S19: a refresh, a double click, ten sends at once: one ticket, one receipt.
#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_many_times_is_one_ticket() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;

    let sends = (0..10).map(|_| browser.send_form(&form, &[("description", "Once")]));
    let pages = futures_util::future::join_all(sends).await;
    let later = browser.send_form(&form, &[("description", "Once, edited")]).await;

    let made = tickets(&msp).await;
    assert_eq!(made.len(), 1);
    for page in pages.iter().chain([&later]) {
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.location(), pages[0].location());
    }
    let fresh = browser.get(FORM).await;
    browser.send_form(&fresh, &[("description", "Twice")]).await;
    assert_eq!(tickets(&msp).await.len(), 2);
}

#[tokio::test]
async fn an_error_stands_beside_its_field_and_keeps_what_was_typed() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;

    let long = "<b>9</b>".repeat(20);
    let again = browser.send_form(&form, &[("description", "  "), ("urgency", "high"), ("phone", &long)]).await;

    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.text("#description-error"), "Please write what is wrong.");
    assert!(again.has("#description[aria-invalid=true][aria-describedby~=description-error]"));
    assert!(again.has("#phone-error") && again.has("input[value=high][checked]"));
    assert_eq!(again.value("#phone"), long, "as it was typed, as text");
    assert_eq!(again.value("input[name=form_id]"), form.value("input[name=form_id]"));
    let sent = browser.send_form(&again, &[("description", &"y".repeat(10_001))]).await;
    assert_eq!(sent.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(sent.text("#description-error"), "This is longer than 10,000 characters. Please shorten it.");
    assert!(tickets(&msp).await.is_empty());
}

/// S18: the form is a POST of the page itself; there is no script that it needs.
#[tokio::test]
async fn the_form_is_posted_by_the_page_itself_without_any_script() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    assert!(form.has("form[method=post]") && !form.has("[onclick],[onsubmit],[style]"));
    let policy = form.headers["content-security-policy"].to_str().expect("text");
    assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
}

/// S17: another site cannot send the form with the person's cookie.
#[tokio::test]
async fn a_form_from_another_origin_is_refused() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let (id, whom) = (form.value("input[name=form_id]"), form.value("input[name=form_for]"));
    for origin in [Some("https://evil.example"), Some("null"), None] {
        let fields = [("description", "x"), ("form_id", &id), ("form_for", &whom)];
        let mut post = msp.world.client.post(format!("{}{FORM}", msp.world.origin)).form(&fields);
        if let Some(origin) = origin {
            post = post.header("origin", origin);
        }
        assert_eq!(browser.send(post).await.status, StatusCode::FORBIDDEN, "{origin:?}");
    }
    assert!(tickets(&msp).await.is_empty());
}

/// Invariant 7, S1: a receipt is for the asset and the person that it belongs to.
#[tokio::test]
async fn a_receipt_of_another_asset_or_person_does_not_exist() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let receipt = browser.send_form(&form, &[("description", "Secret")]).await.location();

    let other_asset = Browser::new(&msp.world);
    other_asset.open(&Agent::of_jane(&msp).await.click().await).await;
    assert_eq!(other_asset.get(&receipt).await.status, StatusCode::NOT_FOUND);

    let joe = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Joe"})).await;
    let joe_user = json!({"organization_id": msp.organization, "end_user_id": joe, "sign_in_name": "joe"});
    msp.world.made("/portal-users", joe_user).await;
    agent.assign(&joe).await;
    let other_person = Browser::new(&msp.world);
    other_person.open(&agent.click().await).await;
    assert_eq!(other_person.get(&receipt).await.status, StatusCode::NOT_FOUND);
    assert_eq!(Browser::new(&msp.world).get(&receipt).await.status, StatusCode::FORBIDDEN);
    assert_eq!(other_person.get("/my_profile/v2/asset_ticket/x").await.status, StatusCode::NOT_FOUND);
}

/// AGT-10: a tab that was opened for one computer never sends for another.
#[tokio::test]
async fn a_tab_from_another_computer_is_shown_again_under_the_new_name() {
    let msp = Msp::start(DATABASE).await;
    let (one, two) = (Agent::of_jane(&msp).await, Agent::of_jane(&msp).await);
    let rename = json!({"name": "PC-043"});
    msp.world.done(Method::PATCH, &format!("/assets/{}", two.asset), rename).await;
    let browser = Browser::new(&msp.world);
    let first_tab = browser.open(&one.click().await).await;
    browser.open(&two.click().await).await;

    let again = browser.send_form(&first_tab, &[("description", "Kept")]).await;
    assert_eq!(again.status, StatusCode::CONFLICT);
    assert_eq!(again.text(".who"), "Reporting as Jane Doe for PC-043");
    assert_eq!(again.text("textarea"), "Kept");
    assert!(tickets(&msp).await.is_empty());

    browser.send_form(&again, &[("description", "Kept")]).await;
    assert_eq!(tickets(&msp).await[0]["asset_id"], json!(two.asset));
}

#[tokio::test]
async fn a_form_of_megabytes_is_refused_with_a_sentence() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    for size in [200_000, 5_000_000] {
        let sent = browser.send_form(&form, &[("description", &"x".repeat(size))]).await;
        assert_eq!(sent.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert_eq!(sent.text("h1"), "That is too much at once");
    }
}
