//! Changes that meet: `ETag` and `If-Match`.

use std::time::Duration;

use futures_util::future::join;
use reqwest::{Method, Response, StatusCode, header};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::{Agent, facts, problem},
    browsers::Browser,
    world::{Msp, World, policy_json},
};

async fn ask(world: &World, method: Method, path: &str, if_match: Option<&str>, body: &Value) -> Response {
    let request = world.client.request(method, format!("{}/api/v1{path}", world.origin)).bearer_auth(&world.api_token);
    let request = match if_match {
        Some(tag) => request.header(header::IF_MATCH, tag),
        None => request,
    };
    request.json(body).send().await.expect("an answer")
}

async fn tag(world: &World, path: &str) -> String {
    tag_of(&ask(world, Method::GET, path, None, &json!({})).await)
}

fn tag_of(answer: &Response) -> String {
    answer.headers()[header::ETAG].to_str().expect("text").to_owned()
}

/// Whatever can be changed: where it is read, how it is changed, and two changes.
async fn changeable(msp: &Msp, ticket: &str, asset: &str) -> Vec<(String, Method, String, [Value; 2])> {
    let world = &msp.world;
    let folder = json!({"organization_id": msp.organization, "name": "Sales"});
    let folder = format!("/folders/{}", world.made("/folders", folder).await);
    let staff = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
    let staff = format!("/staff/{}", world.made("/staff", staff).await);
    let endpoint = json!({"url": "https://psa.example/", "events": ["ticket.created"]});
    let endpoint = format!("/webhook-endpoints/{}", world.made("/webhook-endpoints", endpoint).await);
    let site = json!({"organization_id": msp.organization, "name": "Plant"});
    let site = format!("/sites/{}", world.made("/sites", site).await);
    let portal = format!("/portals/{}", world.get("/portals").await["items"][0]["id"].as_str().expect("an id"));
    let organization = format!("/organizations/{}", msp.organization);
    let (asset, ticket) = (format!("/assets/{asset}"), format!("/tickets/{ticket}"));
    let names = || [json!({"name": "One"}), json!({"name": "Two"})];
    let policies = || [json!({"policy_id": msp.policy}), json!({"policy_id": null})];
    let [with, without] = policies();
    let without_policy = [without, with];
    let patch = |path: &str, changes: [Value; 2]| (path.to_owned(), Method::PATCH, path.to_owned(), changes);
    let attach = |path: &str| (path.to_owned(), Method::PUT, format!("{path}/policy"), policies());
    vec![
        patch("/provider", names()),
        ("/provider".into(), Method::PUT, "/provider/policy".into(), without_policy),
        patch(&portal, [json!({"display_name": "One"}), json!({"display_name": "Two"})]),
        patch(&organization, names()),
        attach(&organization),
        patch(&folder, names()),
        attach(&folder),
        patch(&format!("/end-users/{}", msp.jane), names()),
        patch(&format!("/contacts/{}", msp.jane), [json!({"phone": "+1 555 1"}), json!({"phone": "+1 555 2"})]),
        patch(
            &format!("/portal-users/{}", msp.portal_user),
            [json!({"state": "deactivated"}), json!({"state": "enabled"})],
        ),
        patch(&asset, names()),
        attach(&asset),
        patch(&ticket, [json!({"status": "open"}), json!({"status": "waiting"})]),
        patch(&endpoint, [json!({"disabled": true}), json!({"disabled": false})]),
        patch(&staff, names()),
        patch(&site, names()),
        (
            "/ticket-forwarding".into(),
            Method::PUT,
            "/ticket-forwarding".into(),
            [json!({"address": "a@psa.example"}), json!({"address": "b@psa.example"})],
        ),
        (
            format!("/policies/{}", msp.policy),
            Method::PUT,
            format!("/policies/{}", msp.policy),
            [policy_json("Standard", "One"), policy_json("Standard", "Two")],
        ),
    ]
}

