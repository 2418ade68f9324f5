//! A private D-Bus session bus, one for each test.

use anyhow::Context;
use tempfile::TempDir;
use tokio::process::Command;

use crate::support::{
    child::{ChildProcess, Log},
    deadline::PATIENT,
};

/// A bus that ends with its owner.
#[derive(Debug)]
pub struct Bus {
    address: String,
    _daemon: ChildProcess,
    _folder: TempDir,
}

impl Bus {
    /// Starts a bus that listens in a new folder.
    pub async fn start() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the bus")?;
        let mut command = Command::new("dbus-daemon");
        command
            .args(["--session", "--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
            .arg(format!("--address=unix:dir={}", folder.path().display()));
        let daemon = ChildProcess::start("dbus-daemon", &mut command, &Log::StandardError)?;
        let address = |line: &str| line.starts_with("unix:").then(|| line.to_owned());
        let address = daemon.line(PATIENT, "the bus's address", address).await?;
        Ok(Self { address, _daemon: daemon, _folder: folder })
    }

    /// What belongs in `DBUS_SESSION_BUS_ADDRESS`.
    pub fn address(&self) -> &str {
        &self.address
    }
}
