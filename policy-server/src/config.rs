//! The server's configuration: environment over file over default. Unknown keys are refused.

use std::{
    net::{IpAddr, SocketAddr},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail};
use deskbell_protocol::is_loopback;
use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    domain::{
        contact,
        portal_place::{self, Places},
    },
    store::DatabaseLocation,
};

const ENVIRONMENT_PREFIX: &str = "DESKBELL_SERVER__";

/// Everything that can be set. `deskbell-server.example.toml` explains each key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// Where agents and end users reach the server.
    pub public_url: Url,
    /// Below which domain each portal has a host of its own; empty: portals are below `public_url`.
    pub base_domain: String,
    /// On which addresses it listens.
    pub listen: Listen,
    /// Where it keeps what is not in the database.
    pub data: Data,
    /// Where the database is.
    pub database: Database,
    /// Certificate and key, unless a proxy does TLS.
    pub tls: Option<Tls>,
    /// The proxies in front of the server.
    pub proxies: Proxies,
    /// By which way its mail goes out; without, mail waits where the console shows it.
    pub mail: Option<MailConfig>,
    /// How mail that comes in is told, and where answers go.
    pub inbound_mail: InboundMailConfig,
    /// Where it may send requests to.
    pub outbound: OutboundConfig,
    /// Which packages of the agent it gives out.
    pub packages: PackagesConfig,
    /// For how long it keeps what nobody needs any more.
    pub retention: Retention,
    /// What it logs.
    pub log: Log,
}

/// On which addresses the server listens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Listen {
    /// Addresses with ports.
    pub addresses: Vec<SocketAddr>,
}

/// Where the server keeps its files.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// A folder that only the server can read.
    pub folder: PathBuf,
}

/// Where the database is.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `sqlite` for a file in the data folder, or a `postgres://` URL.
    pub url: String,
}

/// What TLS needs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    /// The certificate and its chain, PEM.
    pub certificate: PathBuf,
    /// The certificate's key, PEM.
    pub key: PathBuf,
}

/// The proxies in front of the server.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Proxies {
    /// Whose `X-Forwarded-For` is believed.
    pub trusted: Vec<IpAddr>,
}

/// The mail server that takes what is to be sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailConfig {
    /// `smtps://user:password@host`, or `smtp://…?tls=required` for STARTTLS.
    pub smtp: String,
    /// The sender's address.
    pub from: String,
}

/// Mail that comes in.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct InboundMailConfig {
    /// The name under which our mail server says what it has found of senders; without, no sender is taken for genuine.
    pub authserv_id: Option<String>,
    /// The address that answers go to, each with a tag of its own (`help+TAG@…`); without, answers are known by the mail
    /// that they answer.
    pub reply_address: Option<String>,
}

impl InboundMailConfig {
    fn check(&self) -> anyhow::Result<()> {
        if self.authserv_id.as_deref().is_some_and(|id| id.trim().is_empty() || id.contains([' ', ';', '"', '('])) {
            bail!("inbound_mail.authserv_id must be a name such as mx.msp.example");
        }
        let Some(address) = &self.reply_address else { return Ok(()) };
        contact::email(address).map_err(|detail| anyhow::anyhow!("inbound_mail.reply_address {detail}"))?;
        // A local part has 64 bytes at most (RFC 5321 §4.5.3.1.1), of which a tag takes up to 49.
        if address.split('@').next().unwrap_or_default().len() > 15 {
            bail!(
                "inbound_mail.reply_address must have at most 15 characters before the @, since a tag is added to them"
            );
        }
        Ok(())
    }
}

/// Where the server may send requests to.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct OutboundConfig {
    /// Networks that are not public and may be reached all the same.
    pub allow: Vec<IpNet>,
    /// A certificate that is trusted beside the system's, PEM.
    pub ca_certificate: Option<PathBuf>,
}

