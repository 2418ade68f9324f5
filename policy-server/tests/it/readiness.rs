//! Whether assets can open the form, as it is kept beside them for lists and counts: by groups, too.

use deskbell_protocol::Refusal;
use futures_util::future::{join, join_all};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    staff_members::member,
    world::{Database, Msp},
};

const TRAY: &str = "ticket.create.tray";

/// A group of one's own, like that of new portal users.
async fn own_group(msp: &Msp, name: &str) -> String {
    let made = msp.world.done(Method::POST, "/portal-groups", json!({"name": name, "like": "limited"})).await;
    made["key"].as_str().expect("a key").to_owned()
}

async fn permissions(msp: &Msp, group: &str, permissions: &[&str]) {
    msp.world.done(Method::PATCH, &format!("/portal-groups/{group}"), json!({"permissions": permissions})).await;
}

/// SYN-43, SYN-50: whoever's group sends nothing from the tray is counted and listed so, by whichever change they came into it:
/// of the group itself, of their group, of the assignment, or as they became portal users. A click says the same.
#[tokio::test]
async fn lists_and_counts_look_at_groups_as_a_click_does_syn_43() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let account = format!("/portal-users/{}", msp.portal_user);
    let readiness = async || msp.world.get("/readiness").await;
    let ready = |assets: i64| json!({"ready": assets, "not_ready": []});
    let refused = |reason: &str, assets: i64| json!({"ready": 0, "not_ready": [{"reason": reason, "assets": assets}]});
    let own = own_group(&msp, "Own").await;
    msp.world.done(Method::PATCH, &account, json!({"group": own})).await;
    assert_eq!(readiness().await, ready(1));

    permissions(&msp, &own, &["portal.access"]).await;
    assert_eq!(readiness().await, refused("not_permitted", 1));
    assert_eq!(agent.launch().await.refusal, Some(Refusal::NotPermitted));
    assert_eq!(msp.world.get("/assets?not_ready=true").await["items"][0]["id"], json!(agent.asset));
    let sentence = "The portal user’s group sends no tickets from the tray";
    for page in ["/console/assets?not_ready=yes", "/console", &format!("/console/organizations/{}", msp.organization)] {
        let page = kim.get(page).await;
        assert!(page.status == StatusCode::OK && page.html.contains(sentence), "{}", page.html);
    }
    let policy = kim.get(&format!("/console/policies/{}", msp.policy)).await;
    assert!(policy.html.contains(sentence) && !policy.has("form[action$='/enable']"), "there is nobody to enable");
    permissions(&msp, &own, &[TRAY, "portal.access"]).await;
    assert_eq!(readiness().await, ready(1));
    assert_eq!(msp.world.get("/assets?not_ready=true").await["items"], json!([]));

    msp.world.done(Method::PATCH, &account, json!({"group": "no_access"})).await;
    assert_eq!(readiness().await, refused("not_permitted", 1));
    let another = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    another.assign(&msp.jane).await;
    assert_eq!(readiness().await, refused("not_permitted", 2));
    msp.world.done(Method::PATCH, &account, json!({"state": "deactivated"})).await;
    assert_eq!(readiness().await, refused("deactivated", 2));
    msp.world.done(Method::PATCH, &account, json!({"state": "enabled"})).await;
    msp.world.done(Method::PATCH, &account, json!({"group": "tray_only"})).await;
    assert_eq!(readiness().await, ready(2));

    let lee = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Lee"})).await;
    another.assign(&lee).await;
    assert_eq!(readiness().await, json!({"ready": 1, "not_ready": [{"reason": "not_a_portal_user", "assets": 1}]}));
    let path = format!("/organizations/{}/enable-for-tray", msp.organization);
    msp.world.done(Method::POST, &path, json!({})).await;
    assert_eq!(readiness().await, ready(2));
}

