//! A computer with the shipped agent, enrolled at a server that speaks TLS.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context, anyhow};
use deskbell_protocol::{AgentState, ipc::Status};
use deskbell_server::{
    app::App,
    changes::api_tokens::{self, NewApiToken},
    clock::SystemClock,
    config::{Config, Tls},
    domain::{audit::Actor, role::Role},
    store::Store,
};
use deskbell_tests::support::{
    bus::Bus,
    child::{ChildProcess, Log},
    deadline::PATIENT,
    programs::workspace,
    recorded_browser::RecordedBrowser,
    tray_host::TrayHost,
};
use reqwest::{Certificate, Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::Command;

use crate::{built, process::Process, relay::Relay};

pub(crate) const PORTAL: &str = "Customer Online Portal";

/// Everything that runs.
pub(crate) struct Computer {
    pub(crate) relay: Relay,
    pub(crate) host: TrayHost,
    pub(crate) browser: RecordedBrowser,
    pub(crate) certificate: Certificate,
    service: ChildProcess,
    tray: ChildProcess,
    _bus: Bus,
    _folder: TempDir,
}

impl Computer {
    /// Starts everything, and waits for the icon.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let programs = built::programs(&workspace().join("agent/Cargo.toml"), "dist-agent")?;
        let program = |name: &str| programs.get(name).with_context(|| format!("cargo built no {name}"));
        let folder = tempfile::tempdir()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let relay = Relay::start(listener.local_addr()?.port()).await?;
        let certificate = certificate(folder.path())?;
        let origin = format!("https://localhost:{}", relay.port);
        let api = Api { token: serve(folder.path(), &origin, listener).await?, client: client(&certificate)?, origin };
        let root = folder.path().join("agent");
        let (asset, service) = enroll(&api, program("deskbell-agent")?, &root, folder.path()).await?;
        api.fill(&asset).await?;
        let (bus, browser) = (Bus::start().await?, RecordedBrowser::new()?);
        let host = TrayHost::start(bus.address()).await?;
        let mut command = Command::new(program("deskbell-tray")?);
        command.arg("--root").arg(&root).env_remove("DISPLAY").env_remove("WAYLAND_DISPLAY");
        command.env("DBUS_SESSION_BUS_ADDRESS", bus.address()).env("BROWSER", browser.program());
        let tray = ChildProcess::start("tray", &mut command, &Log::StandardError)?;
        host.until_menu(PATIENT, PORTAL).await?;
        Ok(Self { relay, host, browser, certificate, service, tray, _bus: bus, _folder: folder })
    }

    pub(crate) fn service(&self) -> anyhow::Result<Process> {
        Process::new(self.service.pid())
    }

    /// The tray's parent, which starts it again after a crash.
    pub(crate) fn tray(&self) -> anyhow::Result<Process> {
        Process::new(self.tray.pid())
    }

    pub(crate) fn drawing_tray(&self) -> anyhow::Result<Process> {
        self.tray()?.child()
    }
}

/// A client that makes a connection of its own for what it asks.
pub(crate) fn client(certificate: &Certificate) -> anyhow::Result<Client> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let builder = Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none());
    builder.tls_certs_only([certificate.clone()]).build().context("making a client")
}

fn certificate(folder: &Path) -> anyhow::Result<Certificate> {
    let key = rcgen::KeyPair::generate()?;
    let certificate = rcgen::CertificateParams::new(["localhost".to_owned()])?.self_signed(&key)?.pem();
    fs::write(folder.join("certificate.pem"), &certificate)?;
    fs::write(folder.join("key.pem"), key.serialize_pem())?;
    Certificate::from_pem(certificate.as_bytes()).context("reading the certificate")
}

