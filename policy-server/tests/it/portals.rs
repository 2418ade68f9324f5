//! Portals: made, designed, published, rolled back; several on one server, each at a place of its own.

use std::process::Command;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    agents::Agent,
    browsers::{Browser, FORM, Page},
    mail_server::MailServer,
    staff_members::member,
    visitors::{HOME, PASSWORD, SIGN_IN},
    world::{Msp, World, command},
};

async fn portal_with(world: &World, prefix: &str) -> String {
    let id = world.made("/portals", json!({"name": prefix, "prefix": prefix})).await;
    world.done(Method::PATCH, &format!("/portals/{id}"), json!({"published": true})).await;
    id
}

fn port(world: &World) -> String {
    world.origin.rsplit(':').next().expect("a port").to_owned()
}

/// Below `localhost`, each portal has a host of its own.
async fn below_localhost() -> Msp {
    Msp::of(World::configured(DATABASE, |config| config.base_domain = "localhost".into()).await).await
}

fn stylesheet(page: &Page) -> String {
    page.attribute("link[rel=stylesheet]", "href")
}

/// RES-05, RES-07, RES-08: light or dark, a name that is needed and that no other portal has, and a draft that nobody can use.
/// RES-06: API and command line make the same.
#[tokio::test]
async fn a_portal_is_made_in_two_steps_or_by_a_program_res_05() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    assert_eq!(boss.get("/console/portals").await.attribute("a.button", "href"), "/console/portals/new");
    let first = boss.get("/console/portals/new").await;
    assert_eq!(first.attributes("input[name=color_mode]", "value"), ["system", "light", "dark"]);
    assert_eq!(first.text("main form button"), "Next");
    let second = boss.get("/console/portals/new?color_mode=dark").await;
    assert_eq!(second.value("input[name=color_mode]"), "dark");
    let nameless = boss.post("/console/portals", &[("color_mode", "dark"), ("name", " "), ("prefix", "x")]).await;
    assert_eq!(nameless.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(nameless.has("#name-error") && nameless.has("#prefix-error"), "{}", nameless.html);
    assert_eq!(nameless.value("#prefix"), "x", "what was typed stays");

    let fields = [("color_mode", "dark"), ("name", "Northwind"), ("prefix", "northwind")];
    let made = boss.post("/console/portals", &fields).await;
    assert_eq!(made.status, StatusCode::SEE_OTHER, "{}", made.html);
    let taken =
        boss.post("/console/portals", &[("color_mode", "dark"), ("name", " NORTHWIND"), ("prefix", "other")]).await;
    assert_eq!(taken.status, StatusCode::CONFLICT);
    let by_api = world.made("/portals", json!({"name": "By API", "prefix": "by-api", "color_mode": "dark"})).await;
    let arguments = ["portal", "create", "By hand", "--prefix", "by-hand", "--color-mode", "dark"];
    let by_hand = command(&world.data, &world.database_url, &arguments);
    let printed = String::from_utf8(by_hand.stdout).expect("text");
    let by_hand = printed.split('\t').next().expect("an id").to_owned();
    let by_wizard = made.location().split(['/', '?']).nth(3).expect("an id").to_owned();
    let shape = async |id: &str| {
        let mut portal = world.get(&format!("/portals/{id}")).await;
        for own in ["id", "name", "display_name", "prefix", "url"] {
            portal.as_object_mut().expect("an object").remove(own);
        }
        portal
    };
    let wizard = shape(&by_wizard).await;
    assert_eq!((&wizard["published"], &wizard["color_mode"]), (&json!(false), &json!("dark")));
    assert_eq!((shape(&by_api).await, shape(&by_hand).await), (wizard.clone(), wizard));
    let browser = Browser::new(world);
    let page = browser.get("/portal/northwind/").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN, "nobody can use it yet: {}", page.html);
}