/// SYN-43, RES-04: whether the portal is published is asked of the portal that an organization has, by counts, lists and clicks.
#[tokio::test]
async fn counts_look_at_the_portal_that_an_organization_has_syn_43() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let agent = Agent::of_jane(&msp).await;
    let (_, kim) = member(world, "kim@msp.example", "technician").await;
    let organization = format!("/organizations/{}", msp.organization);
    let (default, other) =
        (msp.portal().await, world.made("/portals", json!({"name": "Other", "prefix": "other"})).await);
    let publish = async |portal: &str, published: bool| {
        world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": published})).await;
    };
    let is_ready = async |ready: bool| {
        let said = world.get("/readiness").await;
        let of_organization = world.get(&format!("/readiness?organization_id={}", msp.organization)).await;
        let reason = json!({"ready": 0, "not_ready": [{"reason": "portal_not_published", "assets": 1}]});
        let expected = if ready { json!({"ready": 1, "not_ready": []}) } else { reason };
        assert_eq!((&said, &of_organization), (&expected, &expected));
        let listed = world.get("/assets?not_ready=true").await["items"].as_array().expect("a list").len();
        assert_eq!(listed, usize::from(!ready));
        let refusal = agent.launch().await.refusal;
        assert_eq!(refusal, (!ready).then_some(Refusal::PortalNotPublished));
        let policy = format!("/console/policies/{}", msp.policy);
        for page in ["/console/assets?not_ready=yes", "/console", &format!("/console{organization}"), &policy] {
            let page = kim.get(page).await;
            assert_eq!(page.status, StatusCode::OK);
            assert_eq!(page.html.contains("The portal is not published"), !ready, "{}", page.html);
        }
    };
    is_ready(true).await;
    world.done(Method::PATCH, &organization, json!({"portal_id": other})).await;
    is_ready(false).await;
    publish(&other, true).await;
    publish(&default, false).await;
    is_ready(true).await;
    world.done(Method::PATCH, &organization, json!({"portal_available": false})).await;
    is_ready(false).await;
    publish(&default, true).await;
    is_ready(false).await;
}

/// SYN-43: what is kept beside assets is true, too, when groups, portal users and assignments change at once.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_kept_of_readiness_stays_true_when_all_changes_at_once() {
    let msp = Msp::start(DATABASE).await;
    let own = [own_group(&msp, "One").await, own_group(&msp, "Two").await];
    let mut people = Vec::new();
    for n in 0..4 {
        let person = json!({"organization_id": msp.organization, "name": format!("P{n}")});
        let person = msp.world.made("/end-users", person).await;
        let account =
            json!({"organization_id": msp.organization, "end_user_id": person, "sign_in_name": format!("p{n}")});
        let account = msp.world.made("/portal-users", account).await;
        let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
        agent.assign(&person).await;
        people.push((person, account, agent.asset.clone()));
    }
    for round in 0..6 {
        let permissions: &[&str] = if round % 2 == 0 { &["portal.access"] } else { &["portal.access", TRAY] };
        let groups = own.iter().map(|group| {
            in_the_end(&msp, Method::PATCH, format!("/portal-groups/{group}"), json!({"permissions": permissions}))
        });
        let accounts = people.iter().enumerate().map(|(n, (_, account, _))| {
            let group = json!({"group": own[(n + round) % 2]});
            in_the_end(&msp, Method::PATCH, format!("/portal-users/{account}"), group)
        });
        let assigned = people.iter().enumerate().map(|(n, (.., asset))| {
            let person = json!({"end_user_id": people[(n + round) % people.len()].0});
            in_the_end(&msp, Method::PUT, format!("/assets/{asset}/assignment"), person)
        });
        // Groups beside accounts, and beside assignments.
        if round < 3 {
            join(join_all(groups), join_all(accounts)).await;
        } else {
            join(join_all(groups), join_all(assigned)).await;
        }
        let wrong = "SELECT count(*) FROM asset JOIN assignment ON asset_id = asset.id AND ended_at IS NULL \
                     JOIN portal_user ON portal_user.end_user_id = assignment.end_user_id \
                     JOIN portal_group ON portal_group.key = group_key \
                     WHERE (permissions LIKE '%create.tray%') = (requester_state = 'not_permitted')";
        assert_eq!(msp.world.query(wrong), "0", "round {round}");
    }
}

/// Changes something. Of two changes that wait for each other PostgreSQL ends one, of which nothing is stored: as the answer says,
/// it is tried again.
async fn in_the_end(msp: &Msp, method: Method, path: String, body: Value) {
    for _ in 0..20 {
        let (status, answer) = msp.world.api(method.clone(), &path, Some(body.clone())).await;
        if status == StatusCode::OK {
            return;
        }
        assert_eq!((status, DATABASE), (StatusCode::INTERNAL_SERVER_ERROR, Database::Postgres), "{path}: {answer}");
    }
    panic!("{path} was never done");
}
