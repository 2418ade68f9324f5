//! The proxy of the Internet settings.

use windows_registry::CURRENT_USER;

use crate::platform::{SystemProxy, internet_settings};

const SETTINGS: &str = r"Software\Microsoft\Windows\CurrentVersion\Internet Settings";

/// The proxy for https, where the settings name one for each kind of address. reqwest finds one for everything itself, and
/// what the environment names, which goes before.
pub fn proxy_for_https() -> Option<SystemProxy> {
    if std::env::var_os("HTTPS_PROXY").is_some() {
        return None;
    }
    let settings = CURRENT_USER.open(SETTINGS).ok().filter(|key| key.get_u32("ProxyEnable").is_ok_and(|on| on != 0))?;
    let url = internet_settings::proxy_for_https(&settings.get_string("ProxyServer").ok()?)?;
    let exceptions = settings.get_string("ProxyOverride").unwrap_or_default();
    Some(SystemProxy { url, reached_directly: internet_settings::reached_directly(&exceptions) })
}