/// NAB-01: before the setup its address says so, and a checklist what there is to do.
#[tokio::test]
async fn a_checklist_leads_to_a_portal_that_is_ready_nab_01() {
    let world = World::start(DATABASE).await;
    let (_, boss) = member(&world, "boss@msp.example", "administrator").await;
    let page = Browser::new(&world).get(SIGN_IN).await;
    assert_eq!((page.status, page.text("h1").as_str()), (StatusCode::FORBIDDEN, "The portal is not set up yet"));
    let portal = world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned();
    let open = async || boss.get(&format!("/console/portals/{portal}")).await.texts("ol.steps strong");
    assert!(open().await.iter().all(|step| step.starts_with("To do: ")), "{:?}", open().await);
    let path = format!("/portals/{portal}");
    world.done(Method::PATCH, &path, json!({"display_name": "Northwind", "primary_color": "#0a0b0c"})).await;
    world.done(Method::PATCH, "/provider", json!({"support_phone": "+1 555 0100"})).await;
    world.done(Method::PATCH, &path, json!({"published": true})).await;
    let left: Vec<_> = open().await.into_iter().filter(|step| step.starts_with("To do: ")).collect();
    assert_eq!(left, ["To do: Have mail sent", "To do: Say where customers pay", "To do: Let somebody in"]);
}

/// NAB-02: 3 to 63 of `a-z`, `0-9` and `-`; no reserved word, no punycode, and no other portal has it.
#[tokio::test]
async fn a_prefix_is_plain_and_nobody_elses_nab_02() {
    let world = World::start(DATABASE).await;
    for bad in ["ab", "Acme", "acme.x", "xn--acme", "www", "-acme"] {
        let (status, answer) = world.api(Method::POST, "/portals", Some(json!({"name": "Acme", "prefix": bad}))).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        assert_eq!(answer["errors"][0]["pointer"], "/prefix", "{bad}");
    }
    portal_with(&world, "acme").await;
    let (status, _) = world.api(Method::POST, "/portals", Some(json!({"name": "Other", "prefix": "acme"}))).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

/// RES-15, NAB-11, invariant 18: what is drafted is seen by nobody; what is published, with the next request; an earlier version
/// comes back.
#[tokio::test]
async fn a_draft_is_not_seen_before_it_is_published_and_can_be_rolled_back_res_15() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let path = format!("/portals/{}", msp.portal().await);
    let browser = Browser::new(world);
    let seen = async || {
        let page = browser.get(SIGN_IN).await;
        let styles = browser.get(&stylesheet(&page)).await.html;
        (page.text("header"), styles.contains("--primary:#123456"))
    };
    let before = seen().await;
    let draft = json!({"display_name": "Northwind", "primary_color": "#123456", "accent_color": "#654321"});
    let drafted = world.done(Method::PUT, &format!("{path}/draft"), draft).await;
    assert_eq!((&drafted["draft"]["display_name"], &drafted["version"]), (&json!("Northwind"), &json!(1)));
    assert_eq!(seen().await, before);
    let published = world.done(Method::POST, &format!("{path}/publish"), json!({})).await;
    assert_eq!((&published["draft"], &published["version"]), (&Value::Null, &json!(2)));
    assert_eq!(seen().await, ("Northwind".to_owned(), true));
    let versions = world.get(&format!("{path}/versions")).await;
    let numbers: Vec<_> =
        versions["items"].as_array().expect("a list").iter().map(|row| row["version"].clone()).collect();
    assert_eq!(numbers, [json!(2), json!(1)]);
    world.done(Method::POST, &format!("{path}/versions/1/restore"), json!({})).await;
    assert_eq!(seen().await, before);
    assert_eq!(world.get(&path).await["version"], 3, "a restored version is another one");
    let records = world.get("/audit-records").await;
    let done: Vec<_> =
        records["items"].as_array().expect("a list").iter().map(|record| record["action"].clone()).collect();
    for action in ["portal_drafted", "portal_design_published"] {
        assert!(done.contains(&json!(action)), "{action}: {done:?}");
    }
}

