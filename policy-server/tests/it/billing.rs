//! What another program bills an organization, in the portal and in the API.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    browsers::Browser,
    visitors::{HOME, signed_in},
    world::Msp,
};

const BILLING: &str = "/my_profile/v2/billing";

/// RS-04, decision C8: whoever is of an end user has neither section nor page of what is billed; whoever is the organization itself
/// sees its own documents, the newest first, and no other's; whoever came by the link sees none. A group gives or takes it.
#[tokio::test]
async fn billing_documents_are_for_the_organization_itself_rs_04() {
    let msp = Msp::start(DATABASE).await;
    let other = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let document = |organization: &str, number: &str, day: &str| {
        json!({
            "organization_id": organization, "kind": "invoice", "number": number, "amount": "120.00 EUR", "issued_on": day,
            "url": format!("https://billing.example/{number}"),
        })
    };
    for (organization, number, day) in [
        (&msp.organization, "RE-1", "2026-01-31"),
        (&msp.organization, "RE-2", "2026-11-27"),
        (&other, "RE-3", "2026-11-27"),
    ] {
        msp.world.made("/billing-documents", document(organization, number, day)).await;
    }
    let jane = signed_in(&msp, &msp.portal_user, "jane").await;
    assert!(!jane.get(HOME).await.has(&format!("nav a[href='{BILLING}']")));
    let denied = jane.get(BILLING).await;
    assert!(denied.status == StatusCode::FORBIDDEN && !denied.html.contains("RE-"), "{}", denied.html);
    let boss = json!({"organization_id": msp.organization, "sign_in_name": "boss"});
    let boss = msp.world.made("/portal-users", boss).await;
    let boss = signed_in(&msp, &boss, "boss").await;
    assert!(boss.get(HOME).await.has(&format!("nav a[href='{BILLING}']")));
    let page = boss.get(BILLING).await;
    assert_eq!(page.texts(".tickets li a"), ["Invoice RE-2", "Invoice RE-1"], "{}", page.html);
    assert_eq!(page.attribute(".tickets a", "href"), "https://billing.example/RE-2");

    let link =
        msp.world.get(&format!("/organizations/{other}/portal-link")).await["url"].as_str().expect("on").to_owned();
    let visitor = Browser::new(&msp.world);
    visitor.get(link.strip_prefix(&msp.world.origin).expect("our own")).await;
    assert_eq!(visitor.get(BILLING).await.status, StatusCode::FORBIDDEN);
    let group = json!({"name": "Accounting", "permissions": ["portal.access", "billing.view"]});
    let group = msp.world.done(Method::POST, "/portal-groups", group).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"group": group["key"]})).await;
    assert_eq!(jane.get(BILLING).await.texts(".tickets li").len(), 2, "a group of the MSP's own");

    let bad = |field: &str, value: Value| {
        let mut bad = document(&msp.organization, "RE-9", "2026-11-27");
        bad[field] = value;
        bad
    };
    for (field, value) in [
        ("number", json!("")),
        ("amount", json!("x".repeat(61))),
        ("issued_on", json!("2026-02-30")),
        ("url", json!("javascript:alert(1)")),
    ] {
        let (status, problem) = msp.world.api(Method::POST, "/billing-documents", Some(bad(field, value))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
        assert_eq!(problem["errors"][0]["pointer"], json!(format!("/{field}")));
    }
    let mut twice = document(&msp.organization, "RE-4", "2026-11-27");
    twice["external_id"] = json!("psa-4");
    let id = msp.world.made("/billing-documents", twice.clone()).await;
    assert_eq!(
        msp.world.api(Method::POST, "/billing-documents", Some(twice)).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    msp.world.done(Method::DELETE, &format!("/billing-documents/{id}"), json!({})).await;
    let list = msp.world.get(&format!("/billing-documents?organization_id={}", msp.organization)).await;
    assert_eq!(list["items"].as_array().expect("a list").len(), 2);
}