/// Starts the server, and returns a token for its API.
async fn serve(folder: &Path, origin: &str, listener: TcpListener) -> anyhow::Result<String> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut config = Config { public_url: origin.parse()?, ..Config::default() };
    config.data.folder = folder.join("server");
    fs::create_dir(&config.data.folder)?;
    config.tls = Some(Tls { certificate: folder.join("certificate.pem"), key: folder.join("key.pem") });
    let store = Store::open(&config.database_location()?).await?;
    let app = App::new(config.clone(), store.clone(), Arc::new(SystemClock)).await?;
    let new = NewApiToken { name: "bench".into(), role: Role::Administrator };
    let made = api_tokens::make(&app, &Actor::CommandLine, new).await;
    let (_, token) = made.map_err(|refused| anyhow!("making a token: {refused:?}"))?;
    drop(app);
    store.close().await?;
    tokio::spawn(deskbell_server::serve(config, Arc::new(SystemClock), vec![listener], std::future::pending()));
    Ok(token)
}

async fn enroll(api: &Api, program: &PathBuf, root: &Path, folder: &Path) -> anyhow::Result<(String, ChildProcess)> {
    let organization = api.id(Method::POST, "organizations", json!({"name": "Lindgren Bakery"})).await?;
    let token = json!({"organization_id": organization, "name": "bench"});
    let token = api.send(Method::POST, "enrollment-tokens", token).await?["token"].clone();
    fs::create_dir(root)?;
    fs::write(root.join("enrollment-token"), token.as_str().context("a token")?)?;
    let ca_certificate = folder.join("certificate.pem");
    let configuration =
        format!("server = \"{}/\"\n[network]\nca_certificate = \"{}\"\n", api.origin, ca_certificate.display());
    fs::write(root.join("agent.toml"), configuration)?;
    let command = |arguments: &[&str]| {
        let mut command = Command::new(program);
        command.arg("--root").arg(root).args(arguments);
        command
    };
    let service = ChildProcess::start("service", &mut command(&["run"]), &Log::StandardError)?;
    let in_force = |line: &str| line.contains("A policy is in force").then_some(());
    service.line(PATIENT, "the first policy", in_force).await?;
    let status = command(&["status", "--json"]).output().await?;
    let status: Status = serde_json::from_slice(&status.stdout).context("reading the status")?;
    anyhow::ensure!(status.state == AgentState::Enrolled, "{status:?}");
    Ok((status.asset_id.context("an asset")?.to_string(), service))
}

struct Api {
    client: Client,
    origin: String,
    token: String,
}

impl Api {
    /// One portal user who has the computer, and a visible tray with one portal entry.
    async fn fill(&self, asset: &str) -> anyhow::Result<()> {
        let found = self.send(Method::GET, "organizations", Value::Null).await?["items"][0]["id"].clone();
        let jane = self.id(Method::POST, "end-users", json!({"organization_id": found, "name": "Jane Doe"})).await?;
        let user = json!({"organization_id": found, "end_user_id": jane, "sign_in_name": "jane"});
        self.send(Method::POST, "portal-users", user).await?;
        self.send(Method::PUT, &format!("assets/{asset}/assignment"), json!({"end_user_id": jane})).await?;
        let portal = self.send(Method::GET, "portals", Value::Null).await?["items"][0]["id"].clone();
        let path = format!("portals/{}", portal.as_str().context("a portal")?);
        self.send(Method::PATCH, &path, json!({"published": true})).await?;
        let entry = json!({"id": "portal", "type": "portal", "label": {"text": PORTAL}});
        let policy =
            json!({"name": "Desks", "settings": {"hide_tray": false}, "menu": {"mode": "replace", "entries": [entry]}});
        let policy = self.id(Method::POST, "policies", policy).await?;
        self.send(Method::PUT, "provider/policy", json!({"policy_id": policy})).await.map(drop)
    }

    async fn id(&self, method: Method, path: &str, body: Value) -> anyhow::Result<String> {
        let made = self.send(method, path, body).await?;
        made["id"].as_str().map(str::to_owned).context("an id")
    }

    async fn send(&self, method: Method, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.client.request(method, format!("{}/api/v1/{path}", self.origin)).bearer_auth(&self.token);
        let request = if body.is_null() { request } else { request.json(&body) };
        Ok(request.send().await?.error_for_status()?.json().await?)
    }
}
