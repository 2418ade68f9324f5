//! Scripts of pages: comfort alone. Each lies under an address that changes with its content.

use std::sync::LazyLock;

use axum::{
    http::{HeaderValue, header},
    response::Response,
    routing::{MethodRouter, get},
};

use crate::{app::SharedApp, portal::pages::CONTENT_SECURITY_POLICY, secrets};

static POLICY: LazyLock<HeaderValue> = LazyLock::new(|| {
    let policy = format!("{CONTENT_SECURITY_POLICY}; script-src 'self'; connect-src 'self'");
    HeaderValue::from_str(&policy).unwrap_or_else(|_| HeaderValue::from_static(CONTENT_SECURITY_POLICY))
});

/// A script that some pages load.
pub(super) struct PageScript {
    path: &'static str,
    text: &'static str,
    address: LazyLock<String>,
}

/// The policy builder's.
pub(super) static BUILDER: PageScript = PageScript {
    path: "/static/builder.js",
    text: BUILDER_TEXT,
    address: LazyLock::new(|| address("/static/builder.js", BUILDER_TEXT)),
};
const BUILDER_TEXT: &str = include_str!("../../static/builder.js");

/// That of a mail template's page, which shows the sample as one types.
pub(super) static MAIL_TEMPLATE: PageScript = PageScript {
    path: "/static/mail_template.js",
    text: MAIL_TEMPLATE_TEXT,
    address: LazyLock::new(|| address("/static/mail_template.js", MAIL_TEMPLATE_TEXT)),
};
const MAIL_TEMPLATE_TEXT: &str = include_str!("../../static/mail_template.js");

/// That of lists in which people are chosen.
pub(super) static CHOOSE: PageScript = PageScript {
    path: "/static/choose.js",
    text: CHOOSE_TEXT,
    address: LazyLock::new(|| address("/static/choose.js", CHOOSE_TEXT)),
};
const CHOOSE_TEXT: &str = include_str!("../../static/choose.js");

fn address(path: &str, text: &str) -> String {
    format!("{path}?v={}", &secrets::sha256(text.as_bytes())[..12])
}

impl PageScript {
    /// Where pages find it.
    pub(super) fn address(&'static self) -> &'static str {
        &self.address
    }

    /// As it stands in the table of routes.
    pub(super) fn table_entry(&'static self) -> (&'static str, MethodRouter<SharedApp>) {
        let headers = [
            (header::CONTENT_TYPE, "text/javascript; charset=utf-8"),
            (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
        ];
        (self.path, get(async move || (headers, self.text)))
    }
}

/// Lets a page run such a script, and lets that ask this server.
pub(super) fn with_scripts(mut page: Response) -> Response {
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, POLICY.clone());
    page
}