/// The agent's packages.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PackagesConfig {
    /// A folder with packages as `cargo packages` names them; without, `packages` in the data folder.
    pub folder: Option<PathBuf>,
}

/// For how long the server keeps what has come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Retention {
    /// Days after which mails and webhook messages are deleted that were sent or given up; 0 keeps them.
    pub outbox_days: u32,
    /// Days after which a mail that came in and waits for somebody to look is deleted; 0 keeps them.
    pub quarantine_days: u32,
}

/// What the server logs, to standard error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Log {
    /// One line of text or one JSON object for each event.
    pub format: LogFormat,
    /// From which level on.
    pub level: LogLevel,
}

/// How a log line looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// Someone must look.
    Error,
    /// Odd but working.
    Warn,
    /// What a user would notice.
    Info,
    /// Each request.
    Debug,
}

impl Default for Config {
    fn default() -> Self {
        let public_url = "http://localhost:7080".parse().expect("a URL that is written here");
        let data = Data::default();
        Self {
            public_url,
            base_domain: String::new(),
            listen: Listen::default(),
            data,
            database: Database::default(),
            tls: None,
            proxies: Proxies::default(),
            mail: None,
            inbound_mail: InboundMailConfig::default(),
            outbound: OutboundConfig::default(),
            packages: PackagesConfig::default(),
            retention: Retention::default(),
            log: Log::default(),
        }
    }
}

impl Default for Listen {
    fn default() -> Self {
        Self {
            addresses: vec![
                SocketAddr::from(([127, 0, 0, 1], 7080)),
                SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], 7080)),
            ],
        }
    }
}

impl Default for Data {
    fn default() -> Self {
        Self { folder: "/var/lib/deskbell-server".into() }
    }
}

impl Default for Database {
    fn default() -> Self {
        Self { url: "sqlite".into() }
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self { outbox_days: 90, quarantine_days: 30 }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { format: LogFormat::Text, level: LogLevel::Info }
    }
}

impl std::fmt::Debug for Database {
    /// A database URL carries a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Database").field("url", &"[hidden]").finish()
    }
}

impl std::fmt::Debug for MailConfig {
    /// The URL carries a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MailConfig").field("smtp", &"[hidden]").field("from", &self.from).finish()
    }
}

impl MailConfig {
    /// The password never crosses a network in the clear.
    fn check(&self) -> anyhow::Result<()> {
        let url: Url = self.smtp.parse().ok().context("mail.smtp must be a URL such as smtps://user:password@host")?;
        let upgraded = url.query_pairs().any(|(key, value)| key == "tls" && value == "required");
        match url.scheme() {
            "smtps" => {}
            "smtp" if upgraded || is_loopback(&url) => {}
            _ => bail!("mail.smtp must begin with smtps://, or end with ?tls=required unless its host is localhost"),
        }
        contact::email(&self.from).map(|_| ()).map_err(|detail| anyhow::anyhow!("mail.from {detail}"))
    }
}

impl Config {
    /// Reads `file`, if there is one, and puts `environment` over it.
    pub fn load(file: Option<&Path>, environment: impl Iterator<Item = (String, String)>) -> anyhow::Result<Self> {
        let text = match file {
            Some(file) => std::fs::read_to_string(file).with_context(|| format!("reading {}", file.display()))?,
            None => String::new(),
        };
        let name = file.map_or_else(String::new, |file| file.display().to_string());
        // The file alone first: the error then names its line.
        let config: Self = toml::from_str(&text).with_context(|| format!("reading {name}"))?;
        let changes: Vec<_> = environment
            .filter_map(|(key, value)| Some((key.strip_prefix(ENVIRONMENT_PREFIX)?.to_lowercase(), value)))
            .collect();
        let config = if changes.is_empty() { config } else { with_environment(&text, changes)? };
        config.check()?;
        Ok(config)
    }

