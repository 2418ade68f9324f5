//! The server's program on a database, with somebody of the staff signed in.

use std::{
    net::TcpListener,
    os::fd::OwnedFd,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use reqwest::{Client, Method, RequestBuilder};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::{data, database::Database};

const POLICIES: u64 = 20;

pub(crate) struct Server<'a> {
    pub(crate) database: &'a Database,
    pub(crate) started_ms: f64,
    origin: String,
    client: Client,
    api_token: String,
    cookie: String,
    process: Child,
}

fn program(database: &Database, origin: &str, arguments: &str) -> Command {
    let mut command = Command::new("sh");
    let script = format!("exec 3<&0 0</dev/null; exec \"$0\" {arguments}");
    command.args(["-c", &script, env!("CARGO_BIN_EXE_deskbell-server")]);
    command.env("DESKBELL_SERVER__DATA__FOLDER", &database.folder).env("DESKBELL_SERVER__PUBLIC_URL", origin);
    command.env("DESKBELL_SERVER__DATABASE__URL", &database.url);
    command
}

/// Makes the tables.
pub(crate) fn migrate(database: &Database) -> anyhow::Result<()> {
    let done = program(database, "http://localhost", "migrate").stdin(Stdio::null()).status()?;
    ensure!(done.success(), "the tables were not made");
    Ok(())
}

impl<'a> Server<'a> {
    pub(crate) async fn start(database: &'a Database) -> anyhow::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let origin = format!("http://localhost:{}", listener.local_addr()?.port());
        let name = Uuid::now_v7();
        let token = program(database, &origin, &format!("api-token create {name}")).stdin(Stdio::null()).output()?;
        let api_token = String::from_utf8(token.stdout)?.trim().to_owned();
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        let begin = Instant::now();
        let listening = Stdio::from(OwnedFd::from(listener));
        let mut serve = program(database, &origin, "serve");
        let serve = serve.env("LISTEN_FDS", "1").stdin(listening).stdout(Stdio::null()).stderr(Stdio::null());
        let process = serve.spawn()?;
        let ready = client.get(format!("{origin}/readyz")).timeout(Duration::from_mins(2)).send().await?;
        ensure!(ready.status().is_success(), "the server is not ready");
        let started_ms = begin.elapsed().as_secs_f64() * 1000.0;
        let cookie = String::new();
        let mut server = Self { database, started_ms, origin, client, api_token, cookie, process };
        server.sign_in().await?;
        Ok(server)
    }

    pub(crate) fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").arg(self.process.id().to_string()).status()?;
        self.process.wait()?;
        Ok(())
    }

    /// What only the server makes: policies in the tree, and blocks of tickets for searches.
    pub(crate) async fn finish_data(&mut self) -> anyhow::Result<()> {
        let portal = self.api(Method::GET, "/portals", Value::Null).await?["items"][0]["id"].clone();
        let path = format!("/portals/{}", portal.as_str().context("a portal")?);
        self.api(Method::PATCH, &path, json!({"published": true})).await?;
        for n in 0..POLICIES {
            let made = self.api(Method::POST, "/policies", policy(&format!("Policy {n}"), "Help")).await?;
            let node = if n == 0 { "/provider".into() } else { format!("/organizations/{}", data::organization(n)) };
            self.api(Method::PUT, &format!("{node}/policy"), json!({"policy_id": made["id"]})).await?;
        }
        let blocks = "SELECT last / 4096 - (SELECT last FROM number_sequence WHERE name = 'ticket_block') \
                      FROM number_sequence WHERE name = 'ticket'";
        while self.database.number(blocks)? > 1 {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
        Ok(())
    }

    /// How long a save takes that changes the answer of nearly every agent.
    pub(crate) async fn save_policy_ms(&self) -> anyhow::Result<f64> {
        let policies = self.api(Method::GET, "/policies", Value::Null).await?;
        let top = policies["items"][0]["id"].as_str().context("a policy")?.to_owned();
        let begin = Instant::now();
        let label = Uuid::now_v7().to_string();
        self.api(Method::PUT, &format!("/policies/{top}"), policy("Policy 0", &label)).await?;
        Ok(begin.elapsed().as_secs_f64() * 1000.0)
    }

    /// A page as a browser asks for it, or a list as a program does.
    pub(crate) fn get(&self, path: &str) -> RequestBuilder {
        let get = self.client.get(format!("{}{path}", self.origin)).header("accept-encoding", "gzip");
        if path.starts_with("/api/") { get.bearer_auth(&self.api_token) } else { get.header("cookie", &self.cookie) }
    }

    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.origin)).bearer_auth(&self.api_token);
        let request = if body.is_null() { request } else { request.json(&body) };
        let answer = request.send().await?;
        let (status, body): (_, Value) = (answer.status(), answer.json().await?);
        ensure!(status.is_success(), "{path}: {body}");
        Ok(body)
    }

    pub(crate) fn resident_mb(&self) -> anyhow::Result<f64> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.process.id()))?;
        let pages: f64 = statm.split(' ').nth(1).context("resident pages")?.parse()?;
        Ok(pages * 4096.0 / 1e6)
    }

    async fn sign_in(&mut self) -> anyhow::Result<()> {
        let email = format!("{}@msp.example", Uuid::now_v7());
        let staff = json!({"name": "Bench", "email": email, "role": "administrator"});
        let made = self.api(Method::POST, "/staff", staff).await?;
        let link = made["link"].as_str().context("a link")?;
        let post = self.client.post(link).header("origin", &self.origin);
        let welcomed = post.form(&[("password", "correct horse battery")]).send().await?;
        let cookie = welcomed.headers()["set-cookie"].to_str()?;
        cookie.split(';').next().context("a cookie")?.clone_into(&mut self.cookie);
        Ok(())
    }
}

impl Drop for Server<'_> {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn policy(name: &str, label: &str) -> Value {
    let entry = json!({"id": "portal", "type": "portal", "label": {"text": label}});
    json!({"name": name, "settings": {"hide_tray": false}, "menu": {"mode": "replace", "entries": [entry]}})
}
