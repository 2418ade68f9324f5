//! A policy server that means ill: its launches lead wherever a test says, and so do its policies.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::{
    Json, Router,
    extract::State,
    http::{HeaderMap, StatusCode, header::ETAG},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use tokio::{net::TcpListener, sync::watch, task::JoinHandle};

use crate::support::loopback;

/// A server that runs until dropped.
#[derive(Debug)]
pub struct LyingServer {
    /// Where it can be reached.
    pub url: String,
    lies: Arc<Lies>,
    serving: JoinHandle<()>,
}

#[derive(Debug)]
struct Lies {
    launch: Mutex<String>,
    /// Each with its number, which is its `ETag`.
    policy: watch::Sender<(usize, Value)>,
}

impl LyingServer {
    /// Starts a server whose first policy has this menu.
    pub fn start(menu: &Value) -> anyhow::Result<Self> {
        let listener = TcpListener::from_std(loopback::listener()?).context("listening")?;
        let url = format!("http://{}", listener.local_addr()?);
        let lies = Lies { launch: Mutex::default(), policy: watch::Sender::new((1, policy(menu))) };
        let lies = Arc::new(lies);
        let routes = Router::new()
            .route("/agent/v1/enroll", post(enroll))
            .route("/agent/v1/policy", get(poll))
            .route("/agent/v1/report", post(async || StatusCode::NO_CONTENT))
            .route("/agent/v1/launch", post(launch))
            .with_state(Arc::clone(&lies));
        let serving = tokio::spawn(async {
            // Ends with the test.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { url, lies, serving })
    }

    /// Answers clicks with this address from here on.
    pub fn lead_to(&self, address: &str) {
        address.clone_into(&mut self.lies.launch.lock().unwrap_or_else(PoisonError::into_inner));
    }

    /// Sends this menu.
    pub fn change_menu(&self, menu: &Value) {
        self.lies.policy.send_modify(|(number, sent)| {
            *number += 1;
            *sent = policy(menu);
        });
    }
}

impl Drop for LyingServer {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

fn policy(menu: &Value) -> Value {
    let support = json!({"name": "Harbor IT", "phone": "+1 555 0100", "email": "help@harbor-it.example"});
    json!({"policy": {"hide_tray": false, "support": support, "menu": menu}, "values": {}})
}

async fn enroll() -> (StatusCode, Json<Value>) {
    let id = "018f0000-0000-7000-8000-000000000001";
    (StatusCode::CREATED, Json(json!({"asset_id": id, "agent_token": "a", "state": "enrolled"})))
}

async fn poll(State(lies): State<Arc<Lies>>, headers: HeaderMap) -> Response {
    let known = headers.get("if-none-match").and_then(|known| known.to_str().ok()).unwrap_or_default().to_owned();
    let mut policies = lies.policy.subscribe();
    let Ok(news) = policies.wait_for(|(number, _)| known != format!("\"{number}\"")).await else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (number, policy) = &*news;
    ([(ETAG, format!("\"{number}\""))], Json(policy)).into_response()
}

async fn launch(State(lies): State<Arc<Lies>>) -> Json<Value> {
    let address = lies.launch.lock().unwrap_or_else(PoisonError::into_inner).clone();
    Json(json!({"url": address}))
}
