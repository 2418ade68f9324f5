//! Where a portal is, as it is asked from elsewhere; and what it is set to, as programs and files have it.

use std::{path::Path, sync::Arc};

use deskbell_server::{
    app::App,
    clock::SystemClock,
    config::{Config, OutboundConfig},
    store::Store,
};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

use super::DATABASE;
use crate::{
    staff_members::member,
    tls_relay::TlsRelay,
    world::{Msp, World},
};

/// A server at `https://localhost`.
async fn behind(relay: &TlsRelay) -> World {
    let configure = |config: &mut Config| {
        config.public_url = relay.origin.parse().expect("a URL");
        config.outbound = relay.outbound();
    };
    let mut world = World::configured(DATABASE, configure).await;
    relay.lead_to(Some(port(&world)));
    let certificate = std::fs::read(relay.certificate()).expect("readable");
    let trusted = reqwest::Certificate::from_pem(&certificate).expect("a certificate");
    let client = Client::builder().tls_certs_only([trusted]).redirect(reqwest::redirect::Policy::none()).no_proxy();
    world.client = client.build().expect("a client");
    world.origin.clone_from(&relay.origin);
    world
}

fn port(world: &World) -> u16 {
    world.origin.rsplit(':').next().expect("a port").parse().expect("a number")
}

/// What the button says that tests a portal's address.
async fn tested(world: &World, portal: &str) -> String {
    let (_, boss) = member(world, &format!("{portal}@msp.example"), "administrator").await;
    let path = format!("/console/portals/{portal}");
    let shown = boss.get(&path).await;
    assert_eq!(shown.attribute("#address", "href"), shown.text("#address"), "the link opens what it says");
    assert!(!shown.has("[aria-labelledby=place-heading] [role]"), "nothing is tested before it is asked");
    let page = boss.post(&format!("{path}/test"), &[]).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.html);
    page.text("[aria-labelledby=place-heading] [role]")
}

/// The same, for the default portal, of a server with the same data as `world` and these ways out.
async fn told(world: &World, outbound: OutboundConfig) -> String {
    let mut config = Config { public_url: world.origin.parse().expect("a URL"), outbound, ..Config::default() };
    config.data.folder = Path::new(&world.data).to_owned();
    config.database.url.clone_from(&world.database_url);
    let store = Store::open(&config.database_location().expect("a place")).await.expect("opened");
    let app = App::new(config, store, Arc::new(SystemClock)).await.expect("made");
    app.looks.of_default().answers_at_its_address(&app.outbound).await.expect_err("something is wrong")
}

async fn default_portal(world: &World) -> String {
    world.get("/portals").await["items"][0]["id"].as_str().expect("an id").to_owned()
}

/// NAB-03: the link leads to the portal, and its test says in words whether this very portal answers there, or whether it is the
/// name, the certificate, the connection, another server, or plain http.
#[tokio::test]
async fn the_test_of_an_address_says_in_words_what_is_wrong_nab_03() {
    let (relay, stranger) = (TlsRelay::start(0).await, TlsRelay::start(0).await);
    let world = behind(&relay).await;
    assert_eq!(tested(&world, &default_portal(&world).await).await, "This portal answers there.");
    let elsewhere = world.made("/portals", json!({"name": "Elsewhere", "prefix": "elsewhere"})).await;
    world.done(Method::PATCH, &format!("/portals/{elsewhere}"), json!({"domain": "help.invalid"})).await;
    let said = tested(&world, &elsewhere).await;
    assert!(said.starts_with("The name help.invalid was not found. Add it to your name service (DNS)"), "{said}");
    let other = World::start(DATABASE).await;
    let said = tested(&other, &default_portal(&other).await).await;
    assert!(said.starts_with("It begins with http://"), "{said}");

    let said = told(&world, stranger.outbound()).await;
    assert!(said.starts_with("The certificate that answers for localhost is not trusted: "), "{said}");
    let said = told(&world, OutboundConfig::default()).await;
    assert!(said.starts_with("localhost leads to an address that is not public."), "{said}");
    relay.lead_to(Some(port(&other)));
    let said = told(&world, relay.outbound()).await;
    assert!(said.starts_with("Something else answers there, with status 421"), "{said}");
    relay.lead_to(None);
    let said = told(&world, relay.outbound()).await;
    assert!(said.starts_with("No connection to localhost: "), "{said}");
}

