//! `/embed/login`: the sign-in form of the MSP's website (SYN-20, SYN-21).
//!
//! A page of another origin that could sign people in could sign them in as somebody else, and read what they then write (login
//! CSRF). So a password counts from origins that the MSP has listed; from any other one, the portal's own page asks for it.

use std::sync::Arc;

use askama::Template;
use axum::{Form, extract::State, http::StatusCode, response::Response};
use serde::Deserialize;

use super::is_from_website;
use crate::{
    app::SharedApp,
    domain::portal_user::TokenPurpose,
    portal::{
        look::Look,
        looks::Here,
        pages::{PageFailed, page},
        sign_in::{self, Credentials},
        signed_in::{Coming, not_open},
    },
};

/// The page that shows what the code makes (SYN-22).
#[derive(Template)]
#[template(path = "portal/embedded_login.html")]
struct LoginPage {
    look: Arc<Look>,
}

/// The form as it is pasted into a page.
#[derive(Template)]
#[template(path = "portal/_embedded_login.html")]
struct LoginCode {
    look: Arc<Look>,
}

/// What is typed.
#[derive(Debug, Deserialize)]
pub struct Sent {
    name: String,
    #[serde(default)]
    password: String,
}

/// The code of the form.
pub fn code(look: Arc<Look>) -> Result<String, askama::Error> {
    LoginCode { look }.render()
}

/// The form on a page of the portal.
pub async fn show(Here(look): Here) -> Result<Response, PageFailed> {
    if look.is_open() { page(StatusCode::OK, &LoginPage { look }) } else { not_open(&look) }
}

/// Signs in by a password, or has a link mailed: an address alone makes no session.
pub async fn send(
    State(app): State<SharedApp>,
    coming: Coming,
    Form(Sent { name, password }): Form<Sent>,
) -> Result<Response, PageFailed> {
    if !coming.look.is_open() {
        return not_open(&coming.look);
    }
    if password.is_empty() {
        return sign_in::mailed(app, coming, name, TokenPurpose::SignIn);
    }
    if !is_from_website(&coming.look, &coming.headers) {
        return sign_in::form(coming.look, StatusCode::OK, name, None);
    }
    sign_in::with_password(&app, coming, Credentials { name, password, stay: None }).await
}
