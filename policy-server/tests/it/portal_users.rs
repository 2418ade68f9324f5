//! Portal users: invitations, sign-in, what they see, and how they are shut out.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::{Browser, Page},
    mail_server::{MailServer, Received},
    staff_members::{self, member},
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::Msp,
};

const JANE: &str = "jane@contoso.example";

async fn msp(server: &MailServer) -> Msp {
    let msp = Msp::mailing(DATABASE, server).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": JANE})).await;
    msp
}

/// The link of a mail, as a path of this server: it begins with the configured origin (ZOH-10, invariant 16).
fn link(msp: &Msp, mail: &Received) -> String {
    mail.after(&msp.world.origin)
}

async fn invite(msp: &Msp) {
    msp.world.done(Method::POST, &format!("/end-users/{}/invite", msp.jane), json!({})).await;
}

/// Jane, who has accepted an invitation and is signed in.
async fn jane_is_in<'a>(msp: &'a Msp, server: &mut MailServer) -> Browser<'a> {
    invite(msp).await;
    let link = link(msp, &server.next_to(JANE).await);
    let browser = Browser::new(&msp.world);
    let page = browser.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!((page.status, page.location().as_str()), (StatusCode::SEE_OTHER, HOME), "{}", page.html);
    browser
}

async fn sign_in(msp: &Msp, password: &str) -> Page {
    Browser::new(&msp.world).post(SIGN_IN, &[("name", "Jane"), ("password", password)]).await
}

async fn state(msp: &Msp) -> Value {
    msp.world.get(&format!("/portal-users/{}", msp.portal_user)).await["state"].clone()
}

async fn change(msp: &Msp, body: Value) -> Value {
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), body).await
}

fn is_shut_out(page: &Page) -> bool {
    page.status == StatusCode::SEE_OTHER && page.location() == SIGN_IN
}

/// RES-18, ZOH-08, ZOH-09, ZOH-10, RS-24, invariant 14: one mail, whose link opens a page that uses nothing up; its form lets
/// in, once, and only from then on can they sign in.
#[tokio::test]
async fn an_invitation_lets_in_once_and_looking_at_it_does_not_use_it_up() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    invite(&msp).await;
    let mail = server.next_to(JANE).await;
    assert_eq!(mail.subject(), "Your access to the portal of Northwind IT");
    assert!(mail.text().contains("within 7 days") && mail.text().contains("sign in as jane"), "{}", mail.text());
    let link = link(&msp, &mail);
    let secret = link.rsplit('/').next().expect("a secret").to_owned();
    assert_eq!(state(&msp).await, "invited");
    assert_eq!(sign_in(&msp, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let browser = Browser::new(&msp.world);
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "Welcome"), "{}", page.html);
        assert!(browser.cookies().is_empty() && page.attribute("form", "action") == link);
    }
    let short = browser.post(&link, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text("#password-error").contains("at least 15 characters"), "{}", short.html);
    let foreign = msp.world.client.post(format!("{}{link}", msp.world.origin)).form(&[("password", PASSWORD)]);
    assert_eq!(browser.send(foreign.header("origin", "https://evil.example")).await.status, StatusCode::FORBIDDEN);

    let came_in = browser.post(&link, &[("password", PASSWORD)]).await;
    assert_eq!((came_in.status, came_in.location().as_str()), (StatusCode::SEE_OTHER, HOME), "{}", came_in.html);
    let cookie = came_in.headers["set-cookie"].to_str().expect("text");
    assert!(cookie.starts_with("__Host-portal-") && cookie.ends_with("; Secure; HttpOnly; SameSite=Lax"), "{cookie}");
    assert_eq!(browser.get(HOME).await.text("h1"), "My requests");
    assert_eq!(state(&msp).await, "active");
    for page in [browser.get(&link).await, browser.post(&link, &[("password", PASSWORD)]).await] {
        assert_eq!(page.status, StatusCode::GONE);
    }
    assert_eq!(sign_in(&msp, PASSWORD).await.location(), HOME);
    assert_eq!(sign_in(&msp, "walnut ferry candl").await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let stored = String::from_utf8_lossy(&msp.world.stored()).into_owned();
    assert!(!stored.contains(&secret) && !stored.contains(PASSWORD), "only hashes are kept");
    assert!(server.has_nothing_more(), "exactly one mail");
}