    /// Where the database is.
    pub fn database_location(&self) -> anyhow::Result<DatabaseLocation> {
        match self.database.url.as_str() {
            "sqlite" => Ok(DatabaseLocation::Sqlite(self.data.folder.join("deskbell.sqlite"))),
            url if url.starts_with("postgres://") || url.starts_with("postgresql://") => {
                Ok(DatabaseLocation::Postgres(url.to_owned()))
            }
            _ => bail!("database.url must be \"sqlite\" or begin with postgres://"),
        }
    }

    /// Where the agent's packages are.
    pub fn packages_folder(&self) -> PathBuf {
        self.packages.folder.clone().unwrap_or_else(|| self.data.folder.join("packages"))
    }

    /// The origin of every absolute link (invariant 16), such as `https://help.example`, without a slash at its end.
    pub fn origin(&self) -> String {
        self.public_url.origin().ascii_serialization()
    }

    /// Where portals are.
    pub fn places(&self) -> Places<'_> {
        let base_domain = Some(self.base_domain.as_str()).filter(|base| !base.is_empty());
        Places { public_url: &self.public_url, base_domain }
    }

    fn check(&self) -> anyhow::Result<()> {
        let url = &self.public_url;
        let plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none();
        if !plain || !url.username().is_empty() || url.password().is_some() {
            bail!("public_url must be an origin alone, such as https://help.example, not {url}");
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(url) => {}
            "http" => bail!("public_url must begin with https:// unless its host is localhost: {url}"),
            _ => bail!("public_url must begin with https://, not {}", url.scheme()),
        }
        if !self.base_domain.is_empty() {
            portal_place::domain(&self.base_domain).map_err(|detail| anyhow::anyhow!("base_domain {detail}"))?;
            let below: Url = format!("{}://portal.{}", url.scheme(), self.base_domain).parse()?;
            if url.scheme() == "http" && !is_loopback(&below) {
                bail!("base_domain must be localhost, or end with .localhost, while public_url begins with http://");
            }
        }
        if self.listen.addresses.is_empty() {
            bail!("listen.addresses must name at least one address, such as \"127.0.0.1:7080\"");
        }
        if let Some(mail) = &self.mail {
            mail.check()?;
        }
        self.inbound_mail.check()?;
        self.database_location().map(|_| ())
    }
}

fn with_environment(text: &str, changes: Vec<(String, String)>) -> anyhow::Result<Config> {
    let mut table: toml::Table = toml::from_str(text).context("reading the configuration")?;
    let names: Vec<_> = changes.iter().map(|(key, _)| format!("{ENVIRONMENT_PREFIX}{}", key.to_uppercase())).collect();
    for (key, value) in changes {
        set(&mut table, &key, &value)?;
    }
    table.try_into().with_context(|| format!("reading the environment ({})", names.join(", ")))
}

