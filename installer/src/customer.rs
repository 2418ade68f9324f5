//! A package for one customer alone: it brings the server's address and an enrollment token along.
//!
//! Whoever has such a package can enroll: give it a token that ends soon, or whose computers wait for approval.

use std::{fs, path::Path};

use anyhow::{Context as _, ensure};

/// The settings of one customer.
pub struct Customer {
    server: String,
    token: String,
}

impl Customer {
    /// The server's address, and the enrollment token that is in `token_file`.
    pub fn read(server: &str, token_file: &Path) -> anyhow::Result<Self> {
        let is_plain =
            |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic() && c != '"' && c != '\\');
        ensure!(
            is_plain(server) && (server.starts_with("https://") || server.starts_with("http://localhost")),
            "--server must be an address such as https://help.example, not {server:?}"
        );
        let token = fs::read_to_string(token_file).with_context(|| format!("reading {}", token_file.display()))?;
        let token = token.trim();
        ensure!(is_plain(token), "{} holds no enrollment token", token_file.display());
        Ok(Self { server: server.to_owned(), token: token.to_owned() })
    }

    /// The files that the agent reads its settings from, as (name, content).
    pub(crate) fn files(&self) -> Vec<(&'static str, String)> {
        vec![
            ("agent.toml", format!("server = \"{}\"\n", self.server)),
            ("enrollment-token", format!("{}\n", self.token)),
        ]
    }

    /// The server's address.
    pub(crate) fn server(&self) -> &str {
        &self.server
    }

    /// The enrollment token.
    pub(crate) fn token(&self) -> &str {
        &self.token
    }
}
