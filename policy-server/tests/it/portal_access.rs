//! Who is let in is decided before anything is stored: refused, nothing is changed; and what comes twice at once is one.

use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    browsers::Browser,
    mail_server::MailServer,
    visitors::{HOME, PASSWORD},
    world::Msp,
};

const JANE: &str = "jane@contoso.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp
}

/// Puts a portal user into a group.
async fn group(msp: &Msp, account: &str, group: &str) {
    msp.world.done(Method::PATCH, &format!("/portal-users/{account}"), json!({"group": group})).await;
}

async fn state(msp: &Msp) -> Value {
    msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await["state"].clone()
}

fn counted(msp: &Msp, table: &str) -> String {
    msp.world.query(&format!("SELECT count(*) FROM {table}"))
}

/// Decision C6, ZOH-14: whoever's group lets nobody sign in is mailed no link to sign up, and a link that was mailed before is not
/// used up and makes no account active; once the group lets them in, it works.
#[tokio::test]
async fn who_could_not_come_in_does_not_sign_up() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"self_sign_up": true})).await;
    send_ticket(&msp, &[("description", "Mine")]).await;
    let browser = Browser::new(&msp.world);
    let asked = browser.post("/my_profile/sign_up", &[("email", JANE)]).await;
    let link = server.next_to(JANE).await.after(&msp.world.origin);
    group(&msp, &msp.portal_user, "tray_only").await;
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE);
    assert_eq!(browser.post(&link, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
    assert_eq!(state(&msp).await, "enabled");
    assert_eq!(browser.post("/my_profile/sign_up", &[("email", JANE)]).await.html, asked.html);
    group(&msp, &msp.portal_user, "limited").await;
    assert_eq!(browser.post(&link, &[("password", PASSWORD)]).await.location(), HOME, "it was not used up");
    assert_eq!(state(&msp).await, "active");
    assert!(server.has_nothing_more(), "the second wish mailed nothing");
}

/// S3, ZOH-12: while the portal is off the air or portal access is off, a right password makes no session and a wrong one is not
/// counted; afterwards it signs in.
#[tokio::test]
async fn nobody_signs_in_while_the_portal_is_closed() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let portal = format!("/portals/{}", msp.portal().await);
    let browser = Browser::new(world);
    let sign_in =
        async |password| browser.post("/my_profile/user_login", &[("name", "jane"), ("password", password)]).await;
    for switch in ["published", "access"] {
        world.done(Method::PATCH, &portal, json!({switch: false})).await;
        for _ in 0..6 {
            assert_eq!(sign_in("something else").await.status, StatusCode::FORBIDDEN, "{switch}");
        }
        assert_eq!(sign_in(PASSWORD).await.status, StatusCode::FORBIDDEN, "{switch}");
        assert_eq!((counted(&msp, "portal_session").as_str(), browser.cookies().as_str()), ("0", ""), "{switch}");
        world.done(Method::PATCH, &portal, json!({switch: true})).await;
    }
    assert_eq!(sign_in(PASSWORD).await.location(), HOME);
}

/// ZOH-07: a new address that many invite at once is one end user, who is mailed once.
#[tokio::test]
async fn a_new_address_that_is_invited_many_times_at_once_is_one_person() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let path = format!("/organizations/{}/invitations", msp.organization);
    for n in 0..5 {
        let email = format!("new{n}@contoso.example");
        let invite = || msp.world.api(Method::POST, &path, Some(json!({"emails": [email]})));
        for (status, answer) in join_all((0..16).map(|_| invite())).await {
            assert_eq!(status, StatusCode::OK, "{answer}");
        }
        let found = msp.world.get(&format!("/end-users?email={email}")).await;
        assert_eq!(found["items"].as_array().expect("a list").len(), 1, "{found}");
        assert_eq!(server.next().await.recipient, email);
    }
    assert!(server.has_nothing_more(), "one mail each");
}

