//! Settings that an administrator manages centrally: they go before environment and file.

use std::collections::BTreeMap;

use toml::{Table, Value};

use crate::config::{Config, ConfigError, Network};

/// Where they are in Windows' registry, below `HKEY_LOCAL_MACHINE`. Tables of the file are keys below it.
pub const REGISTRY_KEY: &str = r"Software\Policies\Deskbell";

/// A setting, as an editor of policies shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    /// Its key in the file, with dots between tables.
    pub key: &'static str,
    /// What the editor calls it.
    pub name: &'static str,
    /// What the editor says about it.
    pub help: &'static str,
}

/// Every setting that can be managed: every key of the file.
pub const SETTINGS: [Setting; 3] = [
    Setting {
        key: "server",
        name: "Policy server",
        help: "The address of the policy server, such as https://support.example. It must begin with https://.",
    },
    Setting {
        key: "network.proxy",
        name: "Proxy",
        help: "The proxy on the way to the policy server, such as http://proxy.example:3128. It goes before the one of \
               the system. A server on the same computer is always reached directly.",
    },
    Setting {
        key: "network.ca_certificate",
        name: "CA certificate",
        help: "A PEM file with certificates, such as the company's own CA, that are trusted beside those of the system.",
    },
];

/// What `settings` say, by key.
pub(super) fn config(settings: BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let mut all = Table::new();
    for (key, text) in settings {
        let (table, name) = key.rsplit_once('.').map_or((None, key.as_str()), |(table, name)| (Some(table), name));
        let table = match table {
            Some(table) => all.entry(table).or_insert_with(|| Table::new().into()).as_table_mut(),
            None => Some(&mut all),
        };
        table
            .ok_or_else(|| ConfigError::Managed(format!("{key} has the name of a key")))?
            .insert(name.into(), text.into());
    }
    Value::Table(all).try_into().map_err(|error: toml::de::Error| ConfigError::Managed(error.message().to_owned()))
}

/// `managed`, and where that says nothing, `other`.
pub(super) fn over(managed: Config, other: Config) -> Config {
    let Config { server, network: Network { proxy, ca_certificate } } = managed;
    Config {
        server: server.or(other.server),
        network: Network {
            proxy: proxy.or(other.network.proxy),
            ca_certificate: ca_certificate.or(other.network.ca_certificate),
        },
    }
}

#[cfg(test)]
mod tests;
