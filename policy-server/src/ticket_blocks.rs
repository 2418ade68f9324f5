//! Makes tickets fast to search, some thousands at a time, in the background. Until then a search reads them one by one.

use std::time::Duration;

use tokio::sync::watch;
use tracing::error;

use crate::app::App;

/// How long it waits for enough new tickets.
const PAUSE: Duration = Duration::from_mins(1);

/// Works until `stopping` says so.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    while !*stopping.borrow() {
        match app.store.make_ticket_block().await {
            Ok(true) => continue,
            Ok(false) => {}
            Err(error) => error!(error = ?error, "Tickets could not be prepared for searches: {error}"),
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            _ = stopping.changed() => {}
        }
    }
}