fn set(table: &mut toml::Table, key: &str, value: &str) -> anyhow::Result<()> {
    let Some((section, rest)) = key.split_once("__") else {
        // What is no TOML value, such as a path or a URL, is text.
        let parsed = toml::from_str::<toml::Table>(&format!("value = {value}")).ok();
        let parsed = parsed.and_then(|mut table| table.remove("value"));
        table.insert(key.to_owned(), parsed.unwrap_or_else(|| value.into()));
        return Ok(());
    };
    let section_table = table.entry(section).or_insert_with(|| toml::Table::new().into()).as_table_mut();
    let section_table = section_table.with_context(|| format!("{section} is no section, so {key} cannot be set"))?;
    set(section_table, rest, value)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(text: &str, environment: &[(&str, &str)]) -> anyhow::Result<Config> {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("deskbell-server.toml");
        std::fs::write(&file, text).expect("written");
        Config::load(Some(&file), environment.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn the_example_file_documents_every_key_and_equals_the_default() {
        let example = include_str!("../deskbell-server.example.toml");
        let uncommented: String =
            example.lines().map(|line| line.strip_prefix("#: ").unwrap_or(line).to_owned() + "\n").collect();
        let config: Config = toml::from_str(&uncommented).expect("the example is good");
        assert!(config.tls.is_some(), "tls is documented");
        assert!(config.mail.is_some() && config.outbound.ca_certificate.is_some(), "mail and outbound are documented");
        assert!(config.packages.folder.is_some(), "packages.folder is documented");
        let inbound_mail = InboundMailConfig::default();
        assert!(config.inbound_mail.authserv_id.is_some() && config.inbound_mail.reply_address.is_some());
        let (outbound, packages) =
            (OutboundConfig { ca_certificate: None, ..config.outbound }, PackagesConfig::default());
        assert_eq!(Config { tls: None, mail: None, inbound_mail, outbound, packages, ..config }, Config::default());
        assert_eq!(toml::from_str::<Config>(example).expect("good as it is"), Config::default());
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let config = load(
            "public_url = \"https://a.example\"\n[log]\nlevel = \"warn\"\n",
            &[
                ("DESKBELL_SERVER__PUBLIC_URL", "https://b.example"),
                ("DESKBELL_SERVER__DATA__FOLDER", "/srv/deskbell"),
                ("DESKBELL_SERVER__LISTEN__ADDRESSES", "[\"127.0.0.1:1\"]"),
                ("HOME", "/root"),
            ],
        )
        .expect("good");
        assert_eq!(config.origin(), "https://b.example");
        assert_eq!(config.data.folder, Path::new("/srv/deskbell"));
        assert_eq!(config.listen.addresses.len(), 1);
        assert_eq!(config.log.level, LogLevel::Warn);
    }

    #[test]
    fn an_unknown_key_is_refused_with_file_and_line() {
        let error = format!("{:#}", load("public_url = \"https://a.example\"\nportt = 1\n", &[]).expect_err("unknown"));
        assert!(
            error.contains("deskbell-server.toml") && error.contains("line 2") && error.contains("portt"),
            "{error}"
        );
        let error = format!("{:#}", load("", &[("DESKBELL_SERVER__LOG__LEVLE", "info")]).expect_err("unknown"));
        assert!(error.contains("levle") && error.contains("DESKBELL_SERVER__LOG__LEVLE"), "{error}");
    }

    #[test]
    fn plain_http_is_for_loopback_only() {
        for good in
            ["http://localhost:1", "http://a.localhost", "http://127.0.0.2", "http://[::1]:8", "https://a.example"]
        {
            assert!(load(&format!("public_url = \"{good}\""), &[]).is_ok(), "{good}");
        }
        for bad in [
            "http://a.example",
            "http://localhost.example",
            "ftp://localhost",
            "https://a.example/x",
            "https://u@a.example",
        ] {
            assert!(load(&format!("public_url = \"{bad}\""), &[]).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_database_password_is_not_printed() {
        let config = load("[database]\nurl = \"postgres://deskbell:secret@db/deskbell\"", &[]).expect("good");
        assert!(!format!("{config:?}").contains("secret"));
        let mail = "[mail]\nsmtp = \"smtps://deskbell:secret@mail.example\"\nfrom = \"help@msp.example\"";
        assert!(!format!("{:?}", load(mail, &[]).expect("good")).contains("secret"));
    }

    #[test]
    fn a_mail_password_does_not_cross_a_network_in_the_clear() {
        let mail = |smtp: &str| load(&format!("[mail]\nsmtp = \"{smtp}\"\nfrom = \"help@msp.example\""), &[]);
        for good in ["smtps://u:p@mail.example", "smtp://u:p@mail.example:587?tls=required", "smtp://127.0.0.1:2525"] {
            assert!(mail(good).is_ok(), "{good}");
        }
        for bad in ["smtp://u:p@mail.example", "smtp://mail.example?tls=opportunistic", "https://mail.example", "mail"]
        {
            assert!(mail(bad).is_err(), "{bad}");
        }
        assert!(load("[mail]\nsmtp = \"smtps://mail.example\"\nfrom = \"Help\"", &[]).is_err());
    }
}
