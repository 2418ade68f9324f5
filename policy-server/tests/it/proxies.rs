//! The server behind nginx and behind Caddy, each with the example that `installer/server` has.

use std::{
    fs,
    net::{IpAddr, SocketAddr},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use rcgen::{CertifiedKey, KeyPair};
use reqwest::{
    Certificate, Client, ClientBuilder, StatusCode,
    multipart::{Form, Part},
};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::{
    agents::Agent,
    browsers::{Browser, FORM},
    staff_members::{PASSWORD, member, sign_in},
    world::{Database, Msp, World},
};

/// The name in both examples.
const HOST: &str = "help.example";
const PORT: u16 = 8443;
/// Longer than the minute after which proxies give up that were told nothing else.
const WAIT_SECONDS: u32 = 65;
const FILE_BYTES: usize = 12 << 20;

/// A proxy in front of a server. It has an address of loopback of its own, so that it shares its port with nobody.
struct Proxy {
    address: SocketAddr,
    certificate: Certificate,
    _process: Child,
    _folder: TempDir,
}

/// A proxy's program with the example, changed in nothing but names, places and the server's port.
fn nginx(folder: &Path, address: SocketAddr, server: SocketAddr) -> Command {
    let example = include_str!("../../../installer/server/nginx.conf");
    let site = example
        .replace("listen 443 ssl", &format!("listen {address} ssl"))
        .replace("/etc/ssl/", &format!("{}/", folder.display()))
        .replace("127.0.0.1:7080", &server.to_string());
    assert!(site.contains(&address.to_string()) && site.contains(&server.to_string()), "{site}");
    let at = folder.display();
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary =
        temporary.iter().map(|name| format!("{name}_temp_path {at}/{name};\n")).collect::<Vec<_>>().concat();
    let whole = format!(
        "daemon off; master_process off; pid {at}/pid; error_log {at}/error.log;\nevents {{}}\n\
         http {{ access_log off;\n{temporary}{site}}}\n"
    );
    fs::write(folder.join("whole.conf"), whole).expect("written");
    let mut command = Command::new("nginx");
    command.arg("-c").arg(folder.join("whole.conf")).arg("-e").arg(folder.join("error.log"));
    command
}

/// The same for Caddy, which takes the test's certificate instead of getting one.
fn caddy(folder: &Path, address: SocketAddr, server: SocketAddr) -> Command {
    let example = include_str!("../../../installer/server/Caddyfile");
    let here = format!(
        "{HOST}:{PORT} {{\n\tbind {}\n\ttls {at}/{HOST}.pem {at}/{HOST}.key\n",
        address.ip(),
        at = folder.display()
    );
    let site = example.replace("help.example {\n", &here).replace("127.0.0.1:7080", &server.to_string());
    assert!(site.contains("bind") && site.contains(&server.to_string()), "{site}");
    let whole = format!("{{\n\tadmin off\n\tauto_https disable_redirects\n}}\n{site}");
    fs::write(folder.join("Caddyfile"), whole).expect("written");
    let mut command = Command::new("caddy");
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
    command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    command
}

impl Proxy {
    async fn start(program: fn(&Path, SocketAddr, SocketAddr) -> Command, server: SocketAddr) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("open to nginx's worker");
        let made: CertifiedKey<KeyPair> = rcgen::generate_simple_self_signed([HOST.to_owned()]).expect("a certificate");
        let file = |ending: &str| -> PathBuf { folder.path().join(format!("{HOST}.{ending}")) };
        fs::write(file("pem"), made.cert.pem()).expect("written");
        fs::write(file("key"), made.signing_key.serialize_pem()).expect("written");
        let [one, two, ..] = *uuid::Uuid::new_v4().as_bytes();
        let address = SocketAddr::new(IpAddr::from([127, 77, one, two.max(2)]), PORT);
        let mut command = program(folder.path(), address, server);
        let process = command.stderr(Stdio::null()).stdout(Stdio::null()).kill_on_drop(true).spawn();
        let process = process.unwrap_or_else(|error| panic!("{command:?}: {error}; apt-get install nginx caddy"));
        let certificate = Certificate::from_pem(made.cert.pem().as_bytes()).expect("a certificate");
        let proxy = Self { address, certificate, _process: process, _folder: folder };
        proxy.until_it_answers().await;
        proxy
    }

    /// Somebody who comes from `own` address.
    fn client(&self, own: [u8; 4]) -> Client {
        self.builder().local_address(IpAddr::from(own)).build().expect("a client")
    }

    fn builder(&self) -> ClientBuilder {
        Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .tls_certs_only([self.certificate.clone()])
            .resolve(HOST, self.address)
    }

    async fn until_it_answers(&self) {
        let client = self.builder().build().expect("a client");
        let started = Instant::now();
        while let Err(error) = client.get(format!("https://{HOST}:{PORT}/healthz")).send().await {
            assert!(started.elapsed() < Duration::from_secs(20), "{error:?}");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

/// Sign-in over TLS, a wait that outlasts a proxy's patience, a large file, the real address of whoever asks, and the host
/// that was asked for.
async fn serves_agents_staff_and_portal(program: fn(&Path, SocketAddr, SocketAddr) -> Command) {
    let public = format!("https://{HOST}:{PORT}");
    let mut world = World::configured(Database::Sqlite, |config| {
        config.public_url = public.parse().expect("a URL");
        config.proxies.trusted = vec![IpAddr::from([127, 0, 0, 1])];
    })
    .await;
    let port = world.origin.rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let proxy = Proxy::start(program, SocketAddr::from(([127, 0, 0, 1], port))).await;
    (world.client, world.origin) = (proxy.client([127, 0, 0, 2]), public);
    let msp = Msp::of(world).await;
    let world = &msp.world;

    let agent = Agent::of_jane(&msp).await;
    let policy = agent.policy(None, 0).await;
    assert_eq!(policy.status(), StatusCode::OK);
    let etag = policy.headers()["etag"].to_str().expect("text").trim_matches('"').to_owned();
    let waiting = async {
        let begun = Instant::now();
        let answer = agent.policy(Some(&etag), WAIT_SECONDS).await;
        assert_eq!(answer.status(), StatusCode::NOT_MODIFIED, "the wait was cut after {:?}", begun.elapsed());
        assert!(begun.elapsed() >= Duration::from_secs(u64::from(WAIT_SECONDS)), "{:?}", begun.elapsed());
    };
    let meanwhile = async {
        let browser = Browser::new(world);
        let form = browser.open(&agent.click().await).await;
        let sent = Form::new()
            .text("form_id", form.value("input[name=form_id]"))
            .text("form_for", form.value("input[name=form_for]"))
            .text("description", "It is broken")
            .part("files", Part::bytes(vec![b'x'; FILE_BYTES]).file_name("large.txt"));
        let receipt = browser.post_files(FORM, sent).await;
        let ticket = receipt.location().rsplit('/').next().expect("an id").to_owned();
        let files = world.get(&format!("/tickets/{ticket}/attachments")).await;
        assert_eq!(files["items"][0]["size"], FILE_BYTES, "{files}");

        // Wrong passwords count for the address that connected, whatever it claims of itself.
        member(world, "kim@msp.example", "technician").await;
        let fields = [("email", "kim@msp.example"), ("password", "wrong")];
        let guess = |claimed: &str| {
            let sent = world.client.post(format!("{}/users/sign_in", world.origin)).header("origin", &world.origin);
            sent.header("x-forwarded-for", claimed).form(&fields).send()
        };
        for try_number in 0..5 {
            let answer = guess(&format!("203.0.113.{try_number}")).await.expect("an answer");
            assert_eq!(answer.status(), StatusCode::UNPROCESSABLE_ENTITY);
        }
        assert_eq!(guess("203.0.113.9").await.expect("an answer").status(), StatusCode::TOO_MANY_REQUESTS);

        let foreign = world.client.get(format!("{}/", world.origin)).header("host", "evil.example").send().await;
        let status = foreign.map(|answer| answer.status());
        assert!(!status.as_ref().is_ok_and(|status| *status == StatusCode::FORBIDDEN), "a foreign host: {status:?}");
    };
    tokio::join!(waiting, meanwhile);
    drop(agent);

    // Somebody elsewhere is not kept out by that.
    let Msp { mut world, .. } = msp;
    world.client = proxy.client([127, 0, 0, 3]);
    let elsewhere = Browser::new(&world);
    assert_eq!(sign_in(&elsewhere, "kim@msp.example", PASSWORD).await.status, StatusCode::SEE_OTHER);
}

/// S10: behind nginx.
#[tokio::test(flavor = "multi_thread")]
async fn behind_nginx_with_the_example_everything_works() {
    serves_agents_staff_and_portal(nginx).await;
}

/// S10: behind Caddy.
#[tokio::test(flavor = "multi_thread")]
async fn behind_caddy_with_the_example_everything_works() {
    serves_agents_staff_and_portal(caddy).await;
}
