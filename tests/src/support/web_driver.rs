//! The few commands of the W3C `WebDriver` protocol that the tests need, spoken to one chromedriver.
//!
//! Written out here because a ready-made client brings a second `http`, a second `cookie` and an MPL-licensed crate for
//! what is seven requests.

use anyhow::{Context, bail};
use reqwest::Method;
use serde_json::{Value, json};
use tokio::process::Command;
use url::Url;

use crate::support::{
    child::{ChildProcess, Log},
    deadline::PATIENT,
    http,
};

/// The key under which `WebDriver` hands out elements (W3C `WebDriver` §11).
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How many ports are tried.
const PORTS: usize = 10;

/// A `WebDriver` session. Ends with its chromedriver, which ends the browser.
#[derive(Debug)]
pub struct WebDriver {
    http: reqwest::Client,
    session: String,
    driver: ChildProcess,
}

/// chromedriver, and its port. It takes one that is free on IPv6 and wants the same on IPv4, where somebody else may have it: then
/// it ends, and another one is tried.
async fn listening() -> anyhow::Result<(ChildProcess, u16)> {
    let port = |line: &str| {
        let on = line.strip_suffix('.').and_then(|line| line.rsplit_once("on port "));
        let port = on.and_then(|(_, port)| port.parse::<u16>().ok());
        port.map(Some).or_else(|| line.contains("port not available").then_some(None))
    };
    for _ in 0..PORTS {
        let mut command = Command::new("chromedriver");
        let driver = ChildProcess::start("chromedriver", command.arg("--port=0"), &Log::StandardError)?;
        if let Some(port) = driver.line(PATIENT, "chromedriver's port", port).await? {
            return Ok((driver, port));
        }
    }
    bail!("chromedriver found no port in {PORTS} tries")
}

impl WebDriver {
    /// Starts chromedriver on a port of its own choice, and a browser with `capabilities`.
    pub async fn start(capabilities: Value) -> anyhow::Result<Self> {
        let (driver, port) = listening().await?;
        let http = http::client()?;
        let sessions = format!("http://127.0.0.1:{port}/session");
        let body = json!({"capabilities": {"alwaysMatch": capabilities}});
        let started = send(&http, Method::POST, &sessions, Some(&body)).await.context("starting a browser")?;
        let id = started["sessionId"].as_str().context("chromedriver named no session")?;
        Ok(Self { session: format!("{sessions}/{id}"), http, driver })
    }

    /// Asks for `path` of the session, such as `url`.
    pub async fn get(&self, path: &str) -> anyhow::Result<Value> {
        self.send(Method::GET, path, None).await
    }

    /// Gives the session the command `path`.
    pub async fn post(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Gives the browser a command of the Chrome `DevTools` protocol.
    pub async fn devtools(&self, command: &str, parameters: Value) -> anyhow::Result<Value> {
        self.post("goog/cdp/execute", &json!({"cmd": command, "params": parameters})).await
    }

    /// The elements that match a CSS selector, as paths to put in front of a command. Waits for the first one.
    pub async fn elements(&self, selector: &str) -> anyhow::Result<Vec<String>> {
        let found = self.post("elements", &json!({"using": "css selector", "value": selector})).await?;
        let elements = found.as_array().map(Vec::as_slice).unwrap_or_default();
        Ok(elements.iter().filter_map(|element| element[ELEMENT].as_str()).map(|id| format!("element/{id}")).collect())
    }

    /// Names an element to a script.
    pub fn argument(path: &str) -> Value {
        json!({ELEMENT: path.trim_start_matches("element/")})
    }

    /// Ends the browser, then chromedriver.
    pub async fn stop(self) -> anyhow::Result<()> {
        send(&self.http, Method::DELETE, &self.session, None).await.context("ending the browser")?;
        self.driver.stop().await
    }

    async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> anyhow::Result<Value> {
        send(&self.http, method, &format!("{}/{path}", self.session), body)
            .await
            .with_context(|| format!("telling the browser: {path}"))
    }
}

async fn send(http: &reqwest::Client, method: Method, url: &str, body: Option<&Value>) -> anyhow::Result<Value> {
    let url: Url = url.parse().context("writing chromedriver's address")?;
    let mut request = http.request(method, url);
    if let Some(body) = body {
        request = request.json(body);
    }
    let mut answer: Value = request.send().await?.json().await?;
    let value = answer["value"].take();
    if let Some(error) = value["error"].as_str() {
        bail!("{error}: {}", value["message"].as_str().unwrap_or_default());
    }
    Ok(value)
}
