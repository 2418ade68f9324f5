//! Deskbell's programs, built once for each test process.

use std::{
    collections::BTreeMap,
    env,
    ffi::OsStr,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::OnceLock,
};

use anyhow::{Context, bail};
use serde_json::Value;

/// Where cargo put the programs.
#[derive(Debug, Clone)]
pub struct Programs {
    /// `deskbell-server`.
    pub server: PathBuf,
    /// `deskbell-agent`.
    pub agent: PathBuf,
    /// `deskbell-tray`.
    pub tray: PathBuf,
}

/// The programs of this process, once they are built.
static BUILT: OnceLock<Result<Programs, String>> = OnceLock::new();

impl Programs {
    /// The programs, built where this process has not done so yet: with a test, since tests' dependencies have more
    /// features, so that nothing is compiled twice. Cargo says on standard error what it does.
    pub fn built() -> anyhow::Result<&'static Self> {
        Self::build(&["--workspace", "--bins", "--test=tidy"])
    }

    /// The same without the tests and what only they need: the shortest way to programs that run.
    pub fn built_alone() -> anyhow::Result<&'static Self> {
        // Names this package too: its dependencies are built already.
        let packages = ["--package=deskbell-server", "--package=deskbell-agent", "--package=deskbell-tests"];
        let programs = ["--bin=deskbell-server", "--bin=deskbell-agent", "--bin=deskbell-tray"];
        Self::build(&[packages, programs].concat())
    }

    fn build(what: &[&str]) -> anyhow::Result<&'static Self> {
        let built = BUILT.get_or_init(|| build(what).map_err(|error| format!("{error:#}")));
        built.as_ref().map_err(|error| anyhow::anyhow!("building Deskbell's programs: {error}"))
    }
}

/// The folder of the workspace.
pub fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

fn build(what: &[&str]) -> anyhow::Result<Programs> {
    let mut cargo = Command::new(env!("CARGO"));
    // What cargo tells the program that it runs would make the build scripts that watch it run again.
    for (name, _) in env::vars_os().filter(|(name, _)| is_about_this_package(name)) {
        cargo.env_remove(name);
    }
    let output = cargo
        .args(["build", "--message-format=json-render-diagnostics"])
        .args(what)
        .current_dir(workspace())
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .context("running cargo")?;
    if !output.status.success() {
        bail!("cargo build failed");
    }
    let messages = String::from_utf8(output.stdout).context("reading what cargo built")?;
    let mut built: BTreeMap<String, PathBuf> = messages.lines().filter_map(program).collect();
    let mut take = |name: &str| built.remove(name).with_context(|| format!("cargo built no {name}"));
    Ok(Programs { server: take("deskbell-server")?, agent: take("deskbell-agent")?, tray: take("deskbell-tray")? })
}

fn is_about_this_package(variable: &OsStr) -> bool {
    variable.to_str().is_some_and(|name| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_"))
}

fn program(message: &str) -> Option<(String, PathBuf)> {
    let message: Value = serde_json::from_str(message).ok()?;
    // A program's own tests are built under its name, too.
    if message["profile"]["test"] == true {
        return None;
    }
    let name = message["target"]["name"].as_str()?;
    Some((name.to_owned(), message["executable"].as_str()?.into()))
}
