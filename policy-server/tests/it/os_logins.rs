use deskbell_protocol::{LaunchRequest, LaunchResponse, OsUser, Refusal};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    world::Msp,
};

fn sam() -> OsUser {
    OsUser { name: "Sam".into(), domain: "CONTOSO".into(), id: "S-1-5-21-7".into() }
}

async fn launch_as(agent: &Agent<'_>, os_user: OsUser) -> LaunchResponse {
    let launch = LaunchRequest { entry: "portal".parse().expect("an id"), os_user };
    let answer = agent.request(Method::POST, "/launch").json(&launch).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    answer.json().await.expect("JSON")
}

async fn click_as(agent: &Agent<'_>, os_user: OsUser) -> String {
    launch_as(agent, os_user).await.url.path().to_owned()
}

/// An end user who is a portal user.
async fn person(msp: &Msp, name: &str) -> String {
    let person = json!({"organization_id": msp.organization, "name": name});
    let person = msp.world.made("/end-users", person).await;
    let portal_user = json!({"organization_id": msp.organization, "end_user_id": person, "sign_in_name": name});
    msp.world.made("/portal-users", portal_user).await;
    person
}

async fn add_login(msp: &Msp, person: &str, login: Value) -> String {
    msp.world.made(&format!("/end-users/{person}/os-logins"), login).await
}

async fn remove_login(msp: &Msp, login: &str) {
    let (status, answer) = msp.world.api(Method::DELETE, &format!("/os-logins/{login}"), None).await;
    assert_eq!(status, StatusCode::OK, "{answer}");
}

/// C10: a shared computer that belongs to nobody opens the form for whoever's login is known, and for nobody else.
#[tokio::test]
async fn on_a_computer_without_an_assignment_the_login_tells_who_asks() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::enroll(&msp.world, &msp.enrollment_token).await;
    let sams = person(&msp, "Sam Poe").await;
    add_login(&msp, &sams, json!({"name": " sam ", "domain": "contoso"})).await;

    let browser = Browser::new(&msp.world);
    let form = browser.open(&click_as(&agent, sam()).await).await;
    assert_eq!(form.text(".who"), "Reporting as Sam Poe for PC-042");
    assert_eq!(browser.send_form(&form, &[("description", "x")]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(msp.world.get("/tickets").await["items"][0]["requester_id"], json!(sams));

    for other in [
        OsUser { name: "Samuel".into(), ..sam() },
        OsUser { domain: "PC-042".into(), ..sam() },
        OsUser { domain: String::new(), ..sam() },
    ] {
        assert_eq!(launch_as(&agent, other.clone()).await.refusal, Some(Refusal::NoEndUser), "{other:?}");
    }
}

/// C10: the login's end user comes before the assigned one, and a login with the account's id before one without.
#[tokio::test]
async fn a_known_login_counts_before_the_assignment() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let (sams, other) = (person(&msp, "Sam Poe").await, person(&msp, "Sam Other").await);
    add_login(&msp, &sams, json!({"name": "sam", "domain": "contoso"})).await;
    add_login(&msp, &other, json!({"name": "sam", "domain": "contoso", "os_id": "s-1-5-21-9"})).await;

    for (os_user, name) in [
        (sam(), "Sam Poe"),
        (OsUser { id: "S-1-5-21-9".into(), ..sam() }, "Sam Other"),
        (OsUser { name: "jane".into(), ..sam() }, "Jane Doe"),
    ] {
        let form = Browser::new(&msp.world).open(&click_as(&agent, os_user).await).await;
        assert_eq!(form.text(".who"), format!("Reporting as {name} for PC-042"));
    }
}