/// RES-09, RES-10 to RES-13, NAB-04, NAB-08 to NAB-10: the form of the design, with its buttons.
#[tokio::test]
async fn the_design_is_made_with_a_form_and_its_buttons_res_11() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    let (portal, design) = (msp.portal().await, format!("/console/portals/{}/design", msp.portal().await));
    let press = async |page: &Page, action: &str, change: &[(&str, usize, &str)]| {
        let mut fields = vec![("action".to_owned(), action.to_owned())];
        for name in ["display_name", "primary_color", "accent_color", "homepage_url", "home"].into_iter().chain([
            "menu_type",
            "menu_id",
            "menu_label",
            "menu_url",
        ]) {
            let values = page.attributes(&format!("#design [name={name}]"), "value").into_iter().enumerate();
            fields.extend(values.map(|(at, value)| {
                let typed = change.iter().find(|(changed, place, _)| (*changed, *place) == (name, at));
                (name.to_owned(), typed.map_or(value, |(_, _, typed)| (*typed).to_owned()))
            }));
        }
        for _ in page.attributes("[name=menu_type]", "value") {
            fields.push(("menu_text".into(), String::new()));
        }
        let chosen = change.iter().find(|(name, ..)| *name == "menu_new").map_or("link", |(_, _, chosen)| *chosen);
        fields.push(("menu_new".into(), chosen.into()));
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let answer = boss.post(&design, &fields).await;
        if answer.status == StatusCode::SEE_OTHER { boss.get(&answer.location()).await } else { answer }
    };
    let menu = |page: &Page| page.attributes("[name=menu_type]", "value");
    let page = boss.get(&design).await;
    assert_eq!(menu(&page), ["home", "new_ticket", "articles", "computers", "billing"]);
    let page = press(&page, "menu-up-1", &[]).await;
    assert_eq!(menu(&page)[..2], ["new_ticket", "home"]);
    let page = press(&page, "menu-out-4", &[]).await;
    assert_eq!(menu(&boss.get(&design).await), ["new_ticket", "home", "articles", "computers"], "it is kept");
    let page = press(&page, "menu-add", &[("menu_new", 0, "community")]).await;
    assert_eq!((page.status, menu(&page).len()), (StatusCode::OK, 5));
    let wrong = press(&page, "save", &[("homepage_url", 0, "javascript:alert(1)"), ("primary_color", 0, "red")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.has("#homepage_url-error") && wrong.has("#primary_color-error"), "{}", wrong.html);
    assert!(wrong.has("#url-4-error"), "the community's address is missing: {}", wrong.html);
    let jane = Browser::new(world);
    let before = jane.get(SIGN_IN).await;
    assert!(!before.has("header a"));
    let filled = [
        ("homepage_url", 0, "https://www.northwind.example"),
        ("display_name", 0, "Northwind"),
        ("primary_color", 0, "#123456"),
        ("menu_url", 4, "https://community.northwind.example/"),
    ];
    let done = press(&wrong, "publish", &filled).await;
    assert_eq!(done.text("[role=status]"), "Published. End users see it with their next page.", "{}", done.html);
    let page = jane.get(SIGN_IN).await;
    assert_eq!((page.text("header"), page.attribute("header a", "rel")), ("Northwind".into(), "noopener".into()));
    assert_eq!(page.attribute("header a", "href"), "https://www.northwind.example/");
    let types = ["new_ticket", "home", "articles", "computers"].map(|kind| json!({"type": kind}));
    let community = json!({"type": "community", "url": "https://community.northwind.example/"});
    let expected: Vec<_> = types.into_iter().chain([community]).collect();
    assert_eq!(world.get(&format!("/portals/{portal}")).await["menu"], json!(expected));
}

