//! The server's program, built for release, on a port that this process holds and hands over.

use std::{
    net::TcpListener,
    os::fd::OwnedFd,
    process::{Child, Command, Stdio},
};

use anyhow::Context as _;
use reqwest::{Client, Method};
use serde_json::{Value, json};
use tempfile::TempDir;

pub(crate) struct Server {
    /// What the server believes to be.
    pub(crate) origin: String,
    /// Where it really is: no name to resolve.
    pub(crate) address: String,
    pub(crate) host: String,
    pub(crate) client: Client,
    pub(crate) end_user: String,
    pub(crate) enrollment_token: String,
    pub(crate) policy: String,
    api_token: String,
    process: Child,
    _folder: TempDir,
}

impl Server {
    /// Starts it with one organization, one portal user and a visible tray with one portal entry.
    pub(crate) async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let port = listener.local_addr()?.port();
        let origin = format!("http://localhost:{port}");
        let program = |arguments: &str| {
            let mut command = Command::new("sh");
            command.args([
                "-c",
                &format!("exec 3<&0 0</dev/null; exec \"$0\" {arguments}"),
                env!("CARGO_BIN_EXE_deskbell-server"),
            ]);
            command.env("DESKBELL_SERVER__DATA__FOLDER", folder.path()).env("DESKBELL_SERVER__PUBLIC_URL", &origin);
            // This process is the proxy of whomever it plays.
            command.env("DESKBELL_SERVER__PROXIES__TRUSTED", "[\"127.0.0.1\"]");
            command
        };
        let token = program("api-token create bench").stdin(Stdio::null()).output()?;
        let api_token = String::from_utf8(token.stdout)?.trim().to_owned();
        let listening = Stdio::from(OwnedFd::from(listener));
        let process = program("serve").env("LISTEN_FDS", "1").stdin(listening).stderr(Stdio::null()).spawn()?;
        let client = Client::builder().redirect(reqwest::redirect::Policy::none()).no_proxy().build()?;
        let mut server = Self {
            address: format!("http://127.0.0.1:{port}"),
            host: format!("localhost:{port}"),
            origin,
            client,
            end_user: String::new(),
            enrollment_token: String::new(),
            policy: String::new(),
            api_token,
            process,
            _folder: folder,
        };
        server.fill().await?;
        Ok(server)
    }

    async fn fill(&mut self) -> anyhow::Result<()> {
        let portal = self.api(Method::GET, "/portals", Value::Null).await?["items"][0]["id"].clone();
        let path = format!("/portals/{}", portal.as_str().context("a portal")?);
        self.api(Method::PATCH, &path, json!({"published": true})).await?;
        let organization = self.api(Method::POST, "/organizations", json!({"name": "Contoso"})).await?["id"].clone();
        let person = json!({"organization_id": organization, "name": "Jane Doe"});
        let end_user = self.api(Method::POST, "/end-users", person).await?["id"].clone();
        let user = json!({"organization_id": organization, "end_user_id": end_user, "sign_in_name": "jane"});
        self.api(Method::POST, "/portal-users", user).await?;
        let policy = self.api(Method::POST, "/policies", policy("Customer Online Portal")).await?["id"].clone();
        self.api(Method::PUT, "/provider/policy", json!({"policy_id": policy})).await?;
        let token = json!({"organization_id": organization, "name": "bench"});
        let token = self.api(Method::POST, "/enrollment-tokens", token).await?["token"].clone();
        let text = |value: Value| value.as_str().map(str::to_owned).context("a text");
        (self.end_user, self.policy, self.enrollment_token) = (text(end_user)?, text(policy)?, text(token)?);
        Ok(())
    }

    pub(crate) async fn api(&self, method: Method, path: &str, body: Value) -> anyhow::Result<Value> {
        let request = self.client.request(method, format!("{}/api/v1{path}", self.origin)).bearer_auth(&self.api_token);
        let request = if body.is_null() { request } else { request.json(&body) };
        Ok(request.send().await?.error_for_status()?.json().await?)
    }

    /// Saves the policy with another label: every agent's answer changes.
    pub(crate) async fn save_policy(&self, label: &str) -> anyhow::Result<()> {
        self.api(Method::PUT, &format!("/policies/{}", self.policy), policy(label)).await.map(drop)
    }

    /// Resident memory of the server's process, in bytes.
    pub(crate) fn resident_bytes(&self) -> anyhow::Result<f64> {
        let statm = std::fs::read_to_string(format!("/proc/{}/statm", self.process.id()))?;
        let pages: f64 = statm.split(' ').nth(1).context("resident pages")?.parse()?;
        Ok(pages * 4096.0)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

fn policy(label: &str) -> Value {
    let entry = json!({"id": "portal", "type": "portal", "label": {"text": label}});
    json!({"name": "Standard", "settings": {"hide_tray": false}, "menu": {"mode": "replace", "entries": [entry]}})
}
