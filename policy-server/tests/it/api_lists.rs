//! What lists are narrowed to, old names in bodies and queries, and what is removed.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, enroll_request, facts},
    staff_members::member,
    world::{Msp, policy_json},
};

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().expect("a list").iter();
    items.map(|item| item["name"].as_str().or(item["sign_in_name"].as_str()).expect("a name")).collect()
}

#[tokio::test]
async fn lists_are_narrowed_to_what_is_asked_for() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let other = world.made("/organizations", json!({"name": "50% Größe"})).await;
    let lee = json!({"organization_id": other, "name": "Lee 1", "email": "Lee_1@fabrikam.example"});
    let lee = world.made("/end-users", lee).await;
    world
        .made("/end-users", json!({"organization_id": other, "name": "Lee 2", "email": "leex1@fabrikam.example"}))
        .await;
    world.made("/policies", policy_json("Kiosk", "Help")).await;
    let agent = Agent::of_jane(&msp).await;
    let mut other_facts = facts();
    other_facts.serial = "5CG1234XYZ".into();
    let request = deskbell_protocol::EnrollRequest {
        enrollment_token: msp.enrollment_token.clone(),
        fingerprint: "cd".repeat(32),
        facts: deskbell_protocol::Facts { computer: "KIOSK-7".into(), ..other_facts },
        folder: None,
    };
    enroll_request(world, "").json(&request).send().await.expect("an answer").error_for_status().expect("enrolled");
    let (jane, contoso) = (&msp.jane, &msp.organization);
    let kiosk = world.get("/assets?q=kiosk").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let retired = Agent::enroll(world, &msp.enrollment_token).await;
    world.done(Method::PATCH, &format!("/assets/{}", retired.asset), json!({"name": "OLD-1"})).await;
    world.done(Method::POST, &format!("/assets/{}/retire", retired.asset), json!({})).await;
    world.done(Method::PUT, &format!("/assets/{kiosk}/assignment"), json!({"end_user_id": jane})).await;
    world.done(Method::DELETE, &format!("/assets/{kiosk}/assignment"), json!({})).await;
    for (path, expected) in [
        ("/organizations?q=gr%C3%B6%C3%9Fe".to_owned(), vec!["50% Größe"]),
        ("/organizations?q=%25".into(), vec!["50% Größe"]),
        ("/customers?name=CONTOSO".into(), vec!["Contoso"]),
        ("/organizations?name=Cont".into(), vec![]),
        ("/end-users?q=lee".into(), vec!["Lee 1", "Lee 2"]),
        ("/end-users?email=lee_1%40FABRIKAM.example".into(), vec!["Lee 1"]),
        ("/end-users?email=fabrikam.example".into(), vec![]),
        (format!("/contacts?customer_id={contoso}"), vec!["Jane Doe"]),
        ("/policies?name=Kiosk".into(), vec!["Kiosk"]),
        ("/assets?q=kiosk".into(), vec!["KIOSK-7"]),
        ("/assets?serial=5cg1234xyz".into(), vec!["KIOSK-7"]),
        ("/assets?state=retired".into(), vec!["OLD-1"]),
        ("/assets?not_ready=true".into(), vec!["KIOSK-7"]),
        (format!("/assets?contact_id={jane}"), vec!["PC-042"]),
        (format!("/assets?organization_id={other}"), vec![]),
        (format!("/portal-users?end_user_id={jane}&state=enabled"), vec!["jane"]),
        ("/portal-users?sign_in_name=JANE".into(), vec!["jane"]),
        (format!("/portal-users?organization_id={contoso}"), vec!["jane"]),
        (format!("/portal-users?organization_id={other}"), vec![]),
        (format!("/enrollment-tokens?organization_id={contoso}"), vec!["roll-out"]),
        (format!("/enrollment-tokens?organization_id={other}"), vec![]),
        ("/portal-users?state=deactivated".into(), vec![]),
    ] {
        let list = world.get(&path).await;
        assert_eq!(names(&list), expected, "{path}");
    }
    let page = world.get("/assets?q=pc-042&state=enrolled&limit=1").await;
    assert_eq!((page["items"][0]["id"].as_str(), &page["next_cursor"]), (Some(agent.asset.as_str()), &Value::Null));
    let readiness = world.get("/readiness").await;
    assert_eq!(readiness, json!({"ready": 1, "not_ready": [{"reason": "no_end_user", "assets": 1}]}));
    assert_eq!(world.get(&format!("/readiness?customer_id={other}")).await["ready"], 0);
    assert_eq!(world.get(&format!("/end-users/{lee}")).await["name"], "Lee 1");
}

