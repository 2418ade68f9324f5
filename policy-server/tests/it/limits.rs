//! Limits at the portal's doors and behind them (S10), seen from several addresses: they come by a proxy that is trusted.

use std::{net::IpAddr, time::Duration};

use deskbell_server::config::Config;
use reqwest::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::{DATABASE, letting_in::portal_users, mail::send_ticket};
use crate::{
    browsers::{Browser, Page},
    mail_server::MailServer,
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::{Database, Msp, World},
};

const NEW_TICKET: &str = "/my_profile/v2/new_ticket";
const QUARTER_OF_AN_HOUR: Duration = Duration::from_mins(15);

fn behind_a_proxy(config: &mut Config) {
    config.proxies.trusted.push(IpAddr::from([127, 0, 0, 1]));
}

/// An MSP with an organization whose link is on: its id and the link.
async fn linked(msp: &Msp, name: &str) -> (String, String) {
    let id = msp.world.made("/organizations", json!({"name": name, "email": "office@example.com"})).await;
    let answer = msp.world.get(&format!("/organizations/{id}/portal-link")).await;
    let link = answer["url"].as_str().expect("on").strip_prefix(&msp.world.origin).expect("our own").to_owned();
    (id, link)
}

/// A page, asked for from an address.
async fn get_from(browser: &Browser<'_>, msp: &Msp, address: &str, path: &str) -> Page {
    let get = msp.world.client.get(format!("{}{path}", msp.world.origin));
    browser.send(get.header("x-forwarded-for", address)).await
}

/// A form, sent from an address.
async fn post_from(browser: &Browser<'_>, msp: &Msp, address: &str, path: &str, fields: &[(&str, &str)]) -> Page {
    let origin = &msp.world.origin;
    let post = msp.world.client.post(format!("{origin}{path}")).header("origin", origin).form(fields);
    browser.send(post.header("x-forwarded-for", address)).await
}

/// S10: a link begins a hundred sessions for an address in a quarter of an hour, and three hundred in all, which leave one
/// record for each address in the log that only grows; who is in stays, and so do other organizations and the staff's view.
#[tokio::test]
async fn an_organizations_link_begins_so_many_sessions_and_no_more() {
    let msp = Msp::of(World::configured(DATABASE, behind_a_proxy).await).await;
    let (fabrikam, link) = linked(&msp, "Fabrikam").await;
    let (_, other) = linked(&msp, "Adatum").await;
    let come = async |address: &str| get_from(&Browser::new(&msp.world), &msp, address, &link).await;
    let first = Browser::new(&msp.world);
    assert_eq!(get_from(&first, &msp, "203.0.113.1", &link).await.location(), HOME);
    for _ in 1..100 {
        assert_eq!(come("203.0.113.1").await.location(), HOME);
    }
    let refused = come("203.0.113.1").await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert!(refused.text("main").contains("quarter of an hour") && !refused.headers.contains_key("set-cookie"));
    assert_eq!(get_from(&first, &msp, "203.0.113.1", HOME).await.status, StatusCode::OK, "who is in stays");
    for address in ["203.0.113.2", "203.0.113.3"] {
        for _ in 0..100 {
            assert_eq!(come(address).await.location(), HOME);
        }
    }
    assert_eq!(come("203.0.113.4").await.status, StatusCode::TOO_MANY_REQUESTS, "all of them together");
    let page = get_from(&first, &msp, "203.0.113.4", &other).await;
    let switch = page.attribute("main form", "action");
    assert_eq!(post_from(&first, &msp, "203.0.113.4", &switch, &[]).await.location(), HOME, "another organization");
    let back = get_from(&first, &msp, "203.0.113.4", &link).await.attribute("main form", "action");
    let back = post_from(&first, &msp, "203.0.113.4", &back, &[]).await;
    assert_eq!(back.status, StatusCode::TOO_MANY_REQUESTS, "by the form that switches, too");
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    assert_eq!(kim.post(&format!("/console/organizations/{fabrikam}/view-portal"), &[]).await.location(), HOME);
    let records = msp.world.get(&format!("/audit-records?subject_id={fabrikam}&limit=200")).await;
    let records = records["items"].as_array().expect("a list").iter();
    assert_eq!(
        records.filter(|record| record["action"] == "organization_link_used").count(),
        3,
        "one for each address"
    );
    msp.world.clock.advance(QUARTER_OF_AN_HOUR);
    assert_eq!(come("203.0.113.4").await.location(), HOME);
}

