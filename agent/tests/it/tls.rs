//! Proxy and certificates (AGT-14), with a proxy that is the way to the server and holds its certificate.

use crate::{
    proxy::{Authority, Proxy},
    world::{ENROLL, POLICY, World, enrolled, exit_code, policy, stdout},
};

const SERVER: &str = "https://support.example/";

/// A computer whose server is behind a proxy that shows `authority`'s certificate for `name`, with that much left to
/// it, in days.
fn world(authority: &Authority, name: &str, days_left: i64) -> (World, Proxy) {
    let world = World::with_token();
    let proxy = Proxy::start(authority, name, days_left, world.server.address());
    (world, proxy)
}

fn configure(world: &World, proxy: &Proxy, ca_certificate: Option<&Authority>) {
    let trusted = ca_certificate.map_or_else(String::new, |authority| {
        world.write("company.pem", &authority.pem());
        format!("ca_certificate = \"{}\"\n", world.path("company.pem").display())
    });
    world.write("agent.toml", &format!("server = \"{SERVER}\"\n[network]\nproxy = \"{}\"\n{trusted}", proxy.url()));
}

/// AGT-14: the configured proxy goes before the environment's, and the company's CA is trusted beside the system's.
#[test]
fn through_the_configured_proxy_and_with_the_companys_ca_the_agent_works() {
    let authority = Authority::new("Company CA");
    let (world, proxy) = world(&authority, "support.example", 30);
    configure(&world, &proxy, Some(&authority));
    let _service = world.serve_with("HTTPS_PROXY", "http://127.0.0.1:1");

    world.server.next(ENROLL).json(201, &enrolled());
    world.server.next(POLICY).json(200, &policy(false));

    world.status(|status| status.policy_since.is_some());
    assert!(proxy.asked().iter().all(|asked| asked == "CONNECT support.example:443 HTTP/1.1"), "{:?}", proxy.asked());
}

/// AGT-14: without a configured proxy the system's is used.
#[test]
fn the_environments_proxy_is_used_where_none_is_configured() {
    let authority = Authority::new("Company CA");
    let (world, proxy) = world(&authority, "support.example", 30);
    world.write("company.pem", &authority.pem());
    let trusted = format!("ca_certificate = \"{}\"\n", world.path("company.pem").display());
    world.write("agent.toml", &format!("server = \"{SERVER}\"\n[network]\n{trusted}"));
    let _service = world.serve_with("HTTPS_PROXY", &proxy.url());

    world.server.next(ENROLL).json(201, &enrolled());
    assert!(!proxy.asked().is_empty());
}

/// AGT-14: status and doctor say whose certificate it is and what is wrong with it.
#[test]
fn a_certificate_that_is_not_accepted_is_named_with_the_reason() {
    let (authority, stranger) = (Authority::new("Company CA"), Authority::new("Another CA"));
    for (name, days_left, trusted, reason) in [
        ("support.example", 30, &stranger, "issuer is unknown"),
        ("support.example", -1, &authority, "has expired"),
        ("other.example", 30, &authority, "is for another name"),
    ] {
        let (world, proxy) = world(&authority, name, days_left);
        configure(&world, &proxy, Some(trusted));
        let _service = world.serve();
        let says = |text: &str| text.contains("the certificate of support.example") && text.contains(reason);
        world.status(|status| status.last_error.as_deref().is_some_and(says));

        let doctor = world.run(&["doctor"]);
        assert!(exit_code(&doctor) == 1 && says(&stdout(&doctor)), "{}", stdout(&doctor));
    }
}

/// AGT-14: so they do where no proxy is on the way.
#[test]
fn a_certificate_of_a_server_that_is_reached_directly_is_named_too() {
    let (authority, stranger) = (Authority::new("Company CA"), Authority::new("Another CA"));
    let (world, server) = world(&authority, "localhost", 30);
    world.write("company.pem", &stranger.pem());
    let trusted = format!("ca_certificate = \"{}\"\n", world.path("company.pem").display());
    let address = server.url().replace("http://127.0.0.1", "https://localhost");
    world.write("agent.toml", &format!("server = \"{address}/\"\n[network]\n{trusted}"));
    let _service = world.serve();

    let says = |text: &str| text.contains("the certificate of localhost") && text.contains("issuer is unknown");
    world.status(|status| status.last_error.as_deref().is_some_and(says));
    assert!(server.asked().is_empty(), "{:?}", server.asked());
}

/// AGT-14: a system without CA certificates runs the service, over http on loopback as ever, and says what https lacks.
#[test]
fn without_any_ca_certificates_the_service_runs_and_says_what_is_missing() {
    let none = "/nonexistent";
    let world = World::with_token();
    let _service = world.serve_with("SSL_CERT_FILE", none);
    world.server.next(ENROLL).json(201, &enrolled());
    world.status(|status| status.asset_id.is_some());

    let https = World::with_token();
    https.write("agent.toml", &format!("server = \"{SERVER}\"\n"));
    let _other = https.serve_with("SSL_CERT_FILE", none);
    let says = |text: &str| text.contains("no CA certificates") && text.contains("ca-certificates");
    https.status(|status| status.last_error.as_deref().is_some_and(says));

    https.write("agent.toml", &format!("server = \"{SERVER}\"\n[network]\nca_certificate = \"{none}\"\n"));
    let doctor = https.run(&["doctor"]);
    assert!(stdout(&doctor).contains("the CA certificate /nonexistent cannot be used"), "{}", stdout(&doctor));
}