/// RES-14: every setting of a portal can be changed by a program, in one document that a file can hold; the console shows each
/// of them, and the same document makes another portal the same.
#[tokio::test]
async fn a_document_of_every_setting_makes_equal_portals_res_14() {
    let msp = Msp::start(DATABASE).await;
    let world = &msp.world;
    let (_, boss) = member(world, "boss@msp.example", "administrator").await;
    let settings = json!({
        "name": "From a file", "prefix": "from-a-file", "domain": "help.contoso.example",
        "published": true, "access": false, "self_sign_up": true, "invitation_brings": "generated_password",
        "auto_invite": "all_active", "payment_update_url": "https://pay.example/",
        "embed_origins": ["https://www.contoso.example"], "embed_fields": "with_address",
        "embed_organization_id": msp.organization,
        "display_name": "Contoso help", "color_mode": "dark", "primary_color": "#0a0b0c", "accent_color": "#0d0e0f",
        "logo": null, "homepage_url": "https://www.contoso.example/", "welcome": "Good to see you.",
        "home": ["new_ticket", "contact"], "menu": [{"type": "new_ticket"}, {"type": "home"}],
    });
    let mut known: Vec<_> = settings.as_object().expect("an object").keys().cloned().collect();
    known.sort();
    let description = world.get("/openapi.json").await;
    let change = &description["components"]["schemas"]["PortalChange"]["properties"];
    let mut described: Vec<_> = change.as_object().expect("properties").keys().cloned().collect();
    described.sort();
    assert_eq!(known, described, "this document has every setting");

    let portal = async |settings: &Value| {
        let id = world.made("/portals", json!({"name": "New", "prefix": "brand-new"})).await;
        world.done(Method::PATCH, &format!("/organizations/{}", msp.organization), json!({"portal_id": id})).await;
        world.done(Method::PATCH, &format!("/portals/{id}"), settings.clone()).await;
        id
    };
    let first = portal(&settings).await;
    let kept = world.get(&format!("/portals/{first}")).await;
    for (name, value) in settings.as_object().expect("an object") {
        assert_eq!(&kept[name], value, "{name}");
    }
    let path = format!("/console/portals/{first}");
    let shown = boss.get(&path).await;
    assert_eq!(
        ["name", "prefix", "domain", "payment_update_url"].map(|name| shown.value(&format!("#{name}"))),
        ["From a file", "from-a-file", "help.contoso.example", "https://pay.example/"]
    );
    for (name, to_turn_it) in
        [("published", "false"), ("access", "true"), ("self_sign_up", "false"), ("invitation_brings", "link")]
    {
        assert_eq!(shown.value(&format!("input[name={name}]")), to_turn_it, "{name}");
    }
    let design = boss.get(&format!("{path}/design")).await;
    let values = ["#display_name", "#primary_color", "#accent_color", "#homepage_url", "[name=color_mode][checked]"];
    assert_eq!(
        values.map(|css| design.value(css)),
        ["Contoso help", "#0a0b0c", "#0d0e0f", "https://www.contoso.example/", "dark"]
    );
    assert_eq!(design.text("#welcome"), "Good to see you.");
    assert_eq!(design.attributes("[name=home]", "value"), ["new_ticket", "contact"]);
    assert_eq!(design.attributes("[name=menu_type]", "value"), ["new_ticket", "home"]);
    let website = boss.get(&format!("{path}/website")).await;
    assert_eq!(
        (website.text("#origins").as_str(), website.value("#organization").as_str()),
        ("https://www.contoso.example", "Contoso")
    );

    let mut same = kept.clone();
    same.as_object_mut().expect("an object").retain(|name, _| known.contains(name));
    for (name, other) in [("name", "Second"), ("prefix", "second"), ("domain", "second.example")] {
        same[name] = json!(other);
    }
    let second = portal(&same).await;
    let second = world.get(&format!("/portals/{second}")).await;
    for name in known.iter().filter(|name| !["name", "prefix", "domain"].contains(&name.as_str())) {
        assert_eq!(second[name], kept[name], "{name}");
    }
}