/// Each thing has a tag that its change changes, and is changed only by whoever has seen it as it is; of two who have, by one.
#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_made_only_to_what_was_read() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(world);
    let form = browser.open(&agent.click().await).await;
    browser.send_form(&form, &[("description", "It is broken")]).await;
    let ticket = world.get("/tickets").await["items"][0]["id"].as_str().expect("an id").to_owned();
    for (thing, method, path, [one, two]) in changeable(&msp, &ticket, &agent.asset).await {
        let first = tag(world, &thing).await;
        let changed = ask(world, method.clone(), &path, Some(&first), &one).await;
        assert_eq!(changed.status(), StatusCode::OK, "{method} {path}");
        let second = tag_of(&changed);
        assert!(second != first && second == tag(world, &thing).await, "{method} {path}: {first}, {second}");
        let shown = world.get(&thing).await;
        for stale in [first.as_str(), "\"another\"", &format!("W/{second}")] {
            let refused = ask(world, method.clone(), &path, Some(stale), &two).await;
            assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED, "{method} {path} {stale}");
            problem(refused).await;
        }
        assert_eq!(world.get(&thing).await, shown, "{method} {path}");
        let list = format!("\"another\", {second}");
        assert_eq!(
            ask(world, method.clone(), &path, Some(&list), &two).await.status(),
            StatusCode::OK,
            "{path} {list}"
        );

        // Both want the same, which neither has seen: the tag changes once.
        let seen = tag(world, &thing).await;
        let both = join(
            ask(world, method.clone(), &path, Some(&seen), &one),
            ask(world, method.clone(), &path, Some(&seen), &one),
        );
        let (left, right) = both.await;
        let mut statuses = [left.status(), right.status()];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::OK, StatusCode::PRECONDITION_FAILED], "{method} {path}");
        assert_eq!(ask(world, method.clone(), &path, Some("*"), &one).await.status(), StatusCode::OK, "{path}");
    }
}

/// Whichever field somebody changes, whoever has read the thing before is told so.
#[tokio::test]
async fn each_field_that_is_changed_changes_the_tag() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let browser = Browser::new(world);
    let form = browser.open(&agent.click().await).await;
    browser.send_form(&form, &[("description", "It is broken")]).await;
    let ticket = world.get("/tickets").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let of = |name: &str| json!({"organization_id": msp.organization, "name": name});
    let (site, folder, inner) = (
        world.made("/sites", of("Plant")).await,
        world.made("/folders", of("Outer")).await,
        world.made("/folders", of("Inner")).await,
    );
    let staff = json!({"name": "Kim", "email": "kim@msp.example", "role": "technician"});
    let staff = world.made("/staff", staff).await;
    let endpoint = json!({"url": "https://psa.example/", "events": ["ticket.created"]});
    let endpoint = world.made("/webhook-endpoints", endpoint).await;
    let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    for (thing, changes) in [
        ("/provider".into(), json!({"name": "N", "support_phone": "+1 555 1", "support_email": "n@msp.example"})),
        (
            format!("/portals/{portal}"),
            json!({"display_name": "N", "primary_color": "#123456", "accent_color": "#654321", "published": false}),
        ),
        (
            format!("/organizations/{}", msp.organization),
            json!({"name": "N", "email": "n@contoso.example", "external_id": "C-1"}),
        ),
        (format!("/sites/{site}"), json!({"name": "N", "address": "1 Main Street"})),
        (format!("/folders/{inner}"), json!({"name": "N", "parent_id": folder})),
        (
            format!("/end-users/{}", msp.jane),
            json!({"name": "N", "email": "n@x.example", "phone": "+1 555 2", "site_id": site, "external_id": "P-1"}),
        ),
        (
            format!("/assets/{}", agent.asset),
            json!({"name": "N", "folder_id": folder, "site_id": site, "external_id": "A-1"}),
        ),
        (format!("/tickets/{ticket}"), json!({"status": "open", "assignee_id": staff})),
        (
            format!("/staff/{staff}"),
            json!({"name": "N", "email": "n@msp.example", "role": "read_only", "deactivated": true}),
        ),
        (
            format!("/webhook-endpoints/{endpoint}"),
            json!({"url": "https://n.example/", "events": ["asset.retired"], "disabled": true}),
        ),
    ] {
        for (field, value) in changes.as_object().expect("fields") {
            let before = tag(world, &thing).await;
            world.done(Method::PATCH, &thing, json!({field: value})).await;
            assert_ne!(tag(world, &thing).await, before, "{thing}: {field}");
        }
    }
    world.clock.advance(Duration::from_millis(1));
    let note = json!({"kind": "note", "text": "x"});
    // It has the serial number of the other one, and might be the same computer.
    let twin = Agent::enroll(world, &msp.enrollment_token).await.asset;
    for (thing, method, change, body) in [
        (format!("/tickets/{ticket}"), Method::POST, "comments", note),
        (format!("/assets/{twin}"), Method::DELETE, "take-over", json!({})),
        (format!("/assets/{twin}"), Method::POST, "retire", json!({})),
    ] {
        let before = tag(world, &thing).await;
        world.done(method, &format!("{thing}/{change}"), body).await;
        assert_ne!(tag(world, &thing).await, before, "{thing}: {change}");
    }
}

