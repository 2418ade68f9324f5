//! Becoming a portal user by oneself, by a generated password, and by the record editor.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{DATABASE, mail::send_ticket};
use crate::{
    browsers::Browser,
    mail_server::{MailServer, Received},
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::Msp,
};

const SIGN_UP: &str = "/my_profile/sign_up";
const JANE: &str = "jane@contoso.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp
}

async fn portal(msp: &Msp, change: serde_json::Value) {
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), change).await;
}

fn link(msp: &Msp, mail: &Received) -> String {
    mail.after(&msp.world.origin)
}

fn generated(mail: &Received) -> String {
    mail.after("Password: ")
}

async fn state(msp: &Msp) -> serde_json::Value {
    msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await["state"].clone()
}

/// ZOH-11, ZOH-12: off, there is no page and no way to it; the switch is stored as it is turned, with a record.
#[tokio::test]
async fn sign_up_is_off_until_it_is_switched_on_zoh_11() {
    let server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let browser = Browser::new(&msp.world);
    let way = format!("a[href='{SIGN_UP}']");
    assert_eq!(browser.get(SIGN_UP).await.status, StatusCode::NOT_FOUND);
    assert_eq!(browser.post(SIGN_UP, &[("email", JANE)]).await.status, StatusCode::NOT_FOUND);
    assert!(!browser.get(SIGN_IN).await.has(&way));
    let (_, boss) = member(&msp.world, "boss@msp.example", "administrator").await;
    let portal = msp.portal().await;
    boss.post(&format!("/console/portals/{portal}/switches"), &[("self_sign_up", "true")]).await;
    assert!(boss.get(&format!("/console/portals/{portal}")).await.html.contains("Switch sign-up off"));
    assert!(browser.get(SIGN_IN).await.has(&way) && browser.get(SIGN_UP).await.has("#email"));
    let records = msp.world.get("/audit-records").await;
    let record = records["items"].as_array().expect("a list").iter().find(|r| r["action"] == "portal_changed");
    let detail = record.expect("a record")["detail"].to_string();
    assert!(detail.contains("self_sign_up") && detail.contains("true"), "{detail}");
}

/// ZOH-13, ZOH-14, invariant 13, S9: only an address that has asked for help before is mailed a link, to the stored address; the
/// answer is the same for all. The link works once, by its form, within an hour, and lets in without the MSP.
#[tokio::test]
async fn who_has_asked_before_signs_up_and_nobody_else_zoh_14() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    portal(&msp, json!({"self_sign_up": true})).await;
    let browser = Browser::new(&msp.world);
    let never_asked = browser.post(SIGN_UP, &[("email", JANE)]).await;
    send_ticket(&msp, &[("description", "By a guest"), ("unverified_name", "Guest")]).await;
    let by_a_guest = browser.post(SIGN_UP, &[("email", JANE)]).await;
    let ticket = send_ticket(&msp, &[("description", "Mine")]).await;
    let known = browser.post(SIGN_UP, &[("email", " JANE@contoso.example")]).await;
    let unknown = browser.post(SIGN_UP, &[("email", "nobody@contoso.example")]).await;
    for page in [&never_asked, &by_a_guest, &unknown] {
        assert_eq!((page.status, &page.html), (known.status, &known.html));
    }
    let mail = server.next_to(JANE).await;
    assert_eq!(mail.subject(), "Your access to the portal of Northwind IT");
    let first = link(&msp, &mail);
    assert_eq!(state(&msp).await, "enabled");
    assert_eq!(browser.get(&first).await.status, StatusCode::OK);
    let short = browser.post(&first, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    // Three mails to an address in a quarter of an hour are enough.
    msp.world.clock.advance(Duration::from_mins(15));
    browser.post(SIGN_UP, &[("email", JANE)]).await;
    let second = link(&msp, &server.next_to(JANE).await);
    assert_eq!(browser.get(&first).await.status, StatusCode::GONE, "another link kills the one before");
    msp.world.clock.advance(Duration::from_hours(1));
    assert_eq!(browser.post(&second, &[("password", PASSWORD)]).await.status, StatusCode::GONE, "an hour");
    browser.post(SIGN_UP, &[("email", JANE)]).await;
    let third = link(&msp, &server.next_to(JANE).await);
    let came_in = browser.post(&third, &[("password", PASSWORD)]).await;
    assert_eq!((came_in.status, came_in.location().as_str()), (StatusCode::SEE_OTHER, HOME), "{}", came_in.html);
    assert_eq!(state(&msp).await, "active");
    assert!(browser.get(HOME).await.has(&format!(".tickets a[href$='{ticket}']")), "earlier tickets are there");
    assert_eq!(browser.post(&third, &[("password", PASSWORD)]).await.status, StatusCode::GONE, "once");
    assert_eq!(
        Browser::new(&msp.world).post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await.location(),
        HOME
    );

    // Whoever can sign in is mailed a link for that; whoever is shut out stays so.
    browser.post(SIGN_UP, &[("email", JANE)]).await;
    assert_eq!(server.next_to(JANE).await.subject(), "Sign in to the portal of Northwind IT");
    let path = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &path, json!({"state": "deactivated"})).await;
    server.next_to(JANE).await;
    assert_eq!(browser.post(SIGN_UP, &[("email", JANE)]).await.html, known.html);
    let other = msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Bob"})).await;
    msp.world.done(Method::POST, &format!("/end-users/{other}/enable-for-tray"), json!({})).await;
    assert!(server.has_nothing_more(), "nobody else was mailed");
}