/// RES-17, RES-22, RES-23: without an address or with an unpublished portal nothing happens; a switch that is on sends nothing
/// again.
#[tokio::test]
async fn an_invitation_needs_an_address_and_an_open_portal_and_is_mailed_once_res_22() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let path = format!("/end-users/{}", msp.jane);
    let invite_path = format!("{path}/invite");
    msp.world.done(Method::PATCH, &path, json!({"email": null})).await;
    let (status, problem) = msp.world.api(Method::POST, &invite_path, Some(json!({}))).await;
    assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/email")));
    msp.world.done(Method::PATCH, &path, json!({"email": JANE})).await;
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let publish = async |yes: bool| {
        msp.world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": yes})).await;
    };
    publish(false).await;
    let (status, problem) = msp.world.api(Method::POST, &invite_path, Some(json!({}))).await;
    assert!(status == StatusCode::CONFLICT && problem["detail"].as_str().expect("text").contains("Publish it first"));
    publish(true).await;
    assert_eq!(state(&msp).await, "enabled");

    for _ in 0..3 {
        invite(&msp).await;
    }
    server.next_to(JANE).await;
    assert_eq!(msp.world.get("/mails").await["items"].as_array().expect("a list").len(), 1);
    let without = Msp::start(DATABASE).await;
    let invited =
        without.world.api(Method::POST, &format!("/end-users/{}/invite", without.jane), Some(json!({}))).await;
    assert!(invited.1["detail"].as_str().expect("text").contains("No mail server is configured"), "{}", invited.1);
}

/// ZOH-24, ZOH-26, invariant 11: only who has not accepted is invited again, and the earlier link is dead then.
#[tokio::test]
async fn another_invitation_kills_the_one_before_zoh_26() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let again = format!("/portal-users/{}/invite-again", msp.portal_user);
    let refused = async || msp.world.api(Method::POST, &again, Some(json!({}))).await.0 == StatusCode::CONFLICT;
    assert!(refused().await, "never invited");
    invite(&msp).await;
    let first = link(&msp, &server.next_to(JANE).await);
    msp.world.done(Method::POST, &again, json!({})).await;
    let second = link(&msp, &server.next_to(JANE).await);
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.post(&first, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
    msp.world.clock.advance(Duration::from_hours(7 * 24));
    assert_eq!(browser.post(&second, &[("password", PASSWORD)]).await.status, StatusCode::GONE, "7 days");
    msp.world.done(Method::POST, &again, json!({})).await;
    let third = link(&msp, &server.next_to(JANE).await);
    assert_eq!(browser.post(&third, &[("password", PASSWORD)]).await.location(), HOME);
    assert!(refused().await, "accepted");
    change(&msp, json!({"state": "deactivated"})).await;
    assert!(refused().await, "deactivated");
}