/// NAB-05 to NAB-07: PNG or JPEG by its content, written anew, small; S15: anything else is refused, whatever it is called.
#[tokio::test]
async fn a_logo_is_taken_by_its_content_and_written_anew_nab_06() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let upload = async |content: Vec<u8>| {
        let post = world.client.post(format!("{}/api/v1/logos", world.origin)).bearer_auth(&world.api_token);
        let answer = post.header("content-type", "image/png").body(content).send().await.expect("an answer");
        (answer.status(), answer.json::<Value>().await.expect("JSON"))
    };
    let jpeg = include_bytes!("portals/logo.jpg").to_vec();
    for bad in [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>".to_vec(),
        b"GIF89a\x01\x00\x01\x00".to_vec(),
        b"<html>\x89PNG".to_vec(),
        jpeg[..jpeg.len() / 2].to_vec(),
        vec![0; (1 << 20) + 1],
    ] {
        let (status, answer) = upload(bad).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{answer}");
    }
    let mut polyglot = jpeg.clone();
    polyglot.extend_from_slice(b"<script>alert(1)</script>");
    let (status, kept) = upload(polyglot).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    let (name, path) = (kept["name"].as_str().expect("a name").to_owned(), format!("/portals/{}", msp.portal().await));
    world.done(Method::PATCH, &path, json!({"logo": name})).await;
    let browser = Browser::new(world);
    let page = browser.get(SIGN_IN).await;
    let logo = world.client.get(format!("{}{}", world.origin, page.attribute("header img", "src")));
    let logo = logo.send().await.expect("an answer");
    assert_eq!(
        (logo.headers()["content-type"].clone(), logo.headers()["x-content-type-options"].clone()),
        ("image/png".parse().expect("a value"), "nosniff".parse().expect("a value"))
    );
    let logo = logo.bytes().await.expect("bytes");
    assert!(logo.starts_with(b"\x89PNG") && logo.len() <= 20 * 1024, "{} bytes", logo.len());
    for leftover in [&b"<script>"[..], b"Exif", b"GPS-secret"] {
        assert!(!logo.windows(leftover.len()).any(|part| part == leftover), "nothing but the pixels");
    }
    let unknown = json!({"logo": "0".repeat(64)});
    let (status, answer) = world.api(Method::PATCH, &path, Some(unknown)).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/logo")));
}

/// SYN-30: a name below the base domain that no portal has: a page that says so and names none. A portal's own host has its
/// pages alone. ZOH-36: the path with its prefix leads there.
#[tokio::test]
async fn each_portal_is_at_its_own_host_and_an_unknown_one_learns_nothing_syn_30() {
    let msp = below_localhost().await;
    let world = &msp.world;
    let portal = portal_with(world, "acme").await;
    let host = format!("acme.localhost:{}", port(world));
    let acme = Browser::at(world, &host);
    let page = acme.get(SIGN_IN).await;
    assert_eq!((page.status, page.text("header").as_str()), (StatusCode::OK, "acme"));
    let unknown = Browser::at(world, &format!("contoso.localhost:{}", port(world))).get(SIGN_IN).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
    assert!(!unknown.html.contains("acme") && !unknown.html.contains("Northwind"), "{}", unknown.html);
    for path in ["/console", "/users/sign_in", "/api/v1/portals", "/agent/v1/policy", "/metrics", "/packages/x/y"] {
        assert_ne!(acme.get(path).await.status, StatusCode::OK, "{path}");
        assert!(!acme.get(path).await.status.is_redirection(), "{path}");
    }
    let below = Browser::new(world).get("/portal/acme/my_profile/user_login?x=1").await;
    assert_eq!(below.location(), format!("http://{host}{SIGN_IN}?x=1"));
    let home_page = Browser::new(world).get("/portal/acme/HomePage.do").await;
    assert_eq!(home_page.location(), format!("http://{host}{HOME}"));
    world.done(Method::PATCH, &format!("/portals/{portal}"), json!({"domain": "help.acme.example"})).await;
    let own = Browser::at(world, &format!("help.acme.example:{}", port(world))).get(SIGN_IN).await;
    assert_eq!((own.status, own.text("header").as_str()), (StatusCode::OK, "acme"));
    assert_eq!(acme.get(SIGN_IN).await.status, StatusCode::NOT_FOUND, "it is at one place");
}

