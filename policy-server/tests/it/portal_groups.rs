//! Permission groups: what each switch of one does, on every surface.

use deskbell_protocol::Refusal;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::{DATABASE, mail::send_ticket};
use crate::{
    agents::Agent,
    browsers::Browser,
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::Msp,
};

const NEW_TICKET: &str = "/my_profile/v2/new_ticket";
const ALL: [&str; 4] = ["portal.access", "ticket.create.tray", "ticket.create", "ticket.view"];

async fn sign_in(msp: &Msp) -> Browser<'_> {
    let browser = Browser::new(&msp.world);
    browser.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    browser
}

/// SYN-50, S3, invariants 15 and 19: each permission, taken away, shuts its own surfaces from the next request of a live session,
/// whether a menu shows the way or not; given back, it opens them.
#[tokio::test]
async fn each_permission_holds_on_every_surface_at_once_syn_50() {
    let msp = Msp::start(DATABASE).await;
    let ticket = send_ticket(&msp, &[("description", "Mine")]).await;
    let group = json!({"name": "Accounting", "like": "limited"});
    let group = msp.world.done(Method::POST, "/portal-groups", group).await["key"].as_str().expect("a key").to_owned();
    let jane_path = format!("/portal-users/{}", msp.portal_user);
    msp.world.done(Method::PATCH, &jane_path, json!({"password": PASSWORD})).await;
    msp.world.done(Method::PATCH, &jane_path, json!({"group": group})).await;
    let group = format!("/portal-groups/{group}");
    let allow = async |but: &str| {
        let kept: Vec<_> = ALL.into_iter().filter(|permission| *permission != but).collect();
        msp.world.done(Method::PATCH, &group, json!({"permissions": kept})).await;
    };
    let agent = Agent::of_jane(&msp).await;
    let jane = sign_in(&msp).await;
    let form = jane.get(NEW_TICKET).await;
    let own = format!("/my_profile/v2/tickets/{ticket}");

    allow("ticket.view").await;
    let home = jane.get(HOME).await;
    assert!(
        home.status == StatusCode::OK && !home.has(".tickets") && home.has("nav a[href='/my_profile/v2/new_ticket']")
    );
    assert_eq!(jane.get(&own).await.status, StatusCode::FORBIDDEN);

    allow("ticket.create").await;
    let home = jane.get(HOME).await;
    assert!(home.has(".tickets") && !home.has("nav a[href='/my_profile/v2/new_ticket']"), "{}", home.html);
    assert_eq!(jane.get(NEW_TICKET).await.status, StatusCode::FORBIDDEN);
    let sent = jane.send_form_to(NEW_TICKET, &form, &[("description", "x")]).await;
    assert_eq!(sent.status, StatusCode::FORBIDDEN);
    assert!(sent.text(".typed, pre, textarea").contains('x'), "what was typed is given back");

    allow("ticket.create.tray").await;
    assert_eq!(agent.launch().await.refusal, Some(Refusal::NotPermitted));
    let (_, kim) = member(&msp.world, "kim@msp.example", "read_only").await;
    let asset = kim.get(&format!("/console/assets/{}", agent.asset)).await;
    assert!(asset.html.contains("group sends no tickets from the tray"), "{}", asset.html);
    assert_eq!(jane.get(&own).await.status, StatusCode::OK);

    allow("portal.access").await;
    for path in [HOME, "/my_profile", NEW_TICKET, &own] {
        assert_eq!(jane.get(path).await.location(), SIGN_IN, "{path}");
    }
    assert_eq!(sign_in(&msp).await.get(HOME).await.location(), SIGN_IN);
    assert_eq!(agent.launch().await.refusal, None, "the tray needs no portal access");

    allow("").await;
    assert_eq!(jane.get(HOME).await.texts(".tickets bdi"), ["Mine"]);
    assert_eq!(tickets(&msp).await, 1);
}

async fn tickets(msp: &Msp) -> usize {
    msp.world.get("/tickets").await["items"].as_array().expect("a list").len()
}

