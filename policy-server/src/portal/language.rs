//! `/my_profile/language`: the language that somebody reads the portal in, whoever they are.

use axum::{
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;

use super::{cookies::set_language_cookie, looks::Here, protected_form::ProtectedFields, signed_in::HOME};
use crate::domain::language::Language;

/// Which one.
#[derive(Debug, Deserialize)]
pub struct Chosen {
    language: Language,
}

/// Keeps it in this browser, and leads back to the page that it was chosen on.
pub async fn choose(
    Here(look): Here,
    headers: HeaderMap,
    ProtectedFields(Chosen { language }): ProtectedFields<Chosen>,
) -> Response {
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok());
    let path = from.and_then(|from| from.strip_prefix(&look.place.origin)).filter(|path| path.starts_with('/'));
    let mut response = Redirect::to(path.unwrap_or(&look.at(HOME))).into_response();
    if let Some(cookie) = set_language_cookie(language) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
