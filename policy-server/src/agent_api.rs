//! What agents ask: enroll, policy, report, launch. The messages are those of `deskbell-protocol`.

mod agent;
mod enroll;
mod icon;
mod launch;
mod policy;
mod report;

use axum::{
    Router,
    routing::{get, post},
};

use crate::app::SharedApp;

/// The routes below `/agent/v1`.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        .route("/enroll", post(enroll::enroll))
        .route("/policy", get(policy::policy))
        .route("/icons/{hash}", get(icon::icon))
        .route("/report", post(report::report))
        .route("/launch", post(launch::launch))
}