/// ZOH-28, ZOH-29, ZOH-30, invariant 10, S8: out at once, with one mail however often it is asked for; every link is dead; after
/// the reactivation the password counts again, and the old session does not.
#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_zoh_28() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let browser = jane_is_in(&msp, &mut server).await;
    let mut links = Vec::new();
    for kind in ["link", "reset"] {
        browser.post(&format!("{SIGN_IN}/{kind}"), &[("email", JANE)]).await;
        links.push(link(&msp, &server.next_to(JANE).await));
    }
    assert_eq!(browser.get(HOME).await.status, StatusCode::OK);
    for _ in 0..2 {
        change(&msp, json!({"state": "deactivated"})).await;
    }
    assert!(is_shut_out(&browser.get(HOME).await) && is_shut_out(&browser.get("/my_profile").await));
    let mail = server.next_to(JANE).await;
    assert_eq!(mail.subject(), "Your access to the portal of Northwind IT is switched off");
    for link in &links {
        assert_eq!(Browser::new(&msp.world).post(link, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
    }
    assert_eq!(sign_in(&msp, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    let (status, _) = msp.world.api(Method::POST, &format!("/end-users/{}/invite", msp.jane), Some(json!({}))).await;
    assert_eq!(status, StatusCode::CONFLICT);

    assert_eq!(change(&msp, json!({"state": "enabled"})).await["state"], "active");
    assert!(is_shut_out(&browser.get(HOME).await), "the old session stays dead");
    assert_eq!(sign_in(&msp, PASSWORD).await.location(), HOME);
    for link in &links {
        assert_eq!(Browser::new(&msp.world).post(link, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
    }
    assert!(server.has_nothing_more(), "one mail of the deactivation, none of the reactivation");
}

/// SYN-21, decision C2, S9: an address opens nothing; the answer has the same bytes whoever has it; the mail goes to the stored
/// address, and its link works once, by its form, for 15 minutes.
#[tokio::test]
async fn an_address_alone_opens_nothing_and_the_answer_is_the_same_for_all() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    jane_is_in(&msp, &mut server).await;
    let browser = Browser::new(&msp.world);
    let known = browser.post(&format!("{SIGN_IN}/link"), &[("email", " JANE@contoso.example ")]).await;
    let unknown = browser.post(&format!("{SIGN_IN}/link"), &[("email", "nobody@contoso.example")]).await;
    assert_eq!((known.status, &known.html), (unknown.status, &unknown.html));
    assert!(browser.cookies().is_empty() && known.status == StatusCode::OK);
    let mail = server.next_to(JANE).await;
    assert!(mail.text().contains("jane, Contoso") && mail.text().contains("15 minutes"), "{}", mail.text());
    let first = link(&msp, &mail);
    assert_eq!(browser.get(&first).await.status, StatusCode::OK);
    assert!(browser.cookies().is_empty(), "looking signs nobody in");
    assert_eq!(browser.post(&first, &[]).await.location(), HOME);
    assert_eq!(browser.post(&first, &[]).await.status, StatusCode::GONE, "once");
    browser.post(&format!("{SIGN_IN}/link"), &[("email", JANE)]).await;
    let second = link(&msp, &server.next_to(JANE).await);
    msp.world.clock.advance(Duration::from_mins(15));
    assert_eq!(browser.post(&second, &[]).await.status, StatusCode::GONE, "15 minutes");
    assert!(server.has_nothing_more(), "nobody else was mailed");
}

/// Decision C11: an address that two accounts have gets one mail, which names both, and whoever opens it chooses.
#[tokio::test]
async fn an_address_with_two_accounts_chooses_one() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    jane_is_in(&msp, &mut server).await;
    let fabrikam = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let second = json!({"organization_id": fabrikam, "sign_in_name": "jane at fabrikam", "email": JANE});
    let second = msp.world.made("/portal-users", second).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{second}"), json!({"password": PASSWORD})).await;
    assert!(server.next_to(JANE).await.subject().contains("was changed"), "decision C5");
    let browser = Browser::new(&msp.world);
    browser.post(&format!("{SIGN_IN}/link"), &[("email", JANE)]).await;
    let mail = server.next_to(JANE).await;
    assert!(mail.text().contains("jane, Contoso\njane at fabrikam, Fabrikam"), "{}", mail.text());
    let link = link(&msp, &mail);
    assert_eq!(browser.get(&link).await.attributes("input[name=account]", "value").len(), 2);
    assert_eq!(browser.post(&link, &[("account", &second)]).await.location(), HOME);
    assert!(browser.get("/my_profile").await.text(".who").contains("jane at fabrikam"));
}

/// NAB-20, S17: a new password by a mailed link, and by oneself with the present one; other sessions end, and a mail tells.
#[tokio::test]
async fn a_new_password_ends_the_other_sessions_and_is_told() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let first = jane_is_in(&msp, &mut server).await;
    first.post(&format!("{SIGN_IN}/reset"), &[("email", JANE)]).await;
    let mail = server.next_to(JANE).await;
    assert!(mail.text().contains("60 minutes"), "{}", mail.text());
    let second = Browser::new(&msp.world);
    let link = link(&msp, &mail);
    assert_eq!(second.post(&link, &[("password", "another long password")]).await.location(), HOME);
    assert_eq!(second.post(&link, &[("password", "another long password")]).await.status, StatusCode::GONE);
    assert!(server.next_to(JANE).await.subject().contains("was changed"));
    assert!(is_shut_out(&first.get(HOME).await));
    assert_eq!(sign_in(&msp, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    let third = Browser::new(&msp.world);
    third.post(SIGN_IN, &[("name", "jane"), ("password", "another long password")]).await;
    assert_eq!(second.get("/my_profile").await.texts(".sessions li").len(), 2);
    let wrong = second.post("/my_profile/password", &[("old_password", "x"), ("password", PASSWORD)]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let form = [("old_password", "another long password"), ("password", PASSWORD)];
    assert_eq!(second.post("/my_profile/password", &form).await.location(), "/my_profile");
    assert!(server.next_to(JANE).await.subject().contains("was changed"));
    assert!(is_shut_out(&third.get(HOME).await), "other sessions end");
    assert_eq!(second.get(HOME).await.status, StatusCode::OK, "one's own goes on");

    let end = second.get("/my_profile").await.attribute(".sessions form", "action");
    assert!(is_shut_out(&second.post(&end, &[]).await) && is_shut_out(&second.get(HOME).await));
    assert_eq!(sign_in(&msp, PASSWORD).await.location(), HOME);
}

/// S17: a computer is remembered by choice alone: 30 days with a box that is ticked, 12 hours without, and never after a new
/// password; signing in anew ends the session that the browser had.
#[tokio::test]
async fn a_computer_is_remembered_by_choice_alone() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let first = jane_is_in(&msp, &mut server).await;
    let page = first.get(SIGN_IN).await;
    assert_eq!(page.location(), HOME);
    let (stays, leaves) = (Browser::new(&msp.world), Browser::new(&msp.world));
    let shown = stays.get(SIGN_IN).await;
    assert!(shown.has("input[name=stay]:not([checked])"), "{}", shown.html);
    let form = [("name", "jane"), ("password", PASSWORD)];
    let kept = stays.post(SIGN_IN, &[form[0], form[1], ("stay", "yes")]).await;
    assert!(kept.headers["set-cookie"].to_str().expect("text").contains("Max-Age=2592000"));
    leaves.post(SIGN_IN, &form).await;
    msp.world.clock.advance(Duration::from_hours(12));
    assert!(is_shut_out(&leaves.get(HOME).await));
    assert!(stays.get("/my_profile").await.text(".sessions").contains("stays signed in"));
    msp.world.clock.advance(Duration::from_hours(29 * 24));
    assert_eq!(stays.get(HOME).await.status, StatusCode::OK);
    msp.world.clock.advance(Duration::from_hours(12));
    assert!(is_shut_out(&stays.get(HOME).await), "30 days");
    stays.post(SIGN_IN, &[form[0], form[1], ("stay", "yes")]).await;
    let before = stays.cookies();
    stays.post(SIGN_IN, &form).await;
    let copied = msp.world.client.get(format!("{}{HOME}", msp.world.origin)).header("cookie", before);
    assert!(
        is_shut_out(&Browser::new(&msp.world).send(copied).await),
        "S17: the one before in the same browser is over"
    );
    stays.post(SIGN_IN, &[form[0], form[1], ("stay", "yes")]).await;
    change(&msp, json!({"password": "another long password"})).await;
    assert!(is_shut_out(&stays.get(HOME).await));
}

/// RS-03, RS-08, RS-09, NAB-15, NAB-16, RS-22, RS-23, invariant 15: own tickets, or the organization's; a change counts from the
/// next request of a live session, wider and narrower. Another organization's tickets never show.
#[tokio::test]
async fn tickets_are_ones_own_or_the_organizations_and_a_change_counts_at_once_rs_23() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let own = send_ticket(&msp, &[("description", "Mine")]).await;
    let unverified = send_ticket(&msp, &[("description", "By a guest"), ("unverified_name", "Guest")]).await;
    let bob = json!({"organization_id": msp.organization, "name": "Bob"});
    let bob = msp.world.made("/end-users", bob).await;
    let bobs_login = json!({"organization_id": msp.organization, "end_user_id": bob, "sign_in_name": "bob"});
    msp.world.made("/portal-users", bobs_login).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    agent.assign(&bob).await;
    let browser = Browser::new(&msp.world);
    let form = browser.open(&agent.click().await).await;
    let bobs = browser.send_form(&form, &[("description", "Bob's")]).await.location();
    let bobs = bobs.rsplit('/').next().expect("an id").to_owned();

    let jane = jane_is_in(&msp, &mut server).await;
    let sees = async |tickets: [&String; 3]| {
        let mut seen = Vec::new();
        for ticket in tickets {
            seen.push(jane.get(&format!("/my_profile/v2/tickets/{ticket}")).await.status == StatusCode::OK);
        }
        (seen, jane.get(HOME).await.texts(".tickets bdi"))
    };
    let all = [&own, &unverified, &bobs];
    let only_own = (vec![true, false, false], vec!["Mine".to_owned()]);
    let everything = (vec![true; 3], ["Bob's", "By a guest", "Mine"].map(str::to_owned).to_vec());
    assert_eq!(sees(all).await, only_own, "RS-03");
    change(&msp, json!({"is_admin": true})).await;
    assert_eq!(sees(all).await, everything, "NAB-16");
    change(&msp, json!({"is_admin": false})).await;
    assert_eq!(sees(all).await, only_own, "narrower at once");
    change(&msp, json!({"end_user_id": null})).await;
    assert_eq!(sees(all).await, everything, "RS-08, RS-22");
    change(&msp, json!({"end_user_id": msp.jane})).await;
    assert_eq!(sees(all).await, only_own);
    let neither = json!({"is_user": false});
    let (status, _) = msp.world.api(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), Some(neither)).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "NAB-14: one or both");

    msp.world
        .done(Method::POST, &format!("/tickets/{own}/comments"), json!({"kind": "reply", "text": "Try now"}))
        .await;
    msp.world.done(Method::POST, &format!("/tickets/{own}/comments"), json!({"kind": "note", "text": "Hm"})).await;
    let page = jane.get(&format!("/my_profile/v2/tickets/{own}")).await;
    assert_eq!(
        (page.texts(".reply .typed"), page.text(".status").as_str()),
        (vec!["Try now".to_owned()], "In progress")
    );
    change(&msp, json!({"group": "tray_only"})).await;
    assert!(is_shut_out(&jane.get(HOME).await), "the group counts at once, too");
    assert_eq!(sign_in(&msp, PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

/// Invariant 3: the end user of a portal user is of the same organization.
#[tokio::test]
async fn a_portal_user_cannot_be_an_end_user_of_another_organization() {
    let msp = Msp::start(DATABASE).await;
    let fabrikam = msp.world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let eve = msp.world.made("/end-users", json!({"organization_id": fabrikam, "name": "Eve"})).await;
    let path = format!("/portal-users/{}", msp.portal_user);
    let (status, _) = msp.world.api(Method::PATCH, &path, Some(json!({"end_user_id": eve}))).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(msp.world.get(&path).await["end_user_id"], msp.jane);
}

/// SYN-31, RES-02, invariant 23: neither side takes the other's credentials or cookies; each page leads to the other.
#[tokio::test]
async fn staff_and_portal_users_cannot_sign_in_at_each_others_door_syn_31() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    jane_is_in(&msp, &mut server).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "administrator").await;
    let form = [("name", "kim@msp.example"), ("password", staff_members::PASSWORD)];
    let refused = Browser::new(&msp.world).post(SIGN_IN, &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("a[href='/users/sign_in']"), "{}", refused.html);
    let refused = staff_members::sign_in(&Browser::new(&msp.world), "jane", PASSWORD).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.has("a[href='/my_profile']"), "{}", refused.html);
    assert!(is_shut_out(&kim.get(HOME).await), "a member of the staff is no portal user");
}

/// S21: what a proxy of somebody else's could have written about who is asking signs nobody in, by whatever name.
#[tokio::test]
async fn headers_that_name_somebody_sign_nobody_in_s21() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    jane_is_in(&msp, &mut server).await;
    member(&msp.world, "kim@msp.example", "administrator").await;
    for (path, name, door) in [
        (HOME, "jane", SIGN_IN),
        ("/console/tickets", "kim@msp.example", "/users/sign_in"),
        ("/api/v1/tickets", "tests", ""),
    ] {
        for header in [
            "Remote-User",
            "X-Remote-User",
            "X-Forwarded-User",
            "X-Forwarded-Email",
            "X-Forwarded-Preferred-Username",
            "X-Auth-Request-User",
            "X-Auth-Request-Email",
            "X-WEBAUTH-USER",
            "X-User",
            "X-Authenticated-User",
            "SSL_CLIENT_S_DN_CN",
            "From",
        ] {
            let asked = msp.world.client.get(format!("{}{path}", msp.world.origin)).header(header, name);
            let answer = asked.send().await.expect("an answer");
            if door.is_empty() {
                assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{header}");
            } else {
                assert_eq!(answer.status(), StatusCode::SEE_OTHER, "{header}");
                let led = answer.headers()["location"].to_str().expect("text");
                assert!(led.starts_with(door), "{header} leads to {led}");
            }
        }
    }
}

