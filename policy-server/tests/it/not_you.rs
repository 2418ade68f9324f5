use reqwest::{Method, StatusCode};
use serde_json::json;

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::Msp,
};

/// C10, invariant 17: a name that nobody has checked stays one; the ticket is still the asset's and the requester's, and
/// a phone number that the person did not type is not taken for theirs.
#[tokio::test]
async fn somebody_else_leaves_a_name_that_is_kept_as_unverified() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    assert!(form.text("details summary") == "Not you?" && !form.has("details[open]"), "{}", form.html);

    let fields =
        [("description", "x"), ("phone", "+1 555 0142"), ("unverified_name", " Sam <b>Poe</b>\r\nBcc: \u{202e}x ")];
    let sent = browser.send_form(&form, &fields).await;

    let ticket = &msp.world.get("/tickets").await["items"][0];
    assert_eq!(ticket["unverified_name"], "Sam <b>Poe</b> Bcc: x");
    assert_eq!(ticket["phone"], json!(null), "Jane's number was in the form, Sam did not type it");
    assert_eq!((&ticket["asset_id"], &ticket["requester_id"]), (&json!(agent.asset), &json!(msp.jane)));
    let receipt = browser.get(&sent.location()).await;
    assert_eq!(receipt.text(".unverified"), "Sam <b>Poe</b> Bcc: x", "as text");
    assert!(!receipt.html.contains("Jane"), "{}", receipt.html);
}

#[tokio::test]
async fn without_a_name_the_ticket_is_the_requesters_own() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let fields = [("description", "x"), ("phone", "+1 555 0142"), ("unverified_name", " \u{200b} ")];
    let sent = browser.send_form(&form, &fields).await;
    let ticket = &msp.world.get("/tickets").await["items"][0];
    assert_eq!((&ticket["unverified_name"], &ticket["phone"]), (&json!(null), &json!("+1 555 0142")));
    let receipt = browser.get(&sent.location()).await;
    assert!(receipt.html.contains("Thank you, Jane Doe.") && !receipt.has(".unverified"), "{}", receipt.html);
}

#[tokio::test]
async fn a_name_that_is_too_long_is_said_beside_its_field_and_all_that_was_typed_is_kept() {
    let msp = Msp::start(DATABASE).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&Agent::of_jane(&msp).await.click().await).await;
    let long = "x".repeat(201);
    let typed = [("description", "Kept"), ("phone", "7"), ("unverified_name", long.as_str())];

    let again = browser.send_form(&form, &typed).await;
    assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(again.text("#unverified-name-error"), "This is longer than 200 characters. Please shorten it.");
    assert!(again.has("details[open] #unverified_name[aria-invalid=true]"));
    assert_eq!((again.text("textarea").as_str(), again.value("#phone").as_str()), ("Kept", "7"));
    assert_eq!(again.value("#unverified_name"), long);

    let untouched = [("description", ""), ("phone", "+1 555 0142"), ("unverified_name", "Sam")];
    let again = browser.send_form(&form, &untouched).await;
    assert_eq!(again.value("#phone"), "", "Jane's number is not offered to Sam");
    assert_eq!(msp.world.get("/tickets").await["items"], json!([]));
}

#[tokio::test]
async fn the_name_is_asked_for_under_the_end_user_that_the_form_names() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(&msp.world);
    browser.open(&agent.click().await).await;
    let renamed = json!({"name": "Jane Roe", "phone": null});
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), renamed).await;
    let form = browser.get(FORM).await;
    assert_eq!((form.text(".who").as_str(), form.value("#phone").as_str()), ("Reporting as Jane Roe for PC-042", ""));
    let sent = browser.send_form(&form, &[("description", "x"), ("phone", "7"), ("unverified_name", "Sam")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER);
    assert_eq!(msp.world.get("/tickets").await["items"][0]["phone"], "7", "what Sam typed is kept");
}
