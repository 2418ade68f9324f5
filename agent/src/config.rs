//! The administrator's configuration, and which addresses the agent is willing to speak to.

pub mod managed;

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use deskbell_protocol::is_loopback;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{durable_file, platform};

/// The environment variable that goes before the file's `server`, for the service only.
pub const SERVER_VARIABLE: &str = "DESKBELL_AGENT__SERVER";

/// `agent.toml`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The policy server.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub server: Option<ServerUrl>,
    /// What a computer that is no asset yet enrolls with where there is no file with a token.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enrollment_token: Option<EnrollmentToken>,
    /// The folder that this computer asks for when it enrolls, by the names from the enrollment token's place on:
    /// `Floor 2/Reception`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
    /// Whether there is no icon until the first policy arrives; absent: none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hide_tray: Option<bool>,
    /// The way to the server.
    #[serde(skip_serializing_if = "Network::is_default")]
    pub network: Network,
}

/// What a computer enrolls with. Prints as `[hidden]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EnrollmentToken(pub String);

impl fmt::Debug for EnrollmentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// How the server is reached, where the system's own settings do not serve.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// The proxy; goes before the one that the system's environment names.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proxy: Option<ProxyUrl>,
    /// A PEM file with certificates that are trusted beside the system's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ca_certificate: Option<PathBuf>,
}

impl Network {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// Why a configuration cannot be used. The words are for the administrator.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file is there and cannot be read.
    #[error("{file} cannot be read: {reason}")]
    Unreadable {
        /// The file.
        file: String,
        /// What the system says.
        reason: std::io::Error,
    },
    /// The file says something that it must not.
    #[error("{file}, line {line}: {reason}")]
    Invalid {
        /// The file.
        file: String,
        /// Counted from 1.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A managed setting says something that it must not, or cannot be read.
    #[error("the managed settings cannot be used: {0}")]
    Managed(String),
    /// [`SERVER_VARIABLE`] holds no address.
    #[error("the environment variable {SERVER_VARIABLE} {0}")]
    Environment(InvalidServerUrl),
}

impl Config {
    /// The managed settings, before the file at `path`.
    pub fn load(path: &Path) -> Result<Self, ConfigError> {
        Ok(managed::over(Self::managed()?, Self::load_file(path)?))
    }

    /// The same with the environment in between.
    pub fn load_with_environment(path: &Path) -> Result<Self, ConfigError> {
        let mut config = Self::load_file(path)?;
        if let Ok(server) = std::env::var(SERVER_VARIABLE) {
            config.server = Some(server.parse().map_err(ConfigError::Environment)?);
        }
        Ok(managed::over(Self::managed()?, config))
    }

    /// Reads the file at `path`; everything is at its default when there is none.
    pub fn load_file(path: &Path) -> Result<Self, ConfigError> {
        let file = path.display().to_string();
        match durable_file::read(path) {
            Ok(text) => Self::parse(&text.unwrap_or_default(), &file),
            Err(reason) => Err(ConfigError::Unreadable { file, reason }),
        }
    }

    fn managed() -> Result<Self, ConfigError> {
        let settings = platform::managed_settings();
        managed::config(settings.map_err(|error| ConfigError::Managed(error.to_string()))?)
    }

    fn parse(text: &str, file: &str) -> Result<Self, ConfigError> {
        toml::from_str(text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let line = 1 + text.bytes().take(start).filter(|byte| *byte == b'\n').count();
            ConfigError::Invalid { file: file.to_owned(), line, reason: error.message().to_owned() }
        })
    }
}

/// The address of a policy server: https, or http to this very computer (AGT-13).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ServerUrl(Url);

/// Why a text is no address of a policy server. The words continue a sentence that names where the text stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidServerUrl {
    /// Not an address at all.
    #[error("must be an address such as https://support.example, not {0:?}")]
    NotAnAddress(String),
    /// http to another computer, or another scheme.
    #[error("must begin with https:// (http:// is for localhost only), not {0:?}")]
    NotEncrypted(String),
    /// A name or password, a query or a fragment.
    #[error("must be a plain address without user name, password, ? and #")]
    NotPlain,
}

impl ServerUrl {
    /// The address of `path` on the server; `path` has no leading slash.
    pub fn endpoint(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", url.path()));
        url
    }

    /// The host's name.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// Whether certificates play a part.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whether the server is on this very computer.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.0)
    }
}

