//! A website of somebody else: one page, on an origin of its own.

use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context;
use axum::{Router, extract::State, response::Html, routing::get};
use tokio::{net::TcpListener, task::JoinHandle};

use crate::support::loopback;

/// A website that runs until dropped. Its host is another one than that of a test's server.
#[derive(Debug)]
pub struct Website {
    /// Where it can be reached.
    pub origin: String,
    page: Arc<Mutex<String>>,
    serving: JoinHandle<()>,
}

impl Website {
    /// Starts a website with an empty page.
    pub fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::from_std(loopback::listener()?).context("listening")?;
        let origin = format!("http://{}", listener.local_addr()?);
        let page = Arc::default();
        let routes = Router::new().route("/", get(show)).with_state(Arc::clone(&page));
        let serving = tokio::spawn(async {
            // Ends with the test.
            let _ = axum::serve(listener, routes).await;
        });
        Ok(Self { origin, page, serving })
    }

    /// Pastes this code into the page, in place of what was there.
    pub fn paste(&self, code: &str) {
        let page = format!("<!doctype html><html lang=en><title>Harbor IT</title><h1>Harbor IT</h1>{code}</html>");
        *self.page.lock().unwrap_or_else(PoisonError::into_inner) = page;
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn show(State(page): State<Arc<Mutex<String>>>) -> Html<String> {
    Html(page.lock().unwrap_or_else(PoisonError::into_inner).clone())
}
