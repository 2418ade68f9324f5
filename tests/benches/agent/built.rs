//! Programs that cargo builds for a figure.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, ensure};
use serde_json::Value;

/// Builds the package of `manifest` with `profile`, and returns its programs by name.
pub(crate) fn programs(manifest: &Path, profile: &str) -> anyhow::Result<BTreeMap<String, PathBuf>> {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["build", "--bins", "--message-format=json-render-diagnostics", "--profile", profile]);
    let output =
        cargo.arg("--manifest-path").arg(manifest).stderr(Stdio::inherit()).output().context("running cargo")?;
    ensure!(output.status.success(), "cargo builds no {}", manifest.display());
    let messages = String::from_utf8(output.stdout)?;
    Ok(messages.lines().filter_map(program).collect())
}

fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    Some((message["target"]["name"].as_str()?.to_owned(), message["executable"].as_str()?.into()))
}