/// ZOH-35, ZOH-36: without a base domain a portal is at a path, and each of its links stays there.
#[tokio::test]
async fn below_its_prefix_a_portal_works_whole_zoh_36() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let portal = portal_with(world, "acme").await;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    let address = boss.get(&format!("/console/portals/{portal}")).await.text("#address");
    assert_eq!(address, format!("{}/portal/acme/", world.origin));
    world.done(Method::PATCH, &format!("/organizations/{}", msp.organization), json!({"portal_id": portal})).await;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let jane = Browser::new(world);
    let login = jane.get(&format!("/portal/acme{SIGN_IN}")).await;
    assert_eq!((login.status, login.text("header").as_str()), (StatusCode::OK, "acme"));
    let form = login.attribute("main form", "action");
    let signed_in = jane.post(&form, &[("name", "jane"), ("password", PASSWORD)]).await;
    assert_eq!(signed_in.location(), format!("/portal/acme{HOME}"), "{}", signed_in.html);
    let home = jane.get(&signed_in.location()).await;
    assert_eq!(home.status, StatusCode::OK);
    assert_eq!(jane.get("/portal/acme/HomePage.do").await.html, home.html);
    let own = |address: &String| {
        address.starts_with("/portal/acme/") || !address.starts_with('/') || address.starts_with("/static/icon.svg")
    };
    let links = [home.attributes("[href]", "href"), home.attributes("[action]", "action")].concat();
    assert!(links.len() > 5 && links.iter().all(own), "{links:?}");
    let new = jane.get("/portal/acme/my_profile/v2/new_ticket").await;
    let sent = jane.send_form_to("/portal/acme/my_profile/v2/new_ticket", &new, &[("description", "No paper")]).await;
    let ticket = jane.get(&sent.location()).await;
    assert!(ticket.status == StatusCode::OK && ticket.html.contains("No paper"), "{}", sent.location());
    let elsewhere = jane.get(HOME).await;
    assert_eq!(elsewhere.location(), SIGN_IN, "the cookie is this portal's");
}

/// Decision C12: people of an organization come into its portal alone, by whichever way; mails and trays lead there (ZOH-10,
/// ZOH-37, invariant 16).
#[tokio::test]
async fn people_come_into_their_own_organizations_portal_alone() {
    let mut server = MailServer::start(&[]).await;
    let world = World::configured(DATABASE, |config| {
        config.base_domain = "localhost".into();
        config.mail = Some(server.config());
    });
    let msp = Msp::of(world.await).await;
    let world = &msp.world;
    let portal = portal_with(world, "acme").await;
    let host = format!("acme.localhost:{}", port(world));
    for change in [json!({"email": "jane@contoso.example"}), json!({"password": PASSWORD})] {
        world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), change).await;
    }
    for _change in ["address", "password"] {
        assert!(server.next_to("jane@contoso.example").await.text().contains("was changed"));
    }
    let (here, acme) = (Browser::new(world), Browser::at(world, &host));
    let fields = [("name", "jane"), ("password", PASSWORD)];
    assert_eq!(here.post(SIGN_IN, &fields).await.location(), HOME);
    assert_eq!(acme.post(SIGN_IN, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);

    world.done(Method::PATCH, &format!("/organizations/{}", msp.organization), json!({"portal_id": portal})).await;
    assert_eq!(here.get(HOME).await.location(), SIGN_IN, "what began elsewhere is over");
    assert_eq!(here.post(SIGN_IN, &fields).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(acme.post(SIGN_IN, &fields).await.location(), HOME);
    let origin = format!("http://{host}");
    acme.post("/my_profile/user_login/link", &[("email", "jane@contoso.example")]).await;
    let mail = server.next_to("jane@contoso.example").await;
    assert!(mail.text().contains(&format!("{origin}/my_profile/user_login/link/")), "{}", mail.text());
    let agent = Agent::of_jane(&msp).await;
    let click = agent.launch().await.url;
    assert!(click.as_str().starts_with(&format!("{origin}/launch/")), "{click}");
    let tray = Browser::at(world, &host);
    assert_eq!(tray.open(click.path()).await.status, StatusCode::OK);
    assert_eq!(Browser::new(world).get(FORM).await.status, StatusCode::FORBIDDEN);

    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam", "portal_id": portal})).await;
    let link =
        world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].as_str().expect("a link").to_owned();
    let path = link.strip_prefix(&origin).expect("at its portal").to_owned();
    assert_eq!(Browser::new(world).get(&path).await.location(), link, "another portal leads there");
    assert_eq!(Browser::at(world, &host).get(&path).await.location(), HOME);
}

