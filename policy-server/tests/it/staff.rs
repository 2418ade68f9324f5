//! Staff: how they come in and how they are shut out.

use std::{collections::BTreeMap, time::Duration};

use deskbell_server::{console, domain::role::Permission};
use reqwest::{Method, StatusCode, header};
use serde_json::json;
use tokio::io::AsyncBufReadExt as _;
use totp_rs::{Builder, Secret, Totp};
use uuid::Uuid;

use super::DATABASE;
use crate::{
    browsers::{Browser, Page},
    staff_members::{PASSWORD, member, sign_in},
    world::World,
};

fn authenticator(page: &Page) -> Totp {
    let secret = Secret::try_from_base32(page.text("#factor-heading ~ details code")).expect("base32");
    Builder::new().with_secret(secret).with_account_name("x").build().expect("an authenticator")
}

fn code(world: &World, authenticator: &Totp) -> String {
    let now = u64::try_from(deskbell_server::clock::Clock::now(&*world.clock)).expect("after 1970");
    authenticator.generate(now / 1000).to_string()
}

#[tokio::test]
async fn a_link_sets_a_password_once_and_looking_at_it_does_not_use_it_up() {
    let world = World::start(DATABASE).await;
    let made =
        world.done(Method::POST, "/staff", json!({"name": "Kim", "email": "Kim@msp.example", "role": "technician"}));
    let link = made.await["link"].as_str().expect("a link").replace(&world.origin, "");
    let browser = Browser::new(&world);
    for _ in 0..2 {
        let page = browser.get(&link).await;
        assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::OK, "Set your password"));
    }
    let short = browser.post(&link, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(short.text("#password-error").contains("at least 15 characters"), "{}", short.html);
    assert_eq!(browser.post(&link, &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    for again in [browser.get(&link).await, browser.post(&link, &[("password", PASSWORD)]).await] {
        assert_eq!((again.status, again.text("h1").as_str()), (StatusCode::GONE, "This link is no longer valid"));
    }
    let other = Browser::new(&world);
    let page = sign_in(&other, " kim@MSP.example ", PASSWORD).await;
    assert_eq!((page.status, page.location().as_str()), (StatusCode::SEE_OTHER, "/console"));
    assert_eq!(other.get("/console").await.text("h1"), "Overview");
}

/// S17: the cookie is for this origin alone, out of a script's reach, and new at each sign-in.
#[tokio::test]
async fn a_session_has_a_cookie_of_its_own_that_is_worth_nothing_after_the_sign_out() {
    let world = World::start(DATABASE).await;
    let (_, browser) = member(&world, "kim@msp.example", "technician").await;
    let before = browser.cookies();
    let page = sign_in(&browser, "kim@msp.example", PASSWORD).await;
    let cookie = page.headers[header::SET_COOKIE].to_str().expect("text").to_owned();
    for part in ["__Host-staff=", "; Path=/", "; Secure", "; HttpOnly", "; SameSite=Lax"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert_ne!(browser.cookies(), before);
    let copy = Browser::with_cookies(
        &world,
        BTreeMap::from([cookie
            .split(';')
            .next()
            .expect("a pair")
            .split_once('=')
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .expect("a pair")]),
    );
    assert_eq!(copy.get("/console").await.status, StatusCode::OK);
    assert_eq!(browser.post("/console/sign-out", &[]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(copy.get("/console").await.location(), "/users/sign_in?next=%2Fconsole");
}

/// S9: whoever guesses does not learn who works here; invariant 23: portal users are nobody here.
#[tokio::test]
async fn a_wrong_address_and_a_wrong_password_get_the_same_answer() {
    let world = World::start(DATABASE).await;
    member(&world, "kim@msp.example", "technician").await;
    let organization = world.made("/organizations", json!({"name": "Contoso"})).await;
    world.made("/portal-users", json!({"organization_id": organization, "sign_in_name": "jane@contoso.example"})).await;
    let stranger = Browser::new(&world);
    let mut pages = Vec::new();
    for email in ["kim@msp.example", "nobody@msp.example", "jane@contoso.example"] {
        let page = sign_in(&stranger, email, "not the password!").await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        pages.push(page.html.replace(email, "EMAIL"));
    }
    assert!(pages.windows(2).all(|two| two[0] == two[1]), "{pages:?}");
    assert!(stranger.cookies().is_empty());
}

#[tokio::test]
async fn after_five_wrong_passwords_an_account_waits_for_a_quarter_of_an_hour() {
    let world = World::start(DATABASE).await;
    member(&world, "kim@msp.example", "technician").await;
    member(&world, "lee@msp.example", "technician").await;
    let browser = Browser::new(&world);
    for _ in 0..5 {
        assert_eq!(sign_in(&browser, "kim@msp.example", "wrong").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    assert_eq!(sign_in(&browser, "KIM@msp.example", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(sign_in(&browser, "lee@msp.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
    world.clock.advance(Duration::from_mins(15));
    assert_eq!(sign_in(&browser, "kim@msp.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn with_a_second_factor_the_password_alone_opens_nothing() {
    let world = World::start(DATABASE).await;
    let (_, browser) = member(&world, "kim@msp.example", "technician").await;
    let elsewhere = Browser::new(&world);
    sign_in(&elsewhere, "kim@msp.example", PASSWORD).await;
    let authenticator = authenticator(&browser.get("/console/account").await);
    let wrong = browser.post("/console/account/second-factor", &[("code", "000000")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.text("#code-error").contains("not the present code"), "{}", wrong.html);
    let on = browser.post("/console/account/second-factor", &[("code", &code(&world, &authenticator))]).await;
    assert_eq!(on.text("h1"), "The second factor is on");
    let recovery = on.text("ul.codes code");
    assert_eq!(elsewhere.get("/console").await.status, StatusCode::SEE_OTHER, "other sessions have ended");

    let half = Browser::new(&world);
    assert_eq!(sign_in(&half, "kim@msp.example", PASSWORD).await.location(), "/users/sign_in/code?next=");
    assert_eq!(half.get("/console").await.status, StatusCode::SEE_OTHER);
    let used = half.post("/users/sign_in/code", &[("code", &code(&world, &authenticator))]).await;
    assert_eq!(used.status, StatusCode::UNPROCESSABLE_ENTITY, "the code that turned it on was used");
    world.clock.advance(Duration::from_secs(30));
    let good = code(&world, &authenticator);
    let before = half.cookies().split_once('=').map(|(name, value)| (name.to_owned(), value.to_owned()));
    assert_eq!(half.post("/users/sign_in/code", &[("code", &good)]).await.location(), "/console");
    assert_eq!(half.get("/console").await.status, StatusCode::OK);
    let copy = Browser::with_cookies(&world, before.into_iter().collect());
    assert_eq!(copy.get("/users/sign_in/code").await.location(), "/users/sign_in", "S17: the half session is over");

    for (expected, again) in [(StatusCode::SEE_OTHER, "the first time"), (StatusCode::UNPROCESSABLE_ENTITY, "again")] {
        let lost = Browser::new(&world);
        sign_in(&lost, "kim@msp.example", PASSWORD).await;
        assert_eq!(lost.post("/users/sign_in/code", &[("code", &recovery)]).await.status, expected, "{again}");
    }
    let late = Browser::new(&world);
    sign_in(&late, "kim@msp.example", PASSWORD).await;
    world.clock.advance(Duration::from_mins(5));
    let good = code(&world, &authenticator);
    assert_eq!(late.post("/users/sign_in/code", &[("code", &good)]).await.location(), "/users/sign_in");
}

/// Turns somebody's second factor on; gives the authenticator and the recovery codes. Its present code is used then.
async fn second_factor(world: &World, browser: &Browser<'_>) -> (Totp, Vec<String>) {
    let authenticator = authenticator(&browser.get("/console/account").await);
    let on = browser.post("/console/account/second-factor", &[("code", &code(world, &authenticator))]).await;
    assert_eq!(on.text("h1"), "The second factor is on");
    (authenticator, on.texts("ul.codes code"))
}

/// Whoever knows the password guesses the code no oftener than they could guess the password.
#[tokio::test]
async fn after_five_wrong_codes_an_account_waits_even_for_the_right_one() {
    let world = World::start(DATABASE).await;
    let (_, browser) = member(&world, "kim@msp.example", "technician").await;
    let (authenticator, _) = second_factor(&world, &browser).await;
    world.clock.advance(Duration::from_secs(30));
    let thief = Browser::new(&world);
    for _ in 0..5 {
        // The right password in between starts nothing anew.
        assert_eq!(sign_in(&thief, "kim@msp.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
        let wrong = thief.post("/users/sign_in/code", &[("code", "wrong")]).await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    let right = code(&world, &authenticator);
    let late = thief.post("/users/sign_in/code", &[("code", &right)]).await;
    assert_eq!(late.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(thief.get("/console").await.status, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(&thief, "kim@msp.example", PASSWORD).await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_recovery_code_is_its_owners_and_gone_with_the_second_factor_that_it_came_with() {
    let world = World::start(DATABASE).await;
    let (_, kim) = member(&world, "kim@msp.example", "technician").await;
    let (_, lee) = member(&world, "lee@msp.example", "technician").await;
    let (_, kims) = second_factor(&world, &kim).await;
    let (_, lees) = second_factor(&world, &lee).await;
    assert_eq!((kims.len(), lees.len()), (10, 10));
    let answered = async |email: &str, code: &str| {
        let browser = Browser::new(&world);
        sign_in(&browser, email, PASSWORD).await;
        browser.post("/users/sign_in/code", &[("code", code)]).await.status
    };
    assert_eq!(answered("kim@msp.example", &lees[0]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered("lee@msp.example", &lees[0]).await, StatusCode::SEE_OTHER, "it was not used up");

    world.clock.advance(Duration::from_secs(30));
    let (_, others) = second_factor(&world, &kim).await;
    assert_eq!(answered("kim@msp.example", &kims[0]).await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered("kim@msp.example", &others[0]).await, StatusCode::SEE_OTHER);
    assert_eq!(world.query("SELECT count(*) FROM recovery_code"), "20");

    let remove = "/console/account/second-factor/remove";
    let wrong = kim.post(remove, &[("password", "not my password")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answered("kim@msp.example", &others[1]).await, StatusCode::SEE_OTHER, "it is still asked for");
    kim.post(remove, &[("password", PASSWORD)]).await;
    let browser = Browser::new(&world);
    assert_eq!(sign_in(&browser, "kim@msp.example", PASSWORD).await.location(), "/console");
    assert_eq!(world.query("SELECT count(*) FROM recovery_code"), "10");
}

/// S17: somebody's browser is not signed in to an account that another site has chosen, and no link is used up there.
#[tokio::test]
async fn nobody_is_signed_in_by_a_form_of_another_site() {
    let world = World::start(DATABASE).await;
    let (_, kim) = member(&world, "kim@msp.example", "technician").await;
    let (authenticator, _) = second_factor(&world, &kim).await;
    let (lee, _) = member(&world, "lee@msp.example", "technician").await;
    let made = world.done(Method::POST, &format!("/staff/{lee}/reset"), json!({})).await;
    let link = made["link"].as_str().expect("a link").replace(&world.origin, "");
    let browser = Browser::new(&world);
    let post = async |path: &str, fields: &[(&str, &str)]| {
        let request = world.client.post(format!("{}{path}", world.origin)).header("origin", "https://evil.example");
        browser.send(request.form(fields)).await
    };

    let password = post("/users/sign_in", &[("email", "lee@msp.example"), ("password", PASSWORD)]).await;
    let welcome = post(&link, &[("password", PASSWORD)]).await;

    assert_eq!((password.status, welcome.status), (StatusCode::FORBIDDEN, StatusCode::GONE));
    assert!(browser.cookies().is_empty());
    assert_eq!(browser.get(&link).await.status, StatusCode::OK, "the link still works");
    sign_in(&browser, "kim@msp.example", PASSWORD).await;
    world.clock.advance(Duration::from_secs(30));
    let half = browser.cookies();
    let code = post("/users/sign_in/code", &[("code", &code(&world, &authenticator))]).await;
    assert_eq!((code.location().as_str(), browser.cookies()), ("/users/sign_in", half));
}

/// S6: no link is without an end.
#[tokio::test]
async fn a_link_works_for_three_days() {
    let world = World::start(DATABASE).await;
    let browser = Browser::new(&world);
    let mut links = Vec::new();
    for email in ["kim@msp.example", "lee@msp.example"] {
        let made = world.done(Method::POST, "/staff", json!({"name": "x", "email": email, "role": "technician"})).await;
        links.push(made["link"].as_str().expect("a link").replace(&world.origin, ""));
    }
    world.clock.advance(Duration::from_hours(72) - Duration::from_millis(1));
    assert_eq!(browser.post(&links[0], &[("password", PASSWORD)]).await.location(), "/console");
    world.clock.advance(Duration::from_millis(1));
    for late in [browser.get(&links[1]).await, browser.post(&links[1], &[("password", PASSWORD)]).await] {
        assert_eq!(late.status, StatusCode::GONE);
    }
}

/// S8: whoever comes back gets in by no old session and by no old link.
#[tokio::test]
async fn whoever_is_deactivated_is_out_at_once_and_the_last_administrator_stays() {
    let world = World::start(DATABASE).await;
    let (boss, boss_browser) = member(&world, "boss@msp.example", "administrator").await;
    let (kim, browser) = member(&world, "kim@msp.example", "technician").await;
    let form = [("name", "Kim"), ("email", "kim@msp.example"), ("role", "technician"), ("deactivated", "yes")];
    let saved = boss_browser.post(&format!("/console/staff/{kim}"), &form).await;
    assert_eq!(saved.location(), format!("/console/staff/{kim}?done=saved"));
    assert_eq!(browser.get("/console").await.status, StatusCode::SEE_OTHER);
    assert_eq!(sign_in(&browser, "kim@msp.example", PASSWORD).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    for change in [json!({"deactivated": true}), json!({"role": "technician"})] {
        let (status, problem) = world.api(Method::PATCH, &format!("/staff/{boss}"), Some(change)).await;
        assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    }
    assert_eq!(boss_browser.get("/console").await.status, StatusCode::OK);

    let path = format!("/staff/{kim}");
    let deactivate = async |yes: bool| world.done(Method::PATCH, &path, json!({"deactivated": yes})).await;
    deactivate(false).await;
    let made = world.done(Method::POST, &format!("{path}/reset"), json!({})).await;
    let link = made["link"].as_str().expect("a link").replace(&world.origin, "");
    deactivate(true).await;
    deactivate(false).await;
    assert_eq!(browser.get("/console").await.status, StatusCode::SEE_OTHER, "nor do old sessions come back");
    assert_eq!(browser.get(&link).await.status, StatusCode::GONE, "nor old links");
    world.run_sql("UPDATE staff SET deactivated_at = 1;");
    assert_eq!(boss_browser.get("/console").await.status, StatusCode::SEE_OTHER, "whoever has written it");
}

#[tokio::test]
async fn a_changed_password_ends_the_other_sessions_and_a_reset_all_of_them() {
    let world = World::start(DATABASE).await;
    let (id, browser) = member(&world, "kim@msp.example", "technician").await;
    let other = Browser::new(&world);
    sign_in(&other, "kim@msp.example", PASSWORD).await;
    let new = "another horse battery";
    let wrong = browser.post("/console/account/password", &[("old_password", "x"), ("password", new)]).await;
    assert_eq!(wrong.text("#old_password-error"), "Is not your password.");
    browser.post("/console/account/password", &[("old_password", PASSWORD), ("password", new)]).await;
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
    assert_eq!(other.get("/console").await.status, StatusCode::SEE_OTHER);
    let first = world.done(Method::POST, &format!("/staff/{id}/reset"), json!({})).await;
    let second = world.done(Method::POST, &format!("/staff/{id}/reset"), json!({})).await;
    let path = |made: &serde_json::Value| made["link"].as_str().expect("a link").replace(&world.origin, "");
    assert_eq!(other.get(&path(&first)).await.status, StatusCode::GONE, "a new link replaces the one before");
    assert_eq!(other.post(&path(&second), &[("password", PASSWORD)]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(browser.get("/console").await.status, StatusCode::SEE_OTHER);
}

/// A session ends unused, and in any case; somebody ends one of their own, and nobody else's.
#[tokio::test]
async fn sessions_are_listed_and_ended_by_whoever_has_them() {
    let world = World::start(DATABASE).await;
    let (_, browser) = member(&world, "kim@msp.example", "technician").await;
    let (_, stranger) = member(&world, "lee@msp.example", "administrator").await;
    let other = Browser::new(&world);
    sign_in(&other, "kim@msp.example", PASSWORD).await;
    let account = browser.get("/console/account").await;
    let form = account.html.split("/console/account/sessions/").nth(1).expect("another session");
    let path = format!("/console/account/sessions/{}", form.split('"').next().expect("a path"));
    assert_eq!(stranger.post(&path, &[]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(other.get("/console").await.status, StatusCode::OK);
    assert_eq!(browser.post(&path, &[]).await.location(), "/console/account?done=ended");
    assert_eq!(other.get("/console").await.status, StatusCode::SEE_OTHER);
    world.clock.advance(Duration::from_hours(2));
    assert_eq!(browser.get("/console").await.status, StatusCode::SEE_OTHER);
}

/// S17: a form that another site sends is not taken, whatever the page.
#[tokio::test]
async fn a_form_from_another_origin_changes_nothing() {
    let world = World::start(DATABASE).await;
    let (_, browser) = member(&world, "boss@msp.example", "administrator").await;
    for route in console::table().into_iter().filter(|route| route.method == Method::POST) {
        for origin in [Some("https://evil.example"), Some("null"), None] {
            let path = route
                .path
                .split('/')
                .map(|part| if part.starts_with('{') { Uuid::nil().to_string() } else { part.into() });
            let path = path.collect::<Vec<String>>().join("/");
            let request = world.client.post(format!("{}{path}", world.origin)).body("");
            let request = match origin {
                Some(origin) => request.header("origin", origin),
                None => request,
            };
            assert_eq!(browser.send(request).await.status, StatusCode::FORBIDDEN, "{path} {origin:?}");
        }
    }
    assert_eq!(browser.get("/console").await.status, StatusCode::OK);
}

/// S1: each route with each role, from the router's own table. What a role may is never 403, and what it may not always is.
#[tokio::test]
async fn each_page_of_the_console_opens_to_those_who_may_and_to_nobody_else() {
    let world = World::start(DATABASE).await;
    let (_, administrator) = member(&world, "boss@msp.example", "administrator").await;
    let (_, technician) = member(&world, "kim@msp.example", "technician").await;
    let (_, read_only) = member(&world, "lee@msp.example", "read_only").await;
    let stranger = Browser::new(&world);
    let table = console::table();
    assert!(table.len() > 10);
    // Last, since it ends the session that it is tried with.
    let (sign_out, others): (Vec<_>, Vec<_>) = table.into_iter().partition(|route| route.path == "/console/sign-out");
    for route in others.into_iter().chain(sign_out) {
        let nobody = Uuid::nil().to_string();
        let parts = route.path.split('/').map(|part| if part.starts_with('{') { nobody.as_str() } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let ask = async |browser: &Browser<'_>| match route.method {
            Method::GET => browser.get(&path).await,
            _ => browser.post(&path, &[]).await,
        };
        let page = ask(&stranger).await;
        assert!(page.status == StatusCode::SEE_OTHER && page.location().starts_with("/users/sign_in"), "{path}");
        let least = match route.permission {
            Permission::Look => 0,
            Permission::Work => 1,
            Permission::Administer | Permission::HandMailIn => 2,
        };
        for (rank, browser) in [&read_only, &technician, &administrator].into_iter().enumerate() {
            let page = ask(browser).await;
            assert_eq!(page.status == StatusCode::FORBIDDEN, rank < least, "{path} {rank}: {}", page.status);
            assert!(!page.status.is_server_error(), "{path}: {}", page.status);
        }
    }
}

/// Invariant 20: each change leaves a record, and no record ever changes.
#[tokio::test]
async fn the_audit_log_tells_who_did_what_and_only_grows() {
    let world = World::start(DATABASE).await;
    let organization = world.made("/organizations", json!({"name": "Contoso"})).await;
    world.done(Method::PATCH, &format!("/organizations/{organization}"), json!({"name": "Contoso Ltd"})).await;
    let records = world.get(&format!("/audit-records?subject_id={organization}")).await;
    let actions: Vec<_> =
        records["items"].as_array().expect("a list").iter().map(|record| record["action"].clone()).collect();
    assert_eq!(actions, ["organization_changed", "organization_made"]);
    assert_eq!(records["items"][0]["actor_kind"], "program");
    assert!(!records.to_string().contains("Contoso"), "no names: {records}");
    for change in ["UPDATE audit_record SET detail = ''", "DELETE FROM audit_record"] {
        let refused = world.sql(change);
        assert!(refused.contains("the audit log only grows"), "{change}: {refused}");
    }
    assert_eq!(world.get(&format!("/audit-records?subject_id={organization}")).await, records);
}

#[tokio::test]
async fn the_first_administrator_comes_through_a_link_that_the_server_prints() {
    let world = World::start(DATABASE).await;
    let mut world = world;
    world.stop().await;
    let mut program = world.program("").await;
    let mut lines = (&mut program.printed).lines();
    let link = loop {
        let line = lines.next_line().await.expect("a line").expect("a link is printed");
        if let Some(path) = line.strip_prefix(&program.origin) {
            break path.to_owned();
        }
    };
    let browser = Browser::new(&world);
    assert_eq!(browser.get(&link).await.text("h1"), "Welcome to Deskbell");
    let nameless = browser.post(&link, &[("name", ""), ("email", "boss"), ("password", PASSWORD)]).await;
    assert_eq!(nameless.text("#name-error"), "Must not be empty.");
    assert!(nameless.text("#email-error").contains("e-mail address"), "{}", nameless.html);
    let form = [("name", "Boss"), ("email", "boss@msp.example"), ("password", PASSWORD)];
    assert_eq!(browser.post(&link, &form).await.location(), "/console");
    assert!(browser.get("/console").await.has("a[href='/console/settings']"));
    assert_eq!(Browser::new(&world).get(&link).await.status, StatusCode::GONE);
}
