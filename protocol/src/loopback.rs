//! Which addresses never leave this computer.

use core::net::IpAddr;

use url::{Host, Url};

/// Whether nobody on the network hears what is said to `url`'s host (RFC 6761 §6.3 for `localhost`).
pub fn is_loopback(url: &Url) -> bool {
    match url.host() {
        // Of a scheme that browsers do not know, every host is a name.
        Some(Host::Domain(name)) => {
            name == "localhost"
                || name.ends_with(".localhost")
                || name.parse().is_ok_and(|address: IpAddr| address.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
