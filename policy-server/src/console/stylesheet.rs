//! The console's stylesheet, under an address that changes with its content.

use std::sync::LazyLock;

use axum::http::{HeaderName, header};

use crate::secrets;

const STYLESHEET: &str = include_str!("../../static/console.css");

static ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/static/console.css?v={}", &secrets::sha256(STYLESHEET.as_bytes())[..12]));

/// Where pages find it.
pub(super) fn address() -> &'static str {
    &ADDRESS
}

/// `GET /static/console.css`.
pub(super) async fn stylesheet() -> ([(HeaderName, &'static str); 2], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, "text/css; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, STYLESHEET)
}