/// S10: after five wrong tries from here even the right password waits; a quarter of an hour later it counts.
#[tokio::test]
async fn wrong_tries_are_limited() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    jane_is_in(&msp, &mut server).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&msp, "a wrong password").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(sign_in(&msp, PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    msp.world.clock.advance(Duration::from_mins(15));
    assert_eq!(sign_in(&msp, PASSWORD).await.location(), HOME);
    let browser = Browser::new(&msp.world);
    for _ in 0..6 {
        assert_eq!(browser.post(&format!("{SIGN_IN}/link"), &[("email", JANE)]).await.status, StatusCode::OK);
    }
    let sent = async || {
        let mails = msp.world.get("/mails?limit=200").await;
        mails["items"].as_array().expect("a list").iter().filter(|mail| mail["template"] == "portal_sign_in").count()
    };
    for _ in 0..3 {
        server.next_to(JANE).await;
    }
    assert_eq!(sent().await, 3, "mails are limited, and nobody sees it");
}

/// Decision C5, S8, ZOH-23: another address is told to the old and the new one and kills open links; a new name is told to nobody.
#[tokio::test]
async fn edits_are_silent_but_for_a_new_address_which_kills_open_links() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    invite(&msp).await;
    let first = link(&msp, &server.next_to(JANE).await);
    change(&msp, json!({"sign_in_name": "jane.doe"})).await;
    assert!(server.has_nothing_more(), "ZOH-23");
    assert_eq!(Browser::new(&msp.world).get(&first).await.status, StatusCode::OK);
    change(&msp, json!({"email": "doe@contoso.example"})).await;
    let told = [server.next().await, server.next().await].map(|mail| (mail.recipient.clone(), mail.subject()));
    let subject = "Your account at the portal of Northwind IT was changed".to_owned();
    let mut recipients = told.map(|(recipient, told)| {
        assert_eq!(told, subject);
        recipient
    });
    recipients.sort();
    assert_eq!(recipients, ["doe@contoso.example", JANE]);
    assert_eq!(Browser::new(&msp.world).post(&first, &[("password", PASSWORD)]).await.status, StatusCode::GONE);
}