/// RS-18, RS-13: whoever is of an end user is limited, and whoever is the organization itself is not, where nobody says otherwise.
/// Groups are cloned, changed, refused and removed, in the API and in the console.
#[tokio::test]
async fn groups_are_made_like_others_and_only_unused_ones_go_rs_18() {
    let msp = Msp::start(DATABASE).await;
    let group_of = async |id: &str| msp.world.get(&format!("/portal-users/{id}")).await["group"].clone();
    assert_eq!(group_of(&msp.portal_user).await, "limited");
    let boss = json!({"organization_id": msp.organization, "sign_in_name": "boss"});
    let boss = msp.world.made("/portal-users", boss).await;
    assert_eq!(group_of(&boss).await, "admin");

    let list = msp.world.get("/portal-groups").await;
    let keys: Vec<_> = list["items"].as_array().expect("a list").iter().map(|group| group["key"].clone()).collect();
    assert_eq!(keys, ["admin", "limited", "no_access", "no_portal_user", "tray_only"]);
    let refused = async |method: Method, path: &str, body: Value| msp.world.api(method, path, Some(body)).await;
    let (status, problem) = refused(Method::PATCH, "/portal-groups/limited", json!({"permissions": []})).await;
    assert!(status == StatusCode::CONFLICT && problem["detail"].as_str().expect("text").contains("built in"));
    assert_eq!(refused(Method::DELETE, "/portal-groups/no_access", json!({})).await.0, StatusCode::CONFLICT);
    let unknown = refused(Method::PATCH, &format!("/portal-users/{boss}"), json!({"group": "x"})).await;
    assert_eq!((unknown.0, &unknown.1["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/group")));
    for (body, pointer) in [
        (json!({"name": "Limited"}), "/name"),
        (json!({"name": " "}), "/name"),
        (json!({"name": "x", "like": "y"}), "/like"),
    ] {
        let (status, problem) = refused(Method::POST, "/portal-groups", body).await;
        assert_eq!((status, &problem["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!(pointer)));
    }
    let wrong = json!({"name": "x", "permissions": ["everything"]});
    assert!(refused(Method::POST, "/portal-groups", wrong).await.0.is_client_error());

    let (_, boss_of_msp) = member(&msp.world, "boss@msp.example", "administrator").await;
    let page = "/console/settings/portal-groups";
    let made = boss_of_msp.post(page, &[("name", "Front desk"), ("like", "limited")]).await.location();
    let made = made.split('?').next().expect("a path").to_owned();
    let shown = boss_of_msp.get(&made).await;
    assert_eq!(
        shown.attributes("input[checked]", "name"),
        [
            "portal.access",
            "ticket.create.tray",
            "ticket.create",
            "ticket.view",
            "ticket.reply",
            "article.view",
            "community.view"
        ]
    );
    boss_of_msp.post(&made, &[("name", "Reception"), ("portal.access", "yes"), ("ticket.view", "yes")]).await;
    let shown = boss_of_msp.get(&made).await;
    assert_eq!((shown.text("h1").as_str(), shown.attributes("input[checked]", "name").len()), ("Reception", 2));
    let key = made.rsplit('/').next().expect("a key");
    msp.world.done(Method::PATCH, &format!("/portal-users/{boss}"), json!({"group": key})).await;
    assert!(
        boss_of_msp
            .get(&format!("/console/portal-users/{boss}"))
            .await
            .has(&format!("option[value='{key}'][selected]"))
    );
    let kept = boss_of_msp.post(&format!("{made}/remove"), &[]).await;
    assert!(
        kept.status == StatusCode::CONFLICT && kept.html.contains("Portal users are in this group"),
        "{}",
        kept.html
    );
    msp.world.done(Method::PATCH, &format!("/portal-users/{boss}"), json!({"group": "no_access"})).await;
    boss_of_msp.post(&format!("{made}/remove"), &[]).await;
    assert_eq!(boss_of_msp.get(&made).await.status, StatusCode::NOT_FOUND);
    let (_, kim) = member(&msp.world, "kim@msp.example", "technician").await;
    assert_eq!(kim.get(page).await.status, StatusCode::FORBIDDEN);
}