/// C10, SYN-42, AGT-20: what the gate asks of an assigned end user, it asks of the login's.
#[tokio::test]
async fn the_gate_is_the_logins_end_users_not_the_assigned_ones() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let sams = json!({"organization_id": msp.organization, "name": "Sam Poe"});
    let sams = msp.world.made("/end-users", sams).await;
    add_login(&msp, &sams, json!({"name": "sam", "domain": "contoso"})).await;

    let answer = launch_as(&agent, sam()).await;
    assert_eq!(answer.refusal, Some(Refusal::NotAPortalUser));
    let page = Browser::new(&msp.world).open(answer.url.path()).await;
    assert!(page.status == StatusCode::FORBIDDEN && page.html.contains("Sam Poe does not have"), "{}", page.html);

    let portal_user = json!({"organization_id": msp.organization, "end_user_id": sams, "sign_in_name": "sam"});
    let portal_user = msp.world.made("/portal-users", portal_user).await;
    let browser = Browser::new(&msp.world);
    assert_eq!(browser.open(&click_as(&agent, sam()).await).await.status, StatusCode::OK);
    let deactivated = json!({"state": "deactivated"});
    msp.world.done(Method::PATCH, &format!("/portal-users/{portal_user}"), deactivated).await;
    assert_eq!(browser.get(FORM).await.status, StatusCode::FORBIDDEN);
    assert_eq!(launch_as(&agent, OsUser { name: "jane".into(), ..sam() }).await.refusal, None);
}

/// C10, invariant 6: a session is bound to what told who asks; an unused code is, too.
#[tokio::test]
async fn a_session_ends_when_a_login_is_added_or_taken_away() {
    let msp = Msp::start(DATABASE).await;
    let agent = Agent::of_jane(&msp).await;
    let sams = person(&msp, "Sam Poe").await;
    let by_assignment = Browser::new(&msp.world);
    let form = by_assignment.open(&click_as(&agent, sam()).await).await;
    let unused = click_as(&agent, sam()).await;

    let login = add_login(&msp, &sams, json!({"name": "sam", "domain": "contoso"})).await;
    assert!(by_assignment.send_form(&form, &[("description", "As Jane")]).await.is_again());
    let late = Browser::new(&msp.world);
    assert_eq!(late.get(&unused).await.status, StatusCode::SEE_OTHER);
    assert!(late.get(FORM).await.is_again());

    let by_login = Browser::new(&msp.world);
    by_login.open(&click_as(&agent, sam()).await).await;
    agent.assign(&sams).await;
    assert_eq!(by_login.get(FORM).await.status, StatusCode::OK, "the assignment did not tell who asks");
    remove_login(&msp, &login).await;
    assert!(by_login.get(FORM).await.is_again(), "another basis, though the same person");
    add_login(&msp, &sams, json!({"name": "sam", "domain": "contoso"})).await;
    assert!(by_login.get(FORM).await.is_again(), "a second login is another one");
    assert_eq!(msp.world.get("/tickets").await["items"], json!([]));
}

/// C10: one login is one end user of an organization; another organization may have the same.
#[tokio::test]
async fn a_login_is_unique_in_its_organization_however_it_is_written() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let sams = person(&msp, "Sam Poe").await;
    let login = add_login(&msp, &sams, json!({"name": "Sam", "domain": "Contoso"})).await;
    let path = format!("/end-users/{}/os-logins", msp.jane);
    let (status, _) = world.api(Method::POST, &path, Some(json!({"name": "sAM ", "domain": "CONTOSO"}))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    for (pointer, bad) in [
        ("/name", json!({"name": " "})),
        ("/name", json!({"name": "a\nb"})),
        ("/domain", json!({"name": "a", "domain": "x".repeat(257)})),
        ("/os_id", json!({"name": "a", "os_id": "\u{0}1"})),
    ] {
        let (status, answer) = world.api(Method::POST, &path, Some(bad)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
        assert_eq!(answer["errors"][0]["pointer"], pointer);
    }
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let theirs = world.made("/contacts", json!({"organization_id": fabrikam, "name": "Sam Else"})).await;
    world.made(&format!("/contacts/{theirs}/os-logins"), json!({"name": "sam", "domain": "contoso"})).await;
    let agent = Agent::enroll(world, &msp.enrollment_token).await;
    let form = Browser::new(world).open(&click_as(&agent, sam()).await).await;
    assert_eq!(form.text(".who"), "Reporting as Sam Poe for PC-042", "the asset's organization decides");

    let listed = world.get(&format!("/end-users/{sams}/os-logins")).await;
    assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["name"]), (&json!(login), &json!("Sam")));
    assert_eq!(world.get(&path).await["items"], json!([]));
    remove_login(&msp, &login).await;
    let (status, _) = world.api(Method::DELETE, &format!("/os-logins/{login}"), None).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