/// RES-04: an organization without a portal: nobody can be let in, and its link is not there.
#[tokio::test]
async fn an_organization_without_a_portal_gets_in_nowhere_res_04() {
    let server = MailServer::start(&[]).await;
    let msp = Msp::mailing(DATABASE, &server).await;
    let world = &msp.world;
    let fabrikam = world.made("/organizations", json!({"name": "Fabrikam"})).await;
    let link = world.get(&format!("/organizations/{fabrikam}/portal-link")).await["url"].clone();
    let path = link.as_str().and_then(|link| link.strip_prefix(&world.origin)).expect("a link").to_owned();
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let jane = Browser::new(world);
    jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    assert_eq!(jane.get(HOME).await.status, StatusCode::OK);
    let agent = Agent::of_jane(&msp).await;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    let invites =
        async || boss.get(&format!("/console/organizations/{}", msp.organization)).await.has("#portal-users-heading");
    assert!(invites().await);
    for organization in [&fabrikam, &msp.organization] {
        world.done(Method::PATCH, &format!("/organizations/{organization}"), json!({"portal_available": false})).await;
    }
    assert_eq!(Browser::new(world).get(&path).await.status, StatusCode::NOT_FOUND);
    assert_eq!(jane.get(HOME).await.location(), SIGN_IN);
    assert_eq!(
        jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(Browser::new(world).get(&agent.click().await).await.status, StatusCode::SEE_OTHER);
    assert!(!invites().await, "there is no button where it would lead to nothing");
    world.done(Method::PATCH, &format!("/end-users/{}", msp.jane), json!({"email": "jane@contoso.example"})).await;
    let (status, _) = world.api(Method::POST, &format!("/end-users/{}/invite", msp.jane), Some(json!({}))).await;
    assert_eq!(status, StatusCode::CONFLICT);
    world.done(Method::PATCH, &format!("/organizations/{}", msp.organization), json!({"portal_available": true})).await;
    assert_eq!(jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await.location(), HOME);
}

/// A portal that organizations have stays, and the one at `public_url` always does.
#[tokio::test]
async fn a_portal_in_use_is_not_removed() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let portal = portal_with(world, "acme").await;
    let organization = format!("/organizations/{}", msp.organization);
    world.done(Method::PATCH, &organization, json!({"portal_id": portal})).await;
    for id in [portal.clone(), msp.portal().await] {
        let (status, _) = world.api(Method::DELETE, &format!("/portals/{id}"), None).await;
        assert_eq!(status, StatusCode::CONFLICT);
    }
    world.done(Method::PATCH, &organization, json!({"portal_id": null})).await;
    world.done(Method::DELETE, &format!("/portals/{portal}"), json!({})).await;
    assert_eq!(world.api(Method::GET, &format!("/portals/{portal}"), None).await.0, StatusCode::NOT_FOUND);
    let (status, answer) = world.api(Method::PATCH, &organization, Some(json!({"portal_id": portal}))).await;
    assert_eq!((status, &answer["errors"][0]["pointer"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("/portal_id")));
}

/// C12: the portal at `public_url` is the one that it was, also where the clock was set back before another one was made.
#[tokio::test]
async fn a_clock_that_is_set_back_makes_no_other_portal_the_one_at_public_url() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let default = msp.portal().await;
    let made = Command::new("faketime")
        .args([
            "2019-05-04 03:02:01",
            env!("CARGO_BIN_EXE_deskbell-server"),
            "portal",
            "create",
            "Early",
            "--prefix",
            "early",
        ])
        .env("DESKBELL_SERVER__DATA__FOLDER", &world.data)
        .env("DESKBELL_SERVER__DATABASE__URL", &world.database_url)
        .output()
        .expect("faketime runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let early = String::from_utf8(made.stdout).expect("text").split('\t').next().expect("an id").to_owned();
    assert!(early < default, "its id is the lesser one");
    let url = |portals: &Value, id: &str| {
        let one = portals["items"].as_array()?.iter().find(|portal| portal["id"] == id)?;
        Some(one["url"].as_str()?.to_owned())
    };
    let early_url = format!("{}/portal/early/", world.origin);
    let portals = world.once("/portals", |portals| url(portals, &early) == Some(early_url.clone())).await;
    assert_eq!(url(&portals, &default), Some(format!("{}/", world.origin)));
    assert_eq!(Browser::new(world).get(SIGN_IN).await.status, StatusCode::OK, "it is published as before");
    assert!(!world.sql("UPDATE portal SET is_default = TRUE").is_empty(), "the database has one of them");
    let refused = world.api(Method::DELETE, &format!("/portals/{default}"), None).await;
    assert_eq!(refused.0, StatusCode::CONFLICT);
    world.done(Method::DELETE, &format!("/portals/{early}"), json!({})).await;
}

/// Each reads the portal in the language of their browser, or in the one that they chose.
#[tokio::test]
async fn a_page_is_in_the_language_that_its_reader_asks_for_or_chose() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let browser = Browser::new(world);
    let asked = async |languages: &str| {
        let get = world.client.get(format!("{}{SIGN_IN}", world.origin)).header("accept-language", languages);
        browser.send(get).await
    };
    for (languages, language, direction) in
        [("", "en", "ltr"), ("de-AT,de;q=0.9,en;q=0.5", "de", "ltr"), ("ar", "ar", "rtl"), ("tlh", "en", "ltr")]
    {
        let page = asked(languages).await;
        let found = (page.attribute("html", "lang"), page.attribute("html", "dir"));
        assert_eq!(found, (language.to_owned(), direction.to_owned()), "{languages}");
    }
    assert_ne!(asked("de").await.text("h1"), asked("en").await.text("h1"));
    let chosen = browser.post("/my_profile/language", &[("language", "fr")]).await;
    assert_eq!(chosen.status, StatusCode::SEE_OTHER);
    assert_eq!(asked("de").await.attribute("html", "lang"), "fr");
    assert_eq!(asked("de").await.attribute("#language option[selected]", "value"), "fr");
    assert_ne!(browser.post("/my_profile/language", &[("language", "tlh")]).await.status, StatusCode::SEE_OTHER);
}

