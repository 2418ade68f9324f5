//! Portal users in the console: the list, many at once, and one of them; and the same through the API.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    browsers::{Browser, Page},
    mail_server::MailServer,
    staff_members::member,
    world::{Msp, World},
};

const UNPROCESSABLE: StatusCode = StatusCode::UNPROCESSABLE_ENTITY;
const LIST: &str = "/console/portal-users";

/// An MSP, whose customer has these end users besides Jane: with an address, or without.
async fn with_people(server: &MailServer, people: &[(&str, Option<&str>)]) -> (Msp, Vec<String>) {
    let msp = Msp::of(World::configured(DATABASE, |config| config.mail = Some(server.config())).await).await;
    let mut ids = Vec::new();
    for (name, email) in people {
        let body = json!({"organization_id": msp.organization, "name": name, "email": email});
        ids.push(msp.world.made("/end-users", body).await);
    }
    (msp, ids)
}

/// The rows of a table of the page, each as its cells' texts.
fn rows(page: &Page, table: &str) -> Vec<String> {
    let columns = page.texts(&format!("{table} thead th")).len();
    let cells = page.texts(&format!("{table} tbody td"));
    cells.chunks(columns).map(|row| row.join(" ").trim().to_owned()).collect()
}

fn fields(page: &Page, css: &str) -> Vec<(String, String)> {
    let names = page.attributes(css, "name");
    names.into_iter().zip(page.attributes(css, "value")).collect()
}

async fn post(browser: &Browser<'_>, path: &str, fields: &[(String, String)]) -> Page {
    let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &fields).await
}

/// NAB-23, NAB-24, NAB-26, ZOH-08, RES-22: end users are chosen on the organization's page; the review says
/// who is mailed and who is skipped and why, and does nothing; confirmed, each is mailed once, and the count stands on the
/// page; once more does nothing.
#[tokio::test]
async fn chosen_end_users_are_reviewed_and_invited_once_nab_24() {
    let mut server = MailServer::start(&[]).await;
    let people = [
        ("Ada", Some("ada@contoso.example")),
        ("Bob", Some("bob@contoso.example")),
        ("Bobs twin", Some("BOB@contoso.example")),
        ("Eve", None),
        ("Max", Some("max@contoso.example")),
    ];
    let (msp, ids) = with_people(&server, &people).await;
    let (_, browser) = member(&msp.world, "kim@msp.example", "technician").await;
    // Max was invited by hand.
    msp.world.done(Method::POST, &format!("/end-users/{}/invite", ids[4]), json!({})).await;
    server.next_to("max@contoso.example").await;

    let page = browser.get(&format!("/console/organizations/{}", msp.organization)).await;
    let mut sent = fields(&page, "form[action='/console/portal-users/review'] input[type=hidden]");
    sent.push(("all".into(), "yes".into()));
    let review = post(&browser, "/console/portal-users/review", &sent).await;
    assert_eq!(
        (review.status, review.text("h1").as_str()),
        (StatusCode::OK, "Invite to the portal"),
        "{}",
        review.html
    );
    assert_eq!(rows(&review, "[aria-labelledby=done-heading]"), ["Ada ada@contoso.example", "Bob bob@contoso.example"]);
    let skipped = rows(&review, "[aria-labelledby=skipped-heading]");
    let skipped: Vec<_> = skipped.iter().map(String::as_str).collect();
    assert_eq!(
        skipped,
        [
            "Bobs twin BOB@contoso.example Has the same address as Bob, who is mailed.",
            "Eve  Has no e-mail address.",
            "Jane Doe  Has no e-mail address.",
            "Max max@contoso.example Was invited before; invite them again.",
        ]
    );
    assert!(server.has_nothing_more(), "a look at it sends nothing");
    assert_eq!(msp.world.get("/portal-users?state=invited").await["items"].as_array().expect("a list").len(), 1);

    let confirm = fields(&review, "form[action='/console/portal-users/steps'] input");
    for (people, sentence) in [(2, "2 people were invited."), (0, "0 people were invited, 2 skipped.")] {
        let done = post(&browser, "/console/portal-users/steps", &confirm).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
        let mut mailed = BTreeSet::new();
        for _ in 0..people {
            mailed.insert(server.next().await.header("to"));
        }
        assert_eq!(mailed.len(), people);
        assert_eq!(browser.get(&done.location()).await.text("[role=status]"), sentence);
    }
    assert!(server.has_nothing_more(), "one mail each");

    let nobody = browser.post("/console/portal-users/review", &[("step", "invite")]).await;
    assert_eq!((nobody.status, nobody.text("[role=alert]").as_str()), (UNPROCESSABLE, "Choose somebody first."));
    let portal = msp.world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    msp.world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"published": false})).await;
    let closed = post(&browser, "/console/portal-users/steps", &confirm).await;
    assert_eq!(closed.status, UNPROCESSABLE);
    assert!(closed.text("[role=alert]").contains("Publish it first"), "{}", closed.html);
}