/// S10: of a thousand sessions that one link has begun the oldest ends with another one; staff who look are not among them.
#[tokio::test]
async fn of_very_many_sessions_of_a_link_the_oldest_ends() {
    let msp = Msp::start(DATABASE).await;
    let (fabrikam, link) = linked(&msp, "Fabrikam").await;
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    kim.post(&format!("/console/organizations/{fabrikam}/view-portal"), &[]).await;
    let (first, second) = (Browser::new(&msp.world), Browser::new(&msp.world));
    first.get(&link).await;
    second.get(&link).await;
    let id = |id: &str| match DATABASE {
        Database::Sqlite => format!("X'{}'", id.replace('-', "")),
        Database::Postgres => format!("'{id}'"),
    };
    msp.world.clock.advance(Duration::from_secs(1));
    let now = msp.world.query("SELECT max(created_at) FROM link_session").parse::<u128>().expect("a time") + 1;
    let rows: Vec<_> = (0..998_u128)
        .map(|n| {
            let session = id(&Uuid::from_u128(now << 80 | n).to_string());
            format!("({session}, {}, 'hash {n}', 'a browser', '192.0.2.1', {now})", id(&fabrikam))
        })
        .collect();
    let columns = "id, organization_id, token_hash, browser, address, created_at";
    msp.world.run_sql(&format!("INSERT INTO link_session ({columns}) VALUES {};", rows.join(", ")));
    assert_eq!(first.get(HOME).await.status, StatusCode::OK);
    Browser::new(&msp.world).get(&link).await;
    assert_eq!(first.get(HOME).await.location(), SIGN_IN, "the oldest has ended");
    assert_eq!(second.get(HOME).await.status, StatusCode::OK);
    assert_eq!(kim.get(HOME).await.status, StatusCode::OK, "the staff's view is none of them");
}

/// S10, S11: by a link come thirty tickets from an address in a quarter of an hour, and a hundred in all; what was typed beyond is
/// kept in the form, and a form that was sent already has its answer (invariant 21).
#[tokio::test]
async fn so_many_tickets_come_by_a_link_and_no_more() {
    let msp = Msp::of(World::configured(DATABASE, behind_a_proxy).await).await;
    let (fabrikam, link) = linked(&msp, "Fabrikam").await;
    let browser = Browser::new(&msp.world);
    get_from(&browser, &msp, "203.0.113.1", &link).await;
    let send = async |address: &str, form: &Uuid| {
        let form = form.to_string();
        let fields = [("form_id", form.as_str()), ("form_for", &fabrikam), ("description", "No <paper>")];
        let fields = [&fields[..], &[("urgency", "low"), ("unverified_name", "Sam")]].concat();
        post_from(&browser, &msp, address, NEW_TICKET, &fields).await
    };
    let forms: Vec<_> = (0..100).map(|_| Uuid::new_v4()).collect();
    for (n, form) in forms.iter().enumerate() {
        let answer = send(&format!("203.0.113.{}", n / 30), form).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{n}: {}", answer.html);
    }
    let beyond = Uuid::new_v4();
    for address in ["203.0.113.0", "203.0.113.4"] {
        let refused = send(address, &beyond).await;
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert!(refused.text("[role=alert]").contains("quarter of an hour"), "{}", refused.html);
        assert_eq!(refused.text("textarea[name=description]"), "No <paper>");
        assert_eq!(refused.value("input[name=form_id]"), beyond.to_string());
    }
    let again = send("203.0.113.0", &forms[0]).await;
    assert_eq!(again.status, StatusCode::SEE_OTHER, "it was sent before");
    assert_eq!(msp.world.query("SELECT count(*) FROM ticket"), "100");
    msp.world.clock.advance(QUARTER_OF_AN_HOUR);
    assert_eq!(send("203.0.113.0", &beyond).await.status, StatusCode::SEE_OTHER);
}