/// Nothing is removed that somebody has changed meanwhile.
#[tokio::test]
async fn what_was_changed_since_it_was_read_is_not_removed() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let of = |name: &str| json!({"organization_id": msp.organization, "name": name});
    let endpoint = json!({"url": "https://psa.example/", "events": ["ticket.created"]});
    for (list, new, method, change) in [
        ("/folders", of("Sales"), Method::PATCH, json!({"name": "Changed"})),
        ("/end-users", of("Lee"), Method::PATCH, json!({"name": "Changed"})),
        ("/organizations", json!({"name": "Fabrikam"}), Method::PATCH, json!({"name": "Changed"})),
        ("/webhook-endpoints", endpoint, Method::PATCH, json!({"disabled": true})),
        ("/policies", policy_json("Unused", "One"), Method::PUT, policy_json("Unused", "Two")),
    ] {
        let thing = format!("{list}/{}", world.made(list, new).await);
        let seen = tag(world, &thing).await;
        world.done(method, &thing, change).await;
        let refused = ask(world, Method::DELETE, &thing, Some(&seen), &json!({})).await;
        assert_eq!(refused.status(), StatusCode::PRECONDITION_FAILED, "{thing}");
        let seen = tag(world, &thing).await;
        let removed = ask(world, Method::DELETE, &thing, Some(&seen), &json!({})).await;
        assert_eq!(removed.status(), StatusCode::OK, "{thing}");
    }
}

/// Two who change different fields at once do not undo each other.
#[tokio::test(flavor = "multi_thread")]
async fn changes_of_different_fields_at_once_are_both_kept() {
    let msp = Msp::start(DATABASE).await;
    let path = format!("/end-users/{}", msp.jane);
    for n in 0..20 {
        let (name, phone) = (json!({"name": format!("Jane {n}")}), json!({"phone": format!("+1 555 {n:03}")}));
        let both = join(
            ask(&msp.world, Method::PATCH, &path, None, &name),
            ask(&msp.world, Method::PATCH, &path, None, &phone),
        );
        let (left, right) = both.await;
        assert_eq!((left.status(), right.status()), (StatusCode::OK, StatusCode::OK));
        let jane = msp.world.get(&path).await;
        assert_eq!((&jane["name"], &jane["phone"]), (&name["name"], &phone["phone"]));
    }
}

/// What an agent reports is no change that somebody made, and nobody's change undoes it.
#[tokio::test]
async fn a_report_leaves_the_tag_of_an_asset() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let path = format!("/assets/{}", agent.asset);
    let seen = tag(&msp.world, &path).await;
    let mut facts = facts();
    facts.computer = "PC-043".into();
    let report = json!({"facts": facts, "sessions": []});
    let answer = agent.request(Method::POST, "/report").json(&report).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::NO_CONTENT);
    let renamed = ask(&msp.world, Method::PATCH, &path, Some(&seen), &json!({"name": "Front desk"})).await;
    assert_eq!(renamed.status(), StatusCode::OK);
    assert_eq!(msp.world.get(&path).await["facts"]["computer"], "PC-043");
}
