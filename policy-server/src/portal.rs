//! What end users see: the way in from the tray, the form, the receipt, and the pages that say why not.
//!
//! Every page is complete without scripts; the form has one, which takes a pasted screenshot. There is no sign-in here.

pub mod admitted;
pub mod cookies;
pub mod files;
pub mod launch;
pub mod look;
pub mod new_ticket;
pub mod pages;
pub mod paste;
pub mod protected_form;
pub mod receipt;
pub mod sent_form;
pub mod standing;
pub mod visit;

use axum::{
    Router,
    routing::{MethodFilter, get, on, post},
};

use crate::{
    app::SharedApp,
    routes::{self, Table},
};

/// The routes of the portal.
pub fn routes() -> Router<SharedApp> {
    routes::router(pages_table()).fallback(pages::not_found)
}

/// The routes of the portal that files go through: they may take long, and what they answer is not compressed.
pub fn file_routes() -> Router<SharedApp> {
    routes::router(files_table())
}

/// Every route of the portal.
pub fn table() -> Table {
    pages_table().into_iter().chain(files_table()).collect()
}

fn pages_table() -> Table {
    vec![
        // GET alone: a link checker's HEAD must not use a code up.
        ("/launch/{code}", on(MethodFilter::GET, launch::launch).head(pages::head_of_a_launch)),
        ("/my_profile/v2/asset_new_ticket_form", get(new_ticket::show)),
        ("/my_profile/v2/asset_ticket/{ticket}", get(receipt::show)),
        ("/", get(pages::tray_only)),
        ("/my_profile", get(pages::tray_only)),
        ("/my_profile/{*path}", get(pages::tray_only)),
        ("/static/portal.css", get(look::stylesheet)),
    ]
}

fn files_table() -> Table {
    vec![
        ("/my_profile/v2/asset_new_ticket_form", post(new_ticket::send)),
        ("/my_profile/v2/asset_ticket/{ticket}/files/{attachment}", get(files::download)),
    ]
}