/// RES-20, RES-21, RES-23: whoever's group lets nobody sign in is not let in, by whichever way; nothing is stored, nobody is
/// active again, and no mail is sent.
#[tokio::test]
async fn nothing_changes_when_portal_access_is_refused() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let account = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &account, json!({"password": PASSWORD})).await;
    msp.world.done(Method::PATCH, &account, json!({"state": "deactivated"})).await;
    group(&msp, &msp.portal_user, "tray_only").await;
    let max = json!({"organization_id": msp.organization, "name": "Max", "email": "max@contoso.example"});
    let max = msp.world.made("/end-users", max).await;
    msp.world.done(Method::POST, &format!("/end-users/{max}/enable-for-tray"), json!({})).await;
    let found = msp.world.get(&format!("/portal-users?end_user_id={max}")).await;
    group(&msp, found["items"][0]["id"].as_str().expect("an id"), "tray_only").await;
    let jane = format!("/end-users/{}", msp.jane);
    let all = || ["end_user", "portal_user", "audit_record", "mail"].map(|table| counted(&msp, table));
    let before = all();
    for (method, path, body) in [
        (Method::PATCH, &jane, json!({"name": "Jane Roe", "portal_access": true})),
        (Method::PATCH, &format!("/end-users/{max}"), json!({"phone": "+1 555 0100", "portal_access": true})),
        (Method::POST, &format!("/end-users/{max}/invite"), json!({})),
    ] {
        let (status, problem) = msp.world.api(method, path, Some(body)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{path}: {problem}");
        assert!(problem["detail"].as_str().expect("text").contains("lets nobody sign in"), "{problem}");
    }
    let batch = json!({"step": "invite", "chosen": {"end_user_ids": [max]}});
    let addresses = json!({"emails": ["max@contoso.example"]});
    let by_address = format!("/organizations/{}/invitations", msp.organization);
    for (path, body) in [("/portal-users/steps", batch), (by_address.as_str(), addresses)] {
        let done = msp.world.done(Method::POST, path, body).await;
        assert_eq!(done["done_to"], 0, "{done}");
        for person in done["people"].as_array().expect("a list") {
            assert_eq!(person["skipped"], "Their group lets nobody sign in.", "{done}");
        }
    }
    assert_eq!(all(), before);
    assert_eq!(
        (msp.world.get(&jane).await["name"].clone(), state(&msp).await),
        (json!("Jane Doe"), json!("deactivated"))
    );

    group(&msp, &msp.portal_user, "limited").await;
    msp.world.done(Method::PATCH, &jane, json!({"name": "Jane Roe", "portal_access": true})).await;
    assert_eq!(state(&msp).await, "active", "she had a password before");
}

/// Invariants 4 and 5, RS-07: a link that is switched on at the moment in which the first portal user is made is off when both are
/// done.
#[tokio::test(flavor = "multi_thread")]
async fn a_link_is_not_switched_on_beside_a_portal_user() {
    let msp = Msp::start(DATABASE).await;
    let mut organizations = Vec::new();
    for n in 0..60 {
        let id = msp.world.made("/organizations", json!({"name": format!("Customer {n}")})).await;
        msp.world.done(Method::PUT, &format!("/organizations/{id}/portal-link"), json!({"enabled": false})).await;
        organizations.push(id);
    }
    let both = organizations.iter().enumerate().map(async |(n, id)| {
        let path = format!("/organizations/{id}/portal-link");
        let switch = msp.world.api(Method::PUT, &path, Some(json!({"enabled": true})));
        let first = json!({"organization_id": id, "sign_in_name": format!("first {n}")});
        let first = msp.world.api(Method::POST, "/portal-users", Some(first));
        let (switched, made) = tokio::join!(switch, first);
        assert!([StatusCode::OK, StatusCode::CONFLICT].contains(&switched.0), "{}", switched.1);
        assert_eq!(made.0, StatusCode::CREATED, "{}", made.1);
    });
    join_all(both).await;
    let beside =
        "SELECT count(*) FROM organization WHERE link_enabled AND id IN (SELECT organization_id FROM portal_user)";
    assert_eq!(msp.world.query(beside), "0");
}