/// Portal users who can sign in with [`PASSWORD`], each with an address: `user0@c.example` and so on.
async fn office(msp: &Msp, count: usize) {
    msp.world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    portal_users(msp, count);
    msp.world.run_sql(
        "UPDATE portal_user SET email = sign_in_name || '@c.example', email_key = sign_in_key || '@c.example', \
         password_hash = (SELECT password_hash FROM portal_user WHERE sign_in_name = 'jane') \
         WHERE sign_in_name LIKE 'user%';",
    );
}

async fn mails(msp: &Msp, count: usize) {
    let count = count.to_string();
    let all_came = async {
        while msp.world.query("SELECT count(*) FROM mail") != count {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_mins(1), all_came).await.is_ok();
    assert!(in_time, "{} in place of {count}", msp.world.query("SELECT count(*) FROM mail"));
}

/// S10: the doors mail three hundred times to one organization in a quarter of an hour, by whichever of them, from wherever; the
/// answer has the same bytes, passwords go on working, and other organizations are mailed.
#[tokio::test]
async fn one_organization_is_mailed_so_often_and_no_oftener() {
    let server = MailServer::start(&[]).await;
    let world = World::configured(DATABASE, |config| {
        config.mail = Some(server.config());
        behind_a_proxy(config);
    });
    let msp = Msp::of(world.await).await;
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"self_sign_up": true})).await;
    let adatum = msp.world.made("/organizations", json!({"name": "Adatum"})).await;
    let ann = json!({"organization_id": adatum, "sign_in_name": "ann", "email": "ann@a.example"});
    let ann = msp.world.made("/portal-users", ann).await;
    office(&msp, 101).await;
    msp.world.done(Method::PATCH, &format!("/portal-users/{ann}"), json!({"password": PASSWORD})).await;
    send_ticket(&msp, &[("description", "Mine")]).await;
    msp.world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": "jane@c.example"})).await;
    let before = msp.world.query("SELECT count(*) FROM mail").parse::<usize>().expect("a number");

    let browser = Browser::new(&msp.world);
    let ask = async |door: &str, n: usize, email: &str| {
        let page = post_from(&browser, &msp, &format!("203.0.113.{n}"), door, &[("email", email)]).await;
        assert_eq!(page.status, StatusCode::OK);
        page.html
    };
    let (link, reset) = (format!("{SIGN_IN}/link"), format!("{SIGN_IN}/reset"));
    let mut answers = std::collections::BTreeSet::new();
    for n in 0..100 {
        for door in [&link, &reset, &link] {
            answers.insert(ask(door, n, &format!("user{n}@c.example")).await);
        }
    }
    mails(&msp, before + 300).await;
    answers.insert(ask(&link, 101, "user100@c.example").await);
    answers.insert(ask(&reset, 101, "user100@c.example").await);
    assert_eq!(answers.len(), 1, "the same bytes");
    ask("/my_profile/sign_up", 101, "user100@c.example").await;
    ask(&link, 101, "ann@a.example").await;
    mails(&msp, before + 301).await;
    let to = async |address: &str| msp.world.query(&format!("SELECT count(*) FROM mail WHERE recipient = '{address}'"));
    assert_eq!((to("user100@c.example").await, to("ann@a.example").await), ("0".into(), "2".into()));
    let signed_in = post_from(&browser, &msp, "203.0.113.102", SIGN_IN, &[("name", "user100"), ("password", PASSWORD)]);
    assert_eq!(signed_in.await.location(), HOME, "passwords go on working");
    msp.world.clock.advance(QUARTER_OF_AN_HOUR);
    ask(&link, 101, "user100@c.example").await;
    mails(&msp, before + 302).await;
}

