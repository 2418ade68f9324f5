//! Where a portal is: one origin for each, so that every absolute link to it begins in one way (invariant 16, decision C12).

use url::Url;

/// Where all portals of a server can be.
#[derive(Debug, Clone)]
pub struct Places<'a> {
    /// Where agents and the default portal are.
    pub public_url: &'a Url,
    /// The domain below which prefixes are names of hosts; absent: prefixes are paths below `public_url`.
    pub base_domain: Option<&'a str>,
}

/// Where one portal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Scheme, host and port, such as `https://acme.help.example`.
    pub origin: String,
    /// What comes before each of its paths: nothing, or `/portal/<prefix>`.
    pub base: String,
    /// Its host and port, where no other portal has the same.
    pub own_host: Option<String>,
}

impl Places<'_> {
    /// Where the default portal is.
    pub fn default_portal(&self) -> Place {
        Place { origin: self.public_url.origin().ascii_serialization(), base: String::new(), own_host: None }
    }

    /// Where another portal is: at its own domain, else at its prefix.
    pub fn portal(&self, prefix: &str, domain: Option<&str>) -> Place {
        let host = domain.map(str::to_owned).or_else(|| self.base_domain.map(|base| format!("{prefix}.{base}")));
        match host {
            Some(host) => {
                let port = self.public_url.port().map_or(String::new(), |port| format!(":{port}"));
                let host = format!("{host}{port}");
                Place {
                    origin: format!("{}://{host}", self.public_url.scheme()),
                    base: String::new(),
                    own_host: Some(host),
                }
            }
            None => Place { base: format!("/portal/{prefix}"), ..self.default_portal() },
        }
    }

    /// Whether a host is one below the base domain, whether or not a portal is there (SYN-30).
    pub fn is_below_base_domain(&self, host: &str) -> bool {
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        self.base_domain.is_some_and(|base| {
            let (at, wanted) = (name.len().checked_sub(base.len() + 1), base);
            at.is_some_and(|at| {
                name.is_char_boundary(at) && name[at..].starts_with('.') && name[at + 1..].eq_ignore_ascii_case(wanted)
            })
        })
    }
}

/// Prefixes that would be taken for something else.
const RESERVED: [&str; 24] = [
    "admin",
    "agent",
    "api",
    "app",
    "autodiscover",
    "console",
    "deskbell",
    "embed",
    "ftp",
    "healthz",
    "imap",
    "launch",
    "login",
    "mail",
    "metrics",
    "packages",
    "portal",
    "public",
    "smtp",
    "static",
    "status",
    "support-staff",
    "users",
    "www",
];

/// A portal's prefix: 3 to 63 of `a-z`, `0-9` and `-`, as the label of a host has them (NAB-02; RFC 1035 §2.3.1). None that begins
/// as an encoded name does (`xn--`, RFC 5891 §4.2.3.1).
pub fn prefix(text: &str) -> Result<String, String> {
    let text = text.trim();
    let plain = text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
    if !plain || !(3..=63).contains(&text.len()) || text.starts_with('-') || text.ends_with('-') {
        return Err(
            "must be 3 to 63 of the letters a-z, digits and hyphens, with a letter or digit at both ends".into()
        );
    }
    if text.get(2..4) == Some("--") {
        return Err("must not have two hyphens after its second character, as encoded names have".into());
    }
    if RESERVED.contains(&text) {
        return Err(format!("must be another one: {text} is reserved"));
    }
    Ok(text.to_owned())
}

/// The name of a host, in lower case, without a port (RFC 1123 §2.1).
pub fn domain(text: &str) -> Result<String, String> {
    let text = text.trim().to_ascii_lowercase();
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let is_number = text.rsplit('.').next().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    if text.len() <= 253 && text.split('.').all(label) && !is_number {
        Ok(text)
    } else {
        Err("must be the name of a host, such as help.example.com".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// NAB-02: what a prefix may be.
    #[test]
    fn a_prefix_is_a_plain_label_that_means_nothing_else() {
        for good in ["acme", "a1c", "acme-help", &"a".repeat(63)] {
            assert_eq!(prefix(good).as_deref(), Ok(good));
        }
        for bad in
            ["", "ab", "Acme", "-acme", "acme-", "ac me", "acme.x", "xn--acme", "äcme", "www", "api", &"a".repeat(64)]
        {
            assert!(prefix(bad).is_err(), "{bad}");
        }
        assert_eq!(domain(" Help.Example "), Ok("help.example".into()));
        for bad in ["", "a..b", "a_b.example", "https://a.example", "a.example:8080", "-a.example", "192.0.2.1"] {
            assert!(domain(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_portal_is_at_its_own_domain_else_below_the_base_domain_else_below_a_path() {
        let public_url = "https://help.example:8443".parse().expect("a URL");
        let at = |base_domain| Places { public_url: &public_url, base_domain };
        let below_a_path = at(None).portal("acme", None);
        assert_eq!(below_a_path.origin + &below_a_path.base, "https://help.example:8443/portal/acme");
        assert_eq!(below_a_path.own_host, None);
        let below_the_domain = at(Some("help.example")).portal("acme", None);
        assert_eq!(below_the_domain.origin + &below_the_domain.base, "https://acme.help.example:8443");
        let own = at(Some("help.example")).portal("acme", Some("it.acme.example"));
        assert_eq!(
            (own.origin.as_str(), own.own_host.as_deref()),
            ("https://it.acme.example:8443", Some("it.acme.example:8443"))
        );
    }

    #[test]
    fn a_host_is_below_the_base_domain_by_whole_labels() {
        let public_url = "https://help.example".parse().expect("a URL");
        let places = Places { public_url: &public_url, base_domain: Some("help.example") };
        for (host, is_below) in [
            ("acme.help.example", true),
            ("ACME.Help.Example:443", true),
            ("help.example", false),
            ("xhelp.example", false),
            ("acme.help.example.evil.example", false),
            ("", false),
        ] {
            assert_eq!(places.is_below_base_domain(host), is_below, "{host}");
        }
    }
}
