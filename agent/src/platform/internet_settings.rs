//! What Windows' Internet settings say of proxies.

/// The address of the proxy for https, where `servers` names one for each kind of address: `http=a:1;https=b:2`.
pub(super) fn proxy_for_https(servers: &str) -> Option<String> {
    let mut each = servers.split([';', ' ']).map(str::trim);
    let address = each.find_map(|server| server.strip_prefix("https=")).filter(|address| !address.is_empty())?;
    Some(if address.contains("://") { address.to_owned() } else { format!("http://{address}") })
}

/// What is reached without the proxy, as reqwest takes it: names with all below them, and addresses.
pub(super) fn reached_directly(exceptions: &str) -> String {
    let each = exceptions.split(';').map(str::trim).filter(|name| !name.is_empty() && *name != "<local>");
    each.map(|name| name.trim_start_matches("*.")).collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// AGT-14: the proxy for https is taken out of a list; one for everything is no list.
    #[test]
    fn the_proxy_for_https_is_taken_out_of_a_list() {
        for (servers, expected) in [
            ("http=a:1;https=b:2;ftp=c:3", Some("http://b:2")),
            ("https=http://b:2", Some("http://b:2")),
            ("http=a:1 https=b:2", Some("http://b:2")),
            ("http=a:1", None),
            ("https=", None),
            ("b:2", None),
        ] {
            assert_eq!(proxy_for_https(servers).as_deref(), expected, "{servers}");
        }
        assert_eq!(reached_directly("*.lindgren.example; 10.0.0.1;<local>;"), "lindgren.example,10.0.0.1");
    }
}