/// ZOH-38, ZOH-27: the list tells the states and filters by them; several are deactivated after a
/// confirmation, at once, and reactivated.
#[tokio::test]
async fn the_list_filters_by_state_and_shuts_several_out_zoh_27() {
    let mut server = MailServer::start(&[]).await;
    let (msp, ids) =
        with_people(&server, &[("Ada", Some("ada@contoso.example")), ("Bob", Some("bob@contoso.example"))]).await;
    let (_, browser) = member(&msp.world, "kim@msp.example", "technician").await;
    for (id, address) in ids.iter().zip(["ada@contoso.example", "bob@contoso.example"]) {
        msp.world.done(Method::POST, &format!("/end-users/{id}/invite"), json!({})).await;
        server.next_to(address).await;
    }
    let of_organization = format!("{LIST}?organization={}", msp.organization);
    let states = |page: &Page| rows(page, "main");
    let all = browser.get(&of_organization).await;
    assert_eq!(states(&all).len(), 3, "{}", all.html);
    let invited = browser.get(&format!("{of_organization}&state=invited")).await;
    assert!(states(&invited).iter().all(|row| row.contains("Invited")) && states(&invited).len() == 2);

    let mut sent = fields(&invited, "input[name=shown_portal_user]");
    sent.extend([("all".into(), "yes".into()), ("step".into(), "deactivate".into())]);
    let review = post(&browser, "/console/portal-users/review", &sent).await;
    assert_eq!(rows(&review, "[aria-labelledby=done-heading]").len(), 2);
    let done = post(
        &browser,
        "/console/portal-users/steps",
        &fields(&review, "form[action='/console/portal-users/steps'] input"),
    )
    .await;
    assert_eq!(browser.get(&done.location()).await.text("[role=status]"), "2 people were deactivated.");
    for _ in 0..2 {
        let told = server.next().await;
        assert!(told.subject().contains("is switched off"), "{}", told.source);
    }
    assert_eq!(msp.world.get("/portal-users?state=deactivated").await["items"].as_array().expect("a list").len(), 2);

    // The same through the API, which says first what it would do.
    let ids: Vec<Value> = msp.world.get("/portal-users?state=deactivated").await["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|row| row["id"].clone())
        .collect();
    let body = |dry_run: bool| json!({"step": "reactivate", "chosen": {"portal_user_ids": ids}, "dry_run": dry_run});
    for (dry_run, left) in [(true, 2), (false, 0)] {
        let answer = msp.world.done(Method::POST, "/portal-users/steps", body(dry_run)).await;
        assert_eq!(answer["done_to"], 2, "{answer}");
        let deactivated = msp.world.get("/portal-users?state=deactivated").await;
        assert_eq!(deactivated["items"].as_array().expect("a list").len(), left);
    }
    let unknown = json!({"step": "invite", "chosen": {"end_user_ids": ["0190a3c4-0000-7000-8000-000000000000"]}});
    assert_eq!(msp.world.api(Method::POST, "/portal-users/steps", Some(unknown)).await.0, UNPROCESSABLE);
    assert!(server.has_nothing_more(), "who is reactivated gets no mail");
}

/// ZOH-32, ZOH-34: exactly those who were chosen, as RFC 4180 has it, with a mark for Excel, no formula and no secret.
#[tokio::test]
async fn the_chosen_ones_are_exported_and_no_cell_is_a_formula_zoh_34() {
    let server = MailServer::start(&[]).await;
    let (msp, ids) = with_people(&server, &[("=cmd()", Some("ada@contoso.example")), ("Bob", None)]).await;
    let (_, browser) = member(&msp.world, "kim@msp.example", "technician").await;
    let portal_user = json!({
        "organization_id": msp.organization, "end_user_id": ids[0], "sign_in_name": "+ada, \"the\" first"
    });
    let portal_user = msp.world.made("/portal-users", portal_user).await;
    msp.world
        .done(Method::PATCH, &format!("/portal-users/{portal_user}"), json!({"password": "walnut ferry candle"}))
        .await;
    let export = async |fields: &[(&str, &str)]| {
        let request = msp.world.client.post(format!("{}/console/portal-users/export", msp.world.origin)).form(fields);
        String::from_utf8(browser.bytes(request.header("origin", &msp.world.origin)).await).expect("UTF-8")
    };
    let header =
        "\u{feff}Sign-in name,End user,Organization,E-mail address,State,Group,Portal user,Portal admin,Id\r\n";
    let line = format!("\"'+ada, \"\"the\"\" first\",'=cmd(),Contoso,,active,limited,yes,no,{portal_user}\r\n");
    assert_eq!(export(&[("portal_user", &portal_user)]).await, format!("{header}{line}"));
    let all = export(&[("organization", &msp.organization)]).await;
    assert_eq!(all.lines().count(), 3, "{all}");
    assert!(all.contains("jane") && all.contains(&line) && !all.contains("argon2"), "{all}");
}

/// RS-13, RS-14, RS-20, RS-22, NAB-14: on the organization's page a portal user is made for the organization
/// itself; its page sets a password, points it to an end user and back, and gives roles; what is wrong is said beside its field.
#[tokio::test]
async fn a_portal_user_is_made_and_edited_in_the_console_rs_22() {
    let mut server = MailServer::start(&[]).await;
    let (msp, ids) = with_people(&server, &[("Ada", Some("ada@contoso.example"))]).await;
    let (_, browser) = member(&msp.world, "kim@msp.example", "technician").await;
    let add = format!("/console/organizations/{}/portal-users", msp.organization);
    let wrong = browser.post(&add, &[("portal_user_sign_in_name", " "), ("portal_user_email", "no address")]).await;
    assert_eq!(wrong.status, UNPROCESSABLE);
    assert!(wrong.has("#portal_user_sign_in_name-error") && wrong.has("#portal_user_email-error"), "{}", wrong.html);
    let sent = [("portal_user_sign_in_name", "jsmith"), ("portal_user_email", "boss@contoso.example")];
    let made = browser.post(&add, &sent).await;
    let path = made.location().split('?').next().expect("a path").to_owned();
    let id = path.rsplit('/').next().expect("an id").to_owned();
    let stored = async || msp.world.get(&format!("/portal-users/{id}")).await;
    assert_eq!((&stored().await["end_user_id"], &stored().await["state"]), (&Value::Null, &json!("enabled")));

    let short = browser.post(&format!("{path}/password"), &[("password", "short")]).await;
    assert!(short.text("#password-error").contains("at least 15 characters"), "{}", short.html);
    browser.post(&format!("{path}/password"), &[("password", "walnut ferry candle")]).await;
    assert_eq!(stored().await["state"], "active");
    assert!(server.next_to("boss@contoso.example").await.text().contains("password"), "they are told");
    let portal = Browser::new(&msp.world);
    let came_in =
        portal.post("/my_profile/user_login", &[("name", "JSmith"), ("password", "walnut ferry candle")]).await;
    assert_eq!(came_in.location(), "/my_profile/v2/index");

    let edit = async |fields: &[(&str, &str)]| {
        let common = [("sign_in_name", "jsmith"), ("email", "boss@contoso.example"), ("group", "limited")];
        browser.post(&path, &[&common[..], fields].concat()).await
    };
    assert_eq!(edit(&[("end_user_id", &ids[0]), ("is_user", "yes")]).await.status, StatusCode::SEE_OTHER);
    let now = stored().await;
    assert_eq!((&now["end_user_id"], &now["is_user"], &now["is_admin"]), (&json!(ids[0]), &json!(true), &json!(false)));
    let nothing = edit(&[("end_user_id", &ids[0])]).await;
    assert!(nothing.status == UNPROCESSABLE && nothing.has("#is_user-error"), "{}", nothing.html);
    edit(&[("end_user_id", ""), ("is_user", "yes"), ("is_admin", "yes")]).await;
    let now = stored().await;
    assert_eq!((&now["end_user_id"], &now["is_admin"]), (&Value::Null, &json!(true)));
    let page = browser.get(&path).await;
    assert!(page.has("input[name=is_admin][checked]") && !page.has("#end_user_id option[selected]"));
}