/// SYN-01: what is sent under the old names is taken, and comes back under the new ones; both at once are not.
#[tokio::test]
async fn old_names_are_taken_in_bodies_too() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let contact = json!({"customer_id": msp.organization, "name": "Lee"});
    let contact = world.done(Method::POST, "/contacts", contact).await;
    assert_eq!((&contact["organization_id"], &contact["customer_id"]), (&json!(msp.organization), &Value::Null));
    let portal_user = json!({"customer_id": msp.organization, "contact_id": contact["id"], "sign_in_name": "lee"});
    let portal_user = world.done(Method::POST, "/portal-users", portal_user).await;
    assert_eq!(portal_user["end_user_id"], contact["id"]);
    world.made("/folders", json!({"customer_id": msp.organization, "name": "Sales"})).await;
    world.made("/enrollment-tokens", json!({"customer_id": msp.organization, "name": "T"})).await;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let assignment = format!("/assets/{}/assignment", agent.asset);
    let assigned = world.done(Method::PUT, &assignment, json!({"contact_id": contact["id"]})).await;
    assert_eq!(assigned["assignment"]["end_user_id"], contact["id"]);
    let both = json!({"customer_id": msp.organization, "organization_id": msp.organization, "name": "Ann"});
    assert_eq!(world.api(Method::POST, "/contacts", Some(both)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn what_nothing_needs_can_be_removed_and_what_something_needs_stays() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    Agent::of_jane(&msp).await;
    let folder = |parent: Option<&str>| json!({"organization_id": msp.organization, "parent_id": parent, "name": "F"});
    let outer = world.made("/folders", folder(None)).await;
    let inner = world.made("/folders", folder(Some(&outer))).await;
    let lee = world.made("/end-users", json!({"organization_id": msp.organization, "name": "Lee"})).await;
    let endpoint = json!({"url": "https://127.0.0.1/", "events": ["asset.enrolled"]});
    let endpoint = world.made("/webhook-endpoints", endpoint).await;
    Agent::enroll(world, &msp.enrollment_token).await;
    let deliveries = world.get(&format!("/webhook-endpoints/{endpoint}/deliveries")).await;
    assert_eq!(deliveries["items"].as_array().map(Vec::len), Some(1));
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let unused = world.made("/policies", policy_json("Unused", "Help")).await;
    world.done(Method::PUT, &format!("/policies/{unused}"), policy_json("Unused", "Get help")).await;
    for (needed, words) in [
        (format!("/folders/{outer}"), "hang in this folder"),
        (format!("/end-users/{}", msp.jane), "portal user"),
        (format!("/organizations/{}", msp.organization), "Only one of which nothing is kept"),
        (format!("/policies/{}", msp.policy), "Take it off first"),
    ] {
        let (status, answer) = world.api(Method::DELETE, &needed, None).await;
        assert_eq!(status, StatusCode::CONFLICT, "{needed}");
        assert!(answer["detail"].as_str().expect("text").contains(words), "{answer}");
    }
    for path in [
        format!("/folders/{inner}"),
        format!("/folders/{outer}"),
        format!("/contacts/{lee}"),
        format!("/webhook-endpoints/{endpoint}"),
        format!("/organizations/{fabrikam}"),
        format!("/policies/{unused}"),
    ] {
        let shown = world.get(&path).await;
        assert_eq!(world.api(Method::DELETE, &path, None).await, (StatusCode::OK, shown), "{path}");
        for method in [Method::GET, Method::DELETE] {
            assert_eq!(world.api(method, &path, None).await.0, StatusCode::NOT_FOUND, "{path}");
        }
    }
    let removed = world.get(&format!("/audit-records?subject_id={lee}")).await;
    assert_eq!(removed["items"][0]["action"], "end_user_removed");
}

#[tokio::test]
async fn staff_remove_a_policy_and_an_organization_that_nothing_needs() {
    let msp = Msp::start(DATABASE).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let policy = msp.world.made("/policies", policy_json("Unused", "Help")).await;
    let organization = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    for (list, id, needed) in [("policies", &policy, &msp.policy), ("organizations", &organization, &msp.organization)]
    {
        let page = kim.get(&format!("/console/{list}/{needed}")).await;
        let refused = kim.post(&page.attribute("form[action$='/remove']", "action"), &[]).await;
        assert!(refused.status.is_client_error(), "{list}");
        assert!(refused.text("main").contains(if list == "policies" {
            "Take it off first"
        } else {
            "nothing is kept"
        }));
        let page = kim.get(&format!("/console/{list}/{id}")).await;
        let removed = kim.post(&page.attribute("form[action$='/remove']", "action"), &[]).await;
        assert_eq!(removed.location(), format!("/console/{list}?done=removed"));
        assert_eq!(kim.get(&removed.location()).await.text("[role=status]"), "Removed.");
        assert_eq!(kim.get(&format!("/console/{list}/{id}")).await.status, StatusCode::NOT_FOUND);
    }
}
