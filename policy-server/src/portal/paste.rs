//! The forms' one script: a screenshot can be pasted, and articles that may help stand below what is typed. Part of the page, so
//! that it costs no request; its exact text is all that the page may run.

use std::sync::LazyLock;

use axum::http::HeaderValue;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest as _, Sha256};

use super::pages::CONTENT_SECURITY_POLICY;

/// The script.
pub const SCRIPT: &str = include_str!("../../static/paste.js");

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let hash = STANDARD.encode(Sha256::digest(SCRIPT));
    let policy = format!("{CONTENT_SECURITY_POLICY}; connect-src 'self'; script-src 'sha256-{hash}'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(CONTENT_SECURITY_POLICY))
});

/// What the form's page may load and do.
pub fn content_security_policy() -> HeaderValue {
    POLICY.clone()
}
