//! The console: where staff set policies, look after assets and people, and answer tickets.
//!
//! Complete without scripts. What a page changes goes through `changes/`, as the API's requests do. Its sentences are English and
//! stand in the templates: end users never see them.

mod account;
mod audit_log;
mod forms;
mod guard;
mod layout;
mod mail;
mod overview;
mod settings;
mod sign_in;
pub mod sign_ins;
mod staff;
mod stylesheet;
mod ticket;
mod tickets;
mod times;
mod webhooks;
mod welcome;

use axum::{Router, routing::get};

use self::guard::Routes;
use crate::{
    app::SharedApp,
    domain::role::Permission::{Administer, Look, Work},
};

pub use guard::GuardedRoute;

/// The console's pages for whoever signed in. Each names what it asks of them.
fn guarded() -> Routes {
    Routes::default()
        .get("/console", Look, overview::show)
        .get("/console/tickets", Look, tickets::list)
        .get("/console/tickets/{ticket}", Look, ticket::show)
        .post("/console/tickets/{ticket}", Work, ticket::change)
        .post("/console/tickets/{ticket}/comments", Work, ticket::comment)
        .get("/console/tickets/{ticket}/files/{file}", Look, ticket::file)
        .get("/console/account", Look, account::show)
        .own_post("/console/account/password", account::change_password)
        .own_post("/console/account/second-factor", account::set_second_factor)
        .own_post("/console/account/second-factor/remove", account::remove_second_factor)
        .own_post("/console/account/sessions/{session}/end", account::end_session)
        .own_post("/console/sign-out", sign_in::sign_out)
        .get("/console/settings", Look, settings::show)
        .get("/console/settings/mail", Administer, mail::list)
        .post("/console/settings/mail", Administer, mail::set_forwarding)
        .get("/console/settings/mail/{mail}", Administer, mail::show)
        .post("/console/settings/mail/{mail}/retry", Administer, mail::retry)
        .get("/console/settings/webhooks", Administer, webhooks::list)
        .post("/console/settings/webhooks", Administer, webhooks::add)
        .get("/console/settings/webhooks/{endpoint}", Administer, webhooks::show)
        .post("/console/settings/webhooks/{endpoint}", Administer, webhooks::change)
        .post("/console/settings/webhooks/{endpoint}/replay/{delivery}", Administer, webhooks::replay)
        .get("/console/staff", Administer, staff::list)
        .post("/console/staff", Administer, staff::add)
        .get("/console/staff/{staff}", Administer, staff::show)
        .post("/console/staff/{staff}", Administer, staff::change)
        .post("/console/staff/{staff}/reset", Administer, staff::reset)
        .get("/console/audit", Administer, audit_log::list)
}

/// The routes of the console and of the staff's sign-in.
pub fn routes(app: &SharedApp) -> Router<SharedApp> {
    guarded()
        .router(app)
        .route("/users/sign_in", get(sign_in::show).post(sign_in::password))
        .route("/users/sign_in/code", get(sign_in::show_code).post(sign_in::code))
        .route("/users/welcome/{token}", get(welcome::show).post(welcome::set_password))
        .route("/static/console.css", get(stylesheet::stylesheet))
        .route("/console/{*path}", get(layout::not_found).post(layout::not_found))
}

/// Every guarded route, for the test that tries each with each role.
pub fn table() -> Vec<GuardedRoute> {
    guarded().table()
}
