//! The cookies of asset sessions and of portal users: `__Host-`, so only this origin can set it, over TLS or on loopback (S17).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::{
    domain::{language::Language, launch::SESSION_LIFETIME},
    store::Portal,
};

/// The name of the cookie with the language that somebody has chosen: one for all portals of a host.
pub const LANGUAGE_COOKIE: &str = "__Host-language";
/// A chosen language is kept for a year, in seconds.
const LANGUAGE_AGE: u32 = 365 * 24 * 60 * 60;

/// A `Set-Cookie` that keeps a chosen language.
pub fn set_language_cookie(language: Language) -> Option<HeaderValue> {
    let name = language.name();
    let cookie = format!("{LANGUAGE_COOKIE}={name}; Path=/; Max-Age={LANGUAGE_AGE}; Secure; HttpOnly; SameSite=Lax");
    HeaderValue::from_str(&cookie).ok()
}

/// The cookie's name on a portal.
pub fn asset_cookie_name(portal: &Portal) -> String {
    format!("__Host-asset-{}", portal.id)
}

/// What the browser sent under that name.
pub fn asset_cookie(headers: &HeaderMap, portal: &Portal) -> Option<String> {
    cookie(headers, &asset_cookie_name(portal))
}

/// The cookie's name of somebody who signed in.
pub fn portal_cookie_name(portal: &Portal) -> String {
    format!("__Host-portal-{}", portal.id)
}

/// What the browser sent under that name.
pub fn portal_cookie(headers: &HeaderMap, portal: &Portal) -> Option<String> {
    cookie(headers, &portal_cookie_name(portal))
}

/// A `Set-Cookie` that keeps a sign-in for so many seconds, or makes the browser forget it: 0.
pub fn set_portal_cookie(portal: &Portal, secret: &str, age: u64) -> Option<HeaderValue> {
    let name = portal_cookie_name(portal);
    HeaderValue::from_str(&format!("{name}={secret}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax")).ok()
}

/// What the browser sent under a name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| value.to_owned())
}

/// A `Set-Cookie` that makes the browser keep a session.
pub fn set_asset_cookie(portal: &Portal, secret: &str) -> Option<HeaderValue> {
    let name = asset_cookie_name(portal);
    let age = SESSION_LIFETIME.as_secs();
    HeaderValue::from_str(&format!("{name}={secret}; Path=/; Max-Age={age}; Secure; HttpOnly; SameSite=Lax")).ok()
}