/// RES-10 to RES-13, ZOH-02, C9, invariant 19: the home page and the menu are as the MSP has put them together, as far as whoever is
/// there may see what they lead to; what is taken out is asked for its permission all the same.
#[tokio::test]
async fn home_and_menu_are_as_the_msp_has_put_them_together_res_12() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let path = format!("/portals/{}", msp.portal().await);
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let jane = Browser::new(world);
    jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    let menu = async || jane.get(HOME).await.texts("nav a");
    assert_eq!(menu().await, ["My requests", "Get help", "Articles", "Computers", "jane"]);

    let id = "0190a3c4-0000-7000-8000-00000000000a";
    let hours =
        json!({"type": "page", "id": id, "label": "Opening hours", "text": "**9 to 5**\n\n<script>alert(1)</script>"});
    let entries = json!([
        hours,
        {"type": "community", "url": "https://community.northwind.example"},
        {"type": "link", "label": "Shop", "url": "https://shop.northwind.example"},
        {"type": "billing"},
        {"type": "home"},
    ]);
    let home = json!(["contact", "new_ticket", "computers"]);
    world.done(Method::PATCH, &path, json!({"menu": entries, "home": home, "welcome": "Good to see you."})).await;
    assert_eq!(menu().await, ["Opening hours", "Community", "Shop", "My requests", "jane"]);
    let page = jane.get(HOME).await;
    assert_eq!(page.text(".typed"), "Good to see you.");
    assert!(page.has("a[href='tel:+15550100']") && page.has("a.button") && !page.has(".tickets, [role=search]"));
    assert_eq!(page.attribute("nav a:nth-of-type(2)", "href"), "https://community.northwind.example/");
    let own = jane.get(&format!("/my_profile/v2/pages/{id}")).await;
    assert_eq!((own.text("h1").as_str(), own.text("article strong").as_str()), ("Opening hours", "9 to 5"));
    assert!(!own.html.contains("<script>alert"), "{}", own.html);
    assert_eq!(jane.get(&format!("/my_profile/v2/pages/{}", msp.portal_user)).await.status, StatusCode::NOT_FOUND);
    assert_eq!(Browser::new(world).get(&format!("/my_profile/v2/pages/{id}")).await.location(), SIGN_IN);

    // What is not in the menu is there for whoever may, and for nobody else.
    assert_eq!(jane.get("/my_profile/v2/new_ticket").await.status, StatusCode::OK);
    assert_eq!(jane.get("/my_profile/v2/billing").await.status, StatusCode::FORBIDDEN);
    let narrow = json!({"name": "Narrow", "permissions": ["portal.access"]});
    let group = world.done(Method::POST, "/portal-groups", narrow).await["key"].clone();
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"group": group})).await;
    assert_eq!(menu().await, ["Opening hours", "Shop", "My requests", "jane"]);
    assert!(!jane.get(HOME).await.has("a.button"));
}

