//! Forms on the MSP's own website: from where they may come, what they ask, and how long what they are given counts.

use std::time::Duration;

use deskbell_protocol::{UnixMillis, is_loopback};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};
use url::Url;

use crate::domain::delivery::millis;

/// The most origins of one portal's website.
pub const MAX_ORIGINS: usize = 20;
/// How long a link counts that shows how far a ticket is.
pub const STATUS_LINK_LIFETIME: Duration = Duration::from_hours(1);
/// How long an address gets no other mail that anybody can have sent (S11).
pub const MAIL_SPACING: Duration = Duration::from_mins(10);
/// How old a form must be before it is sent: nobody reads and types faster.
const LEAST_AGE: Duration = Duration::from_secs(3);
/// How old a form may be.
const GREATEST_AGE: Duration = Duration::from_hours(24);

/// What the check-in form asks (SYN-26).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CheckInFields {
    /// Who, how to reach them, and what is wrong.
    #[default]
    Plain,
    /// The same, and a postal address.
    WithAddress,
}

/// How a form stands by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FormAge {
    /// It was made just now: no person has filled it in.
    TooYoung,
    /// It can be sent.
    Good,
    /// Its time is over.
    Over,
}

/// How a form stands that was made at `made_at`.
pub fn form_age(made_at: UnixMillis, now: UnixMillis) -> FormAge {
    let age = now.saturating_sub(made_at);
    if age < millis(LEAST_AGE) {
        FormAge::TooYoung
    } else if age < millis(GREATEST_AGE) {
        FormAge::Good
    } else {
        FormAge::Over
    }
}

/// An origin as browsers name it (Fetch, "serializing a request origin"): https, or http on this computer.
pub fn origin(text: &str) -> Result<String, String> {
    let wrong = || {
        format!(
            "has {:?}, which is no origin: write https:// and a host alone, such as https://www.example.com",
            text.trim()
        )
    };
    let url = Url::parse(text.trim()).map_err(|_| wrong())?;
    // It stands in a header: no character of it may mean something there.
    let plain = |host: &str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte));
    let is_bare = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url));
    if is_bare && is_safe && url.password().is_none() && url.host_str().is_some_and(plain) {
        Ok(url.origin().ascii_serialization())
    } else {
        Err(wrong())
    }
}

/// A list of origins, each once.
pub fn origins(texts: &[String]) -> Result<Vec<String>, String> {
    let mut kept: Vec<String> = Vec::new();
    for text in texts {
        let origin = origin(text)?;
        if !kept.contains(&origin) {
            kept.push(origin);
        }
    }
    if kept.len() > MAX_ORIGINS { Err(format!("must have at most {MAX_ORIGINS} origins")) } else { Ok(kept) }
}

/// The value of CSP's `frame-ancestors` that lets these show a page in a frame, and nobody else (SYN-28).
pub fn frame_ancestors(origins: &[String]) -> String {
    if origins.is_empty() { "'none'".to_owned() } else { origins.join(" ") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_https_or_this_computer_and_nothing_else() {
        for (text, kept) in [
            (" https://WWW.Example.com/ ", "https://www.example.com"),
            ("https://example.com:8443", "https://example.com:8443"),
            ("https://bücher.example", "https://xn--bcher-kva.example"),
            ("http://localhost:8080", "http://localhost:8080"),
            ("http://127.0.0.1", "http://127.0.0.1"),
        ] {
            assert_eq!(origin(text).as_deref(), Ok(kept));
        }
        for bad in [
            "",
            "example.com",
            "http://example.com",
            "https://example.com/page",
            "https://example.com?x",
            "https://kim@example.com",
            "https://*.example.com",
            "https://a.example;script-src",
            "https://a.example 'self'",
            "https://a.example,b.example",
            "ftp://example.com",
            "data:text/html,x",
            "null",
            "*",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn origins_are_kept_once_and_there_are_not_too_many() {
        let texts = ["https://a.example".to_owned(), "https://A.example/".to_owned()];
        assert_eq!(origins(&texts), Ok(vec!["https://a.example".to_owned()]));
        let many: Vec<_> = (0..=MAX_ORIGINS).map(|n| format!("https://{n}.example.com")).collect();
        assert!(origins(&many).is_err() && origins(&many[1..]).is_ok());
        assert_eq!(frame_ancestors(&[]), "'none'");
        assert_eq!(frame_ancestors(&many[..2]), "https://0.example.com https://1.example.com");
    }

    #[test]
    fn a_form_can_be_sent_between_three_seconds_and_a_day_after_it_was_made() {
        let day = 24 * 60 * 60 * 1000;
        assert_eq!([0, 2_999, -5].map(|now| form_age(0, now)), [FormAge::TooYoung; 3]);
        assert_eq!([3_000, day - 1].map(|now| form_age(0, now)), [FormAge::Good; 2]);
        assert_eq!(form_age(0, day), FormAge::Over);
    }
}
