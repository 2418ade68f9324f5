//! A "default browser" that opens nothing: it tells the test what it was asked to open.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};

use anyhow::{Context, ensure};
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, BufReader, Lines},
    net::unix::pipe,
    time::timeout,
};

/// A script for `$BROWSER`, and the pipe that it writes to.
#[derive(Debug)]
pub struct RecordedBrowser {
    program: PathBuf,
    opened: Lines<BufReader<pipe::Receiver>>,
    _folder: TempDir,
}

impl RecordedBrowser {
    /// Makes a script that writes its argument into a pipe.
    pub fn new() -> anyhow::Result<Self> {
        let folder = tempfile::tempdir().context("making a folder for the browser")?;
        let pipe = folder.path().join("opened");
        let made = Command::new("mkfifo").arg(&pipe).status().context("running mkfifo")?;
        ensure!(made.success(), "mkfifo {} failed", pipe.display());
        let program = folder.path().join("browser");
        fs::write(&program, format!("#!/bin/sh\nprintf '%s\\n' \"$1\" > '{}'\n", pipe.display()))?;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755))?;
        // Open for writing too: the pipe then never ends, however many browsers come and go.
        let receiver = pipe::OpenOptions::new().read_write(true).open_receiver(&pipe).context("opening the pipe")?;
        Ok(Self { program, opened: BufReader::new(receiver).lines(), _folder: folder })
    }

    /// Lets every user open addresses with it.
    pub fn open_to_all(&self) -> anyhow::Result<()> {
        let folder = self.program.parent().context("the browser's folder")?;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o755))?;
        fs::set_permissions(folder.join("opened"), fs::Permissions::from_mode(0o666))?;
        Ok(())
    }

    /// What belongs in `BROWSER`.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// Forgets what was opened by now.
    pub async fn forget(&mut self) {
        while timeout(Duration::ZERO, self.opened.next_line()).await.is_ok() {}
    }

    /// Waits for the next address that somebody wants opened.
    pub async fn next(&mut self, within: Duration) -> anyhow::Result<String> {
        let line = timeout(within, self.opened.next_line())
            .await
            .with_context(|| format!("nobody asked the browser to open anything within {within:?}"))?;
        line?.context("the browser's pipe ended")
    }
}