/// SYN-53: the draft's home page is looked at before anybody else sees it, in a sandbox and with its own colors.
#[tokio::test]
async fn a_draft_is_previewed_with_its_own_colors_syn_53() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (portal, (_, boss)) = (msp.portal().await, member(world, "boss@msp.example", "administrator").await);
    let draft = json!({
        "display_name": "Soon", "primary_color": "#0a0b0c", "accent_color": "#654321",
        "home": ["tickets", "computers"], "menu": [{"type": "home"}],
    });
    world.done(Method::PUT, &format!("/portals/{portal}/draft"), draft).await;
    let page = boss.get(&format!("/console/portals/{portal}/draft/preview")).await;
    assert_eq!((page.text("header").as_str(), page.texts("nav a").len()), ("Soon", 2));
    assert!(page.has(".tickets li") && page.has(".computers li"), "{}", page.html);
    assert!(page.headers["content-security-policy"].to_str().expect("text").ends_with("; sandbox"));
    let styles = boss.get(&stylesheet(&page)).await.html;
    assert!(styles.contains("--primary:#0a0b0c"), "{}", &styles[..200]);
    assert!(!Browser::new(world).get(SIGN_IN).await.html.contains("Soon"));
}

/// The first view of each page behind the sign-in has at most three files and 30 KB, compressed, with the logo.
#[tokio::test]
async fn every_first_view_is_three_requests_and_at_most_30_kilobytes() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let post = world.client.post(format!("{}/api/v1/logos", world.origin)).bearer_auth(&world.api_token);
    let kept = post.body(include_bytes!("portals/logo.jpg").to_vec()).send().await.expect("an answer");
    let logo = kept.json::<Value>().await.expect("JSON")["name"].clone();
    let home = json!(["new_ticket", "tickets", "computers", "articles", "contact"]);
    let design = json!({"logo": logo, "home": home, "welcome": "x".repeat(500)});
    world.done(Method::PATCH, &format!("/portals/{}", msp.portal().await), design).await;
    world.done(Method::PATCH, &format!("/portal-users/{}", msp.portal_user), json!({"password": PASSWORD})).await;
    let jane = Browser::new(world);
    jane.post(SIGN_IN, &[("name", "jane"), ("password", PASSWORD)]).await;
    let new = jane.get("/my_profile/v2/new_ticket").await;
    let sent = jane.send_form_to("/my_profile/v2/new_ticket", &new, &[("description", "No paper")]).await;
    let pages = ["", "/v2/index", "/v2/new_ticket", "/v2/computers", "/v2/articles", "/nowhere"];
    let pages = pages.map(|path| format!("/my_profile{path}")).into_iter().chain([sent.location()]);
    for path in pages.chain([SIGN_IN.into()]) {
        let browser = if path == SIGN_IN { &Browser::new(world) } else { &jane };
        let page = browser.get(&path).await;
        let mut files = [page.attributes("link[href]", "href"), page.attributes("[src]", "src")].concat();
        files.push(path.clone());
        files.sort();
        files.dedup();
        assert!(files.len() <= 3, "{path}: {files:?}");
        let mut bytes = 0;
        for file in &files {
            let get = world.client.get(format!("{}{file}", world.origin)).header("accept-encoding", "gzip");
            let answer = get.header("cookie", browser.cookies()).send().await.expect("an answer");
            bytes += answer.bytes().await.expect("bytes").len();
        }
        assert!(bytes > 1000 && bytes <= 30 * 1024, "{path}: {bytes} bytes");
    }
}