/// S10, scope of limits: fifty people behind one address sign in, each after a wrong try, while somebody there guesses at whatever
/// comes to mind; and each of them is mailed a link.
#[tokio::test]
async fn a_whole_office_behind_one_address_signs_in_while_somebody_there_guesses() {
    let server = MailServer::start(&[]).await;
    let msp = Msp::mailing(DATABASE, &server).await;
    office(&msp, 50).await;
    let before = msp.world.query("SELECT count(*) FROM mail").parse::<usize>().expect("a number");
    let sign_in = async |name: &str, password: &str| {
        Browser::new(&msp.world).post(SIGN_IN, &[("name", name), ("password", password)]).await
    };
    for n in 0..120 {
        assert_eq!(sign_in(&format!("guess {n}"), "a wrong one").await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }
    for n in 0..50 {
        let name = format!("user{n}");
        assert_eq!(sign_in(&name, "a wrong password").await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(sign_in(&name, PASSWORD).await.location(), HOME, "{name}");
        let email = format!("{name}@c.example");
        Browser::new(&msp.world).post(&format!("{SIGN_IN}/link"), &[("email", &email)]).await;
    }
    mails(&msp, before + 50).await;
}

/// S9, S10: names of colleagues are no way to find out who there is: one that nobody has and one of another organization give the
/// same page, and after thirty that nobody has, none is looked for; names that are right do not count.
#[tokio::test]
async fn trying_names_of_colleagues_finds_nobody_out() {
    let msp = Msp::start(DATABASE).await;
    msp.world.made("/end-users", json!({"organization_id": msp.organization, "name": "Bob"})).await;
    let adatum = msp.world.made("/organizations", json!({"name": "Adatum"})).await;
    msp.world.made("/end-users", json!({"organization_id": adatum, "name": "Ann", "email": "ann@a.example"})).await;
    let password = json!({"password": PASSWORD, "is_admin": true});
    let path = format!("/portal-users/{}", msp.portal_user);
    assert_eq!(msp.world.api(Method::PATCH, &path, Some(password)).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    for change in [json!({"password": PASSWORD}), json!({"is_admin": true})] {
        msp.world.done(Method::PATCH, &path, change).await;
    }
    let jane = Browser::new(&msp.world);
    jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    let form = jane.get(NEW_TICKET).await;
    let ask = async |field: &str, names: &str| {
        let page = jane.send_form_to(NEW_TICKET, &form, &[(field, names)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "without a description");
        page
    };
    for _ in 0..20 {
        assert!(!ask("people", "Bob\nJane Doe").await.has("#people-error"));
    }
    for field in ["people", "requester"] {
        let html = async |name: &str| ask(field, name).await.html.replace(name, "somebody");
        let nobody = html("Zoe").await;
        assert!(nobody.contains("Nobody in your organization is called"), "{nobody}");
        for foreign in ["Ann", "ann@a.example"] {
            assert_eq!(html(foreign).await, nobody, "{field} {foreign}");
        }
    }
    let names: Vec<_> = (0..20).map(|n| format!("Nobody {n}")).collect();
    assert!(ask("people", &names.join("\n")).await.text("#people-error").starts_with("Nobody in your organization is"));
    let names = names.join("\n").replace("Nobody", "Noone");
    let refused = ask("people", &names).await.text("#people-error");
    assert!(refused.contains("quarter of an hour"), "{refused}");
    for (field, error) in [("people", "#people-error"), ("requester", "#requester-error")] {
        assert_eq!(ask(field, "Bob").await.text(error), refused, "{field}: a right name says nothing then");
    }
    let sent = jane.send_form_to(NEW_TICKET, &form, &[("description", "No paper")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "whoever leaves it empty sends");
    msp.world.clock.advance(QUARTER_OF_AN_HOUR);
    assert!(!ask("people", "Bob").await.has("#people-error"));
}
