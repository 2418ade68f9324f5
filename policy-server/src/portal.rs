//! What end users see: the way in from the tray, the form, the receipt, and the pages that say why not.
//!
//! Every page is complete without scripts; the form has one, which takes a pasted screenshot.

pub mod account;
pub mod admitted;
mod article_reader;
mod articles;
pub mod billing;
mod computers;
mod conversation;
pub mod cookies;
mod details;
pub mod embed;
pub mod files;
pub mod home;
pub mod language;
pub mod launch;
pub mod look;
pub mod looks;
pub mod mailed_link;
pub mod new_ticket;
pub mod organization_link;
mod own_page;
pub mod pages;
pub mod paste;
pub mod payment;
pub mod portal_ticket;
pub mod prefix;
pub mod protected_form;
pub mod receipt;
pub mod sent_form;
mod sent_ticket;
pub mod sign_in;
pub mod sign_up;
pub mod signed_in;
pub mod standing;
mod ticket_answer;
mod ticket_fields;
mod ticket_page;
pub mod visit;
pub mod visitor;

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
    routes::router(pages_table())
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
        ("/", get(pages::front)),
        ("/my_profile/user_login", get(sign_in::show).post(sign_in::password)),
        ("/my_profile/user_login/link", post(sign_in::mail_sign_in)),
        ("/my_profile/user_login/reset", post(sign_in::mail_reset)),
        ("/my_profile/user_login/link/{token}", get(mailed_link::show_sign_in).post(mailed_link::use_sign_in)),
        ("/my_profile/user_login/reset/{token}", get(mailed_link::show_reset).post(mailed_link::use_reset)),
        (
            "/my_profile/link/{token}",
            on(MethodFilter::GET, organization_link::show)
                .head(pages::head_of_a_launch)
                .post(organization_link::switch),
        ),
        ("/my_profile/view/{code}", on(MethodFilter::GET, organization_link::show_view).head(pages::head_of_a_launch)),
        ("/my_profile/invitation/{token}", get(mailed_link::show_invitation).post(mailed_link::use_invitation)),
        ("/my_profile/sign_up", get(sign_up::show).post(sign_up::send)),
        ("/my_profile/sign_up/{token}", get(sign_up::show_link).post(sign_up::use_link)),
        ("/my_profile", get(account::show)),
        ("/my_profile/password", post(account::change_password)),
        ("/my_profile/sessions/{session}/end", post(account::end_session)),
        ("/my_profile/sign_out", post(sign_in::sign_out)),
        ("/my_profile/v2/index", get(home::show)),
        ("/my_profile/v2/tickets/{ticket}", get(ticket_page::show)),
        ("/my_profile/v2/tickets/{ticket}/close", post(ticket_answer::close)),
        ("/my_profile/v2/tickets/{ticket}/reopen", post(ticket_answer::reopen)),
        ("/my_profile/v2/computers", get(computers::show)),
        ("/my_profile/details", post(details::change)),
        ("/my_profile/v2/new_ticket", get(portal_ticket::show)),
        ("/my_profile/v2/billing", get(billing::show)),
        ("/my_profile/v2/pages/{page}", get(own_page::show)),
        (payment::PATH, get(payment::show)),
        ("/my_profile/v2/articles", get(articles::list)),
        ("/my_profile/v2/articles/{article}", get(articles::show)),
        ("/my_profile/v2/article_suggestions", get(articles::suggest)),
        ("/my_profile/{*path}", get(pages::not_found)),
        ("/my_profile/language", post(language::choose)),
        ("/embed/login", get(embed::login::show).post(embed::login::send)),
        ("/embed/check_in", get(embed::check_in::show).post(embed::check_in::send)),
        ("/embed/check_in/frame", get(embed::check_in::show_frame)),
        ("/embed/look_up", post(embed::look_up::send)),
        ("/embed/status/{token}", get(embed::status::show).post(embed::status::use_link)),
        ("/static/portal.css", get(look::stylesheet)),
        ("/static/logo.png", get(look::logo)),
    ]
}

fn files_table() -> Table {
    vec![
        ("/my_profile/v2/asset_new_ticket_form", post(new_ticket::send)),
        ("/my_profile/v2/asset_ticket/{ticket}/files/{attachment}", get(files::download)),
        ("/my_profile/v2/tickets/{ticket}/files/{attachment}", get(ticket_page::file)),
        ("/my_profile/v2/tickets/{ticket}/answers", post(ticket_answer::send)),
        ("/my_profile/v2/new_ticket", post(portal_ticket::send)),
    ]
}