/// NAB-19, decision C1: where invitations bring a password, it has 20 characters, lets in once within 72 hours, to nothing but a
/// form that asks for another; it stands nowhere.
#[tokio::test]
async fn a_generated_password_lets_in_once_to_choose_another_nab_19() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    portal(&msp, json!({"invitation_brings": "generated_password"})).await;
    msp.world.done(Method::POST, &format!("/end-users/{}/invite", msp.jane), json!({})).await;
    let mail = server.next_to(JANE).await;
    assert!(mail.text().contains("within 72 hours") && mail.text().contains("Sign-in name: jane"), "{}", mail.text());
    let first = generated(&mail);
    assert!(first.len() == 20 && first.chars().all(|c| c.is_ascii_alphanumeric()), "{first}");
    assert!(!String::from_utf8_lossy(&msp.world.stored()).contains(&first));
    let come = async |password: &str| {
        let browser = Browser::new(&msp.world);
        let page = browser.post(SIGN_IN, &[("name", "jane"), ("password", password)]).await;
        (browser, page)
    };
    msp.world.clock.advance(Duration::from_hours(72));
    assert_eq!(come(&first).await.1.status, StatusCode::UNPROCESSABLE_ENTITY, "72 hours");
    msp.world.done(Method::POST, &format!("/portal-users/{}/invite-again", msp.portal_user), json!({})).await;
    let second = generated(&server.next_to(JANE).await);
    assert_eq!(come(&first).await.1.status, StatusCode::UNPROCESSABLE_ENTITY, "the one before is dead");
    let (browser, page) = come(&second).await;
    let way = page.location();
    assert!(way.starts_with("/my_profile/invitation/"), "{way}");
    assert_eq!(browser.get(HOME).await.location(), SIGN_IN, "nothing else works");
    assert_eq!(come(&second).await.1.status, StatusCode::UNPROCESSABLE_ENTITY, "once");
    assert_eq!(browser.post(&way, &[("password", PASSWORD)]).await.location(), HOME);
    assert_eq!(state(&msp).await, "active");
    assert_eq!(come(PASSWORD).await.1.location(), HOME);
    assert!(server.has_nothing_more(), "one mail for each invitation");
}

/// Decision C5, invariant 14: a password that went to a mistyped address is dead as soon as the address is corrected.
#[tokio::test]
async fn a_generated_password_is_dead_when_the_address_is_corrected() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    portal(&msp, json!({"invitation_brings": "generated_password"})).await;
    msp.world.done(Method::POST, &format!("/end-users/{}/invite", msp.jane), json!({})).await;
    let password = generated(&server.next_to(JANE).await);
    let path = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &path, json!({"email": "right@contoso.example"})).await;
    let page = Browser::new(&msp.world).post(SIGN_IN, &[("name", "jane"), ("password", &password)]).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Invariant 13, decision C5: what a colleague sent on somebody's behalf opens no sign-up to them; nor does sign-up take over an