/// RES-16, RES-21, ZOH-29: from the page of the end user: invite, invite again, deactivate, reactivate.
#[tokio::test]
async fn staff_invite_and_shut_out_from_the_end_users_page() {
    let mut server = MailServer::start(&[]).await;
    let msp = msp(&server).await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    let page = format!("/console/end-users/{}", msp.jane);
    let press = async |state: &str| kim.post(&format!("{page}/portal-user"), &[("state", state)]).await.status;
    let buttons = async || kim.get(&page).await.texts("dl form button");
    assert_eq!(buttons().await, ["Invite to the portal", "Deactivate"]);
    for (wish, mailed, after, left) in [
        ("invited", true, "invited", vec!["Invite again", "Deactivate"]),
        ("invited_again", true, "invited", vec!["Invite again", "Deactivate"]),
        ("deactivated", true, "deactivated", vec!["Reactivate, no mail"]),
        ("enabled", false, "enabled", vec!["Invite to the portal", "Deactivate"]),
    ] {
        assert_eq!(press(wish).await, StatusCode::SEE_OTHER, "{wish}");
        if mailed {
            server.next_to(JANE).await;
        }
        assert_eq!(
            (state(&msp).await, buttons().await),
            (json!(after), left.iter().map(ToString::to_string).collect())
        );
    }
    assert!(server.has_nothing_more());
}
