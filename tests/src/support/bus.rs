//! A private D-Bus session bus, one for each test.

use std::{fs, os::unix::fs::chown};

use anyhow::Context;
use tempfile::TempDir;
use tokio::process::Command;

use crate::support::{
    child::{ChildProcess, Log},
    deadline::PATIENT,
    person::{self, Person},
};

/// A session bus admits its own user alone, and the test plays the desktop of several.
const OPEN_BUS: &str = "<busconfig><type>session</type><listen>unix:dir=FOLDER</listen>\
    <policy context='default'><allow user='*'/><allow own='*'/><allow send_destination='*'/><allow receive_sender='*'/></policy></busconfig>";

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
        command.arg("--session");
        Self::start_in(folder, command).await
    }

    /// Starts a bus as `person`, which this program may use as well.
    pub async fn start_for(person: &Person) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir_in(person.home()).context("making a folder for the bus")?;
        chown(folder.path(), Some(person.uid), Some(person.uid)).context("giving the bus's folder away")?;
        let configuration = folder.path().join("bus.conf");
        let text = OPEN_BUS.replace("FOLDER", &folder.path().display().to_string());
        fs::write(&configuration, text).context("writing the bus's configuration")?;
        person::open_to_all(&configuration)?;
        let mut command = person.command_with_account("dbus-daemon")?;
        command.arg(format!("--config-file={}", configuration.display()));
        Self::start_in(folder, command).await
    }

    async fn start_in(folder: TempDir, mut command: Command) -> anyhow::Result<Self> {
        command
            .args(["--nofork", "--nopidfile", "--nosyslog", "--print-address=1"])
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