/// account that was prepared at another address.
#[tokio::test]
async fn sign_up_is_for_who_asked_themselves_and_takes_no_prepared_account() {
    const BOB: &str = "bob@c.example";
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    portal(&msp, json!({"self_sign_up": true})).await;
    let browser = Browser::new(&msp.world);
    let bob = json!({"organization_id": msp.organization, "name": "Bob", "email": BOB, "portal_access": true});
    msp.world.made("/end-users", bob).await;
    let invitation = link(&msp, &server.next_to(BOB).await);
    let as_bob = Browser::new(&msp.world);
    as_bob.post(&invitation, &[("password", PASSWORD)]).await;
    let found = msp.world.get("/portal-users?sign_in_name=bob@c.example").await;
    let account = format!("/portal-users/{}", found["items"][0]["id"].as_str().expect("an id"));
    msp.world.done(Method::PATCH, &account, json!({"is_admin": true})).await;
    server.next_to(BOB).await;
    let path = "/my_profile/v2/new_ticket";
    let form = as_bob.get(path).await;
    let sent = as_bob.send_form_to(path, &form, &[("description", "For Jane"), ("requester", JANE)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    assert_eq!(msp.world.get("/tickets").await["items"][0]["requester_id"], json!(msp.jane));
    // Bob, who has an account, is mailed a link to sign in with: nothing comes to Jane before it.
    browser.post(SIGN_UP, &[("email", JANE)]).await;
    browser.post(SIGN_UP, &[("email", BOB)]).await;
    assert_eq!(server.next().await.recipient, BOB, "Jane has not asked herself");

    send_ticket(&msp, &[("description", "Mine")]).await;
    let path = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &path, json!({"email": "jane.doe@contoso.example"})).await;
    server.next_to("jane.doe@contoso.example").await;
    browser.post(SIGN_UP, &[("email", JANE)]).await;
    browser.post(SIGN_UP, &[("email", BOB)]).await;
    assert_eq!(server.next().await.recipient, BOB, "her account was prepared at another address");
}

/// RES-17, RES-20, RES-21, NAB-17: `portal_access` in the record does the same as an invitation, with the same one mail, when it
/// turns on; without an address it is refused and nothing is stored.
#[tokio::test]
async fn portal_access_in_the_record_is_an_invitation_res_20() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let bob = json!({"organization_id": msp.organization, "name": "Bob", "portal_access": true});
    let (status, problem) = msp.world.api(Method::POST, "/end-users", Some(bob)).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/email")));
    assert_eq!(msp.world.get("/end-users?q=Bob").await["items"], json!([]), "nothing was stored");
    let bob =
        json!({"organization_id": msp.organization, "name": "Bob", "email": "bob@c.example", "portal_access": true});
    let bob = msp.world.made("/end-users", bob).await;
    server.next_to("bob@c.example").await;
    let path = format!("/end-users/{}", msp.jane);
    for _ in 0..2 {
        msp.world.done(Method::PATCH, &path, json!({"portal_access": true})).await;
    }
    let mail = server.next_to(JANE).await;
    let by_record = msp.world.get(&format!("/portal-users?end_user_id={bob}")).await["items"][0].clone();
    let by_change = msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await;
    for field in ["state", "group", "is_user", "is_admin", "has_password", "accepted_at"] {
        assert_eq!(by_record[field], by_change[field], "{field}");
    }
    assert_eq!(by_change["state"], "invited");
    let refused = msp.world.api(Method::PATCH, &path, Some(json!({"email": null, "portal_access": true}))).await;
    assert_eq!(refused.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(msp.world.get(&path).await["email"], JANE, "nothing was changed");
    msp.world.done(Method::PATCH, &path, json!({"portal_access": false})).await;
    assert_eq!(state(&msp).await, "deactivated");
    assert!(server.next_to(JANE).await.subject().contains("switched off"));
    assert_eq!(Browser::new(&msp.world).get(&link(&msp, &mail)).await.status, StatusCode::GONE);
    assert!(server.has_nothing_more(), "one mail each");
}
