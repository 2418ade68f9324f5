//! The asset session's cookie: `__Host-`, so only this origin can set it, over TLS or on loopback (S17).

use axum::http::{HeaderMap, HeaderValue, header};

use crate::{domain::launch::SESSION_LIFETIME, store::Portal};

/// The cookie's name on a portal.
pub fn asset_cookie_name(portal: &Portal) -> String {
    format!("__Host-asset-{}", portal.id)
}

/// What the browser sent under that name.
pub fn asset_cookie(headers: &HeaderMap, portal: &Portal) -> Option<String> {
    let name = asset_cookie_name(portal);
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
