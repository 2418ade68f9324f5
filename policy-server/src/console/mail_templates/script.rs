//! The script of a template's page: it shows the sample as one types, comfort alone.

use std::sync::LazyLock;

use axum::{
    http::{HeaderName, HeaderValue, header},
    response::Response,
};

use crate::{portal::pages::CONTENT_SECURITY_POLICY, secrets};

const SCRIPT: &str = include_str!("../../../static/mail_template.js");

static ADDRESS: LazyLock<String> =
    LazyLock::new(|| format!("/static/mail_template.js?v={}", &secrets::sha256(SCRIPT.as_bytes())[..12]));

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!("{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(CONTENT_SECURITY_POLICY))
});

/// Where pages find it.
pub(super) fn address() -> &'static str {
    &ADDRESS
}

/// Lets a page run it, and lets it ask this server.
pub(super) fn allowed(mut response: Response) -> Response {
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    response
}

/// `GET /static/mail_template.js`.
pub(in crate::console) async fn script() -> ([(HeaderName, &'static str); 2], &'static str) {
    let headers = [
        (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    (headers, SCRIPT)
}
