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
    /// What it can be.
    pub kind: Kind,
}

/// What a setting can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Switch,
}

/// Every setting that can be managed: every key of the file.
pub const SETTINGS: [Setting; 6] = [
    Setting {
        key: "server",
        name: "Policy server",
        help: "The address of the policy server, such as https://support.example. It must begin with https://.",
        kind: Kind::Text,
    },
    Setting {
        key: "enrollment_token",
        name: "Enrollment token",
        help: "What a computer that is no asset yet enrolls with. Everybody who uses the computer can read it: take one that \
               staff approve, or with a count and an end.",
        kind: Kind::Text,
    },
    Setting {
        key: "folder",
        name: "Folder",
        help: "The folder that a computer asks for when it enrolls: its name, or several with / between them, such as \
               Floor 2/Reception, from the enrollment token's place on.",
        kind: Kind::Text,
    },
    Setting {
        key: "hide_tray",
        name: "Hide the tray at first",
        help: "Whether there is no icon until the first policy arrives, which then says so itself. Not configured: there \
               is none.",
        kind: Kind::Switch,
    },
    Setting {
        key: "network.proxy",
        name: "Proxy",
        help: "The proxy on the way to the policy server, such as http://proxy.example:3128. It goes before the one of \
               the system. A server on the same computer is always reached directly.",
        kind: Kind::Text,
    },
    Setting {
        key: "network.ca_certificate",
        name: "CA certificate",
        help: "A PEM file with certificates, such as the company's own CA, that are trusted beside those of the system.",
        kind: Kind::Text,
    },
];

/// What `settings` say, by key.
pub(super) fn config(settings: BTreeMap<String, String>) -> Result<Config, ConfigError> {
    let mut all = Table::new();
    for (key, text) in settings {
        let value = value(&key, text)?;
        let (table, name) = key.rsplit_once('.').map_or((None, key.as_str()), |(table, name)| (Some(table), name));
        let table = match table {
            Some(table) => all.entry(table).or_insert_with(|| Table::new().into()).as_table_mut(),
            None => Some(&mut all),
        };
        table.ok_or_else(|| ConfigError::Managed(format!("{key} has the name of a key")))?.insert(name.into(), value);
    }
    Value::Table(all).try_into().map_err(|error: toml::de::Error| ConfigError::Managed(error.message().to_owned()))
}

/// What `text` means for `key`; an unknown key is refused later, with the others.
fn value(key: &str, text: String) -> Result<Value, ConfigError> {
    let kind = SETTINGS.iter().find(|setting| setting.key == key).map(|setting| setting.kind);
    match (kind, text.as_str()) {
        (Some(Kind::Switch), "true") => Ok(true.into()),
        (Some(Kind::Switch), "false") => Ok(false.into()),
        (Some(Kind::Switch), _) => Err(ConfigError::Managed(format!("{key} must be true or false, not {text:?}"))),
        (Some(Kind::Text) | None, _) => Ok(text.into()),
    }
}

/// `managed`, and where that says nothing, `other`.
pub(super) fn over(managed: Config, other: Config) -> Config {
    let Config { server, enrollment_token, folder, hide_tray, network: Network { proxy, ca_certificate } } = managed;
    Config {
        server: server.or(other.server),
        enrollment_token: enrollment_token.or(other.enrollment_token),
        folder: folder.or(other.folder),
        hide_tray: hide_tray.or(other.hide_tray),
        network: Network {
            proxy: proxy.or(other.network.proxy),
            ca_certificate: ca_certificate.or(other.network.ca_certificate),
        },
    }
}

#[cfg(test)]
mod tests;