impl FromStr for ServerUrl {
    type Err = InvalidServerUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let text = text.trim();
        let mut url = Url::parse(text).map_err(|_| InvalidServerUrl::NotAnAddress(text.to_owned()))?;
        if !is_encrypted_or_local(&url) {
            return Err(InvalidServerUrl::NotEncrypted(text.to_owned()));
        }
        let plain = url.username().is_empty() && url.password().is_none();
        if !plain || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidServerUrl::NotPlain);
        }
        if !url.path().ends_with('/') {
            url.set_path(&format!("{}/", url.path()));
        }
        Ok(Self(url))
    }
}

impl TryFrom<String> for ServerUrl {
    type Error = InvalidServerUrl;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<ServerUrl> for String {
    fn from(server: ServerUrl) -> Self {
        server.0.into()
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The address of a proxy: `http://proxy:3128`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProxyUrl(Url);

impl ProxyUrl {
    /// The address, with what it says about name and password.
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A password may stand in it.
impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ProxyUrl({})", self.0.host_str().unwrap_or_default())
    }
}

impl TryFrom<String> for ProxyUrl {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let url = Url::parse(&text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        url.map(Self).ok_or("a proxy must be an address such as http://proxy.example:3128")
    }
}

impl From<ProxyUrl> for String {
    fn from(proxy: ProxyUrl) -> Self {
        proxy.0.into()
    }
}

/// Whether nobody on the network can read or change what is said to `url`: https, or http that never leaves this
/// computer.
pub fn is_encrypted_or_local(url: &Url) -> bool {
    match url.scheme() {
        "https" => url.has_host(),
        "http" => is_loopback(url),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example with every key set.
    pub(crate) fn everything() -> Config {
        let example = include_str!("../agent.example.toml");
        let uncommented: Vec<_> = example.lines().filter_map(|line| line.strip_prefix("#: ")).collect();
        Config::parse(&uncommented.join("\n"), "agent.example.toml").expect("a configuration")
    }

    #[test]
    fn the_example_documents_every_key_and_equals_the_default() {
        let example = include_str!("../agent.example.toml");
        assert_eq!(Config::parse(example, "agent.example.toml").expect("a configuration"), Config::default());

        let Config { server, enrollment_token, folder, hide_tray, network: Network { proxy, ca_certificate } } =
            everything();
        assert!(server.is_some() && enrollment_token.is_some() && folder.is_some() && hide_tray.is_some());
        assert!(proxy.is_some() && ca_certificate.is_some());
    }

    #[test]
    fn a_proxy_is_an_http_address_and_its_password_is_not_printed() {
        let read = |proxy: &str| Config::parse(&format!("[network]\nproxy = {proxy:?}"), "agent.toml");
        let config = read("http://jane:secret@proxy.example:3128").expect("a configuration");
        assert!(!format!("{config:?}").contains("secret"), "{config:?}");
        for wrong in ["proxy.example:3128", "ftp://proxy.example", "http://"] {
            assert!(read(wrong).expect_err("refused").to_string().starts_with("agent.toml, line 2: "), "{wrong}");
        }
    }

    #[test]
    fn an_unknown_key_is_refused_with_file_and_line() {
        let error = Config::parse("# comment\nsevrer = \"https://x.example\"\n", "agent.toml").expect_err("refused");
        let words = error.to_string();
        assert!(words.starts_with("agent.toml, line 2: ") && words.contains("sevrer"), "{words}");
    }

    /// AGT-13: plain http is for this very computer only.
    #[test]
    fn a_server_is_https_or_on_this_computer() {
        for good in [
            "https://support.example",
            "https://support.example:8443/desk",
            "http://localhost:7080",
            "http://portal.localhost:7080",
            "http://127.0.0.1:1",
            "http://127.8.9.1",
            "http://[::1]:7080",
        ] {
            assert!(good.parse::<ServerUrl>().is_ok(), "{good} was refused");
        }
        for bad in [
            "http://support.example",
            "http://localhost.example",
            "http://192.0.2.1",
            "http://[::2]",
            "ftp://localhost",
            "support.example",
            "",
            "https://me:secret@support.example",
            "https://support.example/?a=b",
        ] {
            assert!(bad.parse::<ServerUrl>().is_err(), "{bad} was taken");
        }
    }

    #[test]
    fn endpoints_stay_below_the_servers_path() {
        let server: ServerUrl = "https://support.example/desk".parse().expect("a server");
        assert_eq!(server.endpoint("agent/v1/policy").as_str(), "https://support.example/desk/agent/v1/policy");
    }
}
