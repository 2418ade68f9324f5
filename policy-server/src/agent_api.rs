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

use crate::{
    app::SharedApp,
    routes::{self, Table},
};

/// Below which path it all is.
pub const BASE: &str = "/agent/v1";

/// The routes below [`BASE`].
pub fn routes() -> Router<SharedApp> {
    routes::router(table())
}

/// Every route below [`BASE`].
pub fn table() -> Table {
    vec![
        ("/enroll", post(enroll::enroll)),
        ("/policy", get(policy::policy)),
        ("/icons/{hash}", get(icon::icon)),
        ("/report", post(report::report)),
        ("/launch", post(launch::launch)),
    ]
}
