//! What is kept of a person: given as a whole, and erased.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::Browser,
    mail_server::MailServer,
    staff_members::member,
    visitors::PASSWORD,
    world::{Msp, World},
};

const JANE: &str = "jane@contoso.example";

/// Invariant 20: an administrator gives a person all that is kept of them, without what staff say among themselves; erased, their
/// name, addresses, numbers and logins stand nowhere in the database, they are out of the portal at once, their ticket is still
/// there, and so is the audit log, with every record that it had.
#[tokio::test]
async fn a_person_gets_their_data_and_is_erased_for_good() {
    let server = MailServer::start(&[]).await;
    let msp = Msp::of(World::configured(DATABASE, |config| config.mail = Some(server.config())).await).await;
    let path = format!("/end-users/{}", msp.jane);
    let details = json!({"email": JANE, "phone": "+1 555 4711", "external_id": "psa-jane"});
    msp.world.done(Method::PATCH, &path, details).await;
    let login = msp.world.client.post(format!("{}/api/v1{path}/os-logins", msp.world.origin));
    let login = login.bearer_auth(&msp.world.api_token).header("idempotency-key", "one");
    let login = login.json(&json!({"name": "jdoe4711"}));
    let sent = async || login.try_clone().expect("the same again").send().await.expect("an answer");
    for _ in 0..2 {
        assert!(sent().await.text().await.expect("text").contains("jdoe4711"));
    }
    msp.world.done(Method::POST, &format!("{path}/invite"), json!({})).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let ticket = send_ticket(&msp, &[("description", "No paper"), ("phone", "+1 555 4711")]).await;
    for (kind, text) in [("reply", "A new tray is coming"), ("note", "Between us")] {
        let said = json!({"kind": kind, "text": text});
        msp.world.done(Method::POST, &format!("/tickets/{ticket}/comments"), said).await;
    }
    let jane = Browser::new(&msp.world);
    jane.post("/my_profile/user_login", &[("name", "jane"), ("password", PASSWORD)]).await;
    let click = Agent::of_jane(&msp).await;
    let tray = Browser::new(&msp.world);
    tray.open(&click.click().await).await;

    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let console = format!("/console/end-users/{}", msp.jane);
    assert_eq!(kim.get(&format!("{console}/personal-data")).await.status, StatusCode::FORBIDDEN);
    let given = boss.get(&format!("{console}/personal-data")).await;
    assert!(given.headers["content-disposition"].to_str().expect("text").contains("personal-data.json"));
    for known in [JANE, "+1 555 4711", "jdoe4711", "No paper", "A new tray is coming", "Your access to the portal"] {
        assert!(given.html.contains(known), "{known}: {}", given.html);
    }
    assert!(!given.html.contains("Between us") && !given.html.contains("argon2"), "{}", given.html);
    assert_eq!(msp.world.get(&format!("{path}/personal-data")).await["end_user"]["email"], JANE);

    let records = async || msp.world.get("/audit-records?limit=200").await["items"].as_array().expect("a list").len();
    let before = records().await;
    assert_eq!(kim.post(&format!("{console}/erase"), &[]).await.status, StatusCode::FORBIDDEN);
    assert_eq!(boss.post(&format!("{console}/erase"), &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(records().await, before + 1, "the log only grows");
    let stored = String::from_utf8_lossy(&msp.world.stored()).into_owned();
    for gone in ["Jane Doe", JANE, "+1 555 4711", "jdoe4711", "psa-jane"] {
        assert!(!stored.contains(gone), "{gone} is still there");
    }
    let refused = sent().await;
    assert_eq!(refused.status(), StatusCode::CONFLICT);
    assert!(refused.text().await.expect("text").contains("somebody was erased since"), "its answer is not kept");
    assert_eq!(jane.get("/my_profile/v2/index").await.status, StatusCode::SEE_OTHER);
    assert!(tray.get(crate::browsers::FORM).await.status.is_client_error());
    let kept = msp.world.get(&format!("/tickets/{ticket}")).await;
    assert_eq!((&kept["description"], &kept["requester_id"]), (&json!("No paper"), &json!(msp.jane)));
    assert_eq!(msp.world.get(&path).await["name"], "Erased person");
    let again = msp.world.api(Method::POST, &format!("{path}/erase"), Some(json!({}))).await;
    assert_eq!(again.0, StatusCode::OK, "once more changes nothing");
}
