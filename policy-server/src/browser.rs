//! What a browser says of itself and of the page that sent a form.

use axum::http::{HeaderMap, header};

use crate::domain::plain_line::plain_line;

/// The most characters that are kept of a browser's name.
const NAME_CHARACTERS: usize = 200;

/// Whether it says that a page of this origin sent this (S17; Fetch, "append a request Origin header").
pub fn is_our_own(ours: &str, headers: &HeaderMap) -> bool {
    headers.get(header::ORIGIN).is_some_and(|origin| origin.as_bytes() == ours.as_bytes())
}

/// Its name, as a list of sessions shows it.
pub fn name(headers: &HeaderMap) -> String {
    let name = headers.get(header::USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    plain_line(name).chars().take(NAME_CHARACTERS).collect()
}
