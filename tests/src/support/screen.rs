//! An X display without a screen, for what needs one: the clipboard.

use anyhow::{Context, ensure};
use tokio::process::Command;

use crate::support::{
    child::{ChildProcess, Log},
    deadline::PATIENT,
};

/// A display that ends with its owner.
#[derive(Debug)]
pub struct Screen {
    display: String,
    _server: ChildProcess,
}

impl Screen {
    /// Starts Xvfb on a display number of its own choice. It stays as it is while nobody is connected, as a desktop does.
    pub async fn start() -> anyhow::Result<Self> {
        Self::start_with(640, 480).await
    }

    /// The same with so many pixels.
    pub async fn start_with(width: u32, height: u32) -> anyhow::Result<Self> {
        let size = format!("{width}x{height}x24");
        let mut command = Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", &size, "-nolisten", "tcp", "-noreset"]);
        let server = ChildProcess::start("Xvfb", &mut command, &Log::StandardError)?;
        let number = server.line(PATIENT, "Xvfb's display number", |line| line.trim().parse::<u16>().ok()).await?;
        Ok(Self { display: format!(":{number}"), _server: server })
    }

    /// What belongs in `DISPLAY`.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// What Ctrl-V would paste.
    pub async fn clipboard(&self) -> anyhow::Result<String> {
        let mut command = Command::new("xclip");
        command.args(["-selection", "clipboard", "-out"]).env("DISPLAY", &self.display);
        let output = command.output().await.context("running xclip")?;
        ensure!(output.status.success(), "the clipboard is empty: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).context("reading the clipboard")
    }
}
