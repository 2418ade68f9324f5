//! What end users see: the way in from the tray, the form, the receipt, and the pages that say why not.
//!
//! Every page is complete without scripts. There is no sign-in here.

pub mod cookies;
pub mod launch;
pub mod look;
pub mod new_ticket;
pub mod pages;
pub mod protected_form;
pub mod receipt;
pub mod standing;
pub mod visit;

use axum::routing::MethodFilter;
use axum::{
    Router,
    routing::{get, on},
};

use crate::app::SharedApp;

/// The routes of the portal.
pub fn routes() -> Router<SharedApp> {
    Router::new()
        // GET alone: a link checker's HEAD must not use a code up.
        .route("/launch/{code}", on(MethodFilter::GET, launch::launch).head(pages::head_of_a_launch))
        .route("/my_profile/v2/asset_new_ticket_form", get(new_ticket::show).post(new_ticket::send))
        .route("/my_profile/v2/asset_ticket/{ticket}", get(receipt::show))
        .route("/", get(pages::tray_only))
        .route("/my_profile", get(pages::tray_only))
        .route("/my_profile/{*path}", get(pages::tray_only))
        .route("/static/portal.css", get(look::stylesheet))
        .fallback(pages::not_found)
}
