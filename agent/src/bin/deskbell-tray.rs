//! The tray of one user session. On Linux it is a small parent, and the child that draws and is started again after a
//! crash; on Windows the service brings it back, on macOS launchd.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
#[cfg(not(target_os = "macos"))]
use deskbell_agent::platform;
#[cfg(unix)]
use deskbell_agent::tray::RESTART;
#[cfg(target_os = "linux")]
use deskbell_agent::tray::supervision;
use deskbell_agent::{log, paths::Paths, tray};
#[cfg(unix)]
use deskbell_protocol::ipc::QuitReason;

/// Shows the MSP's menu in this session's tray, as the deskbell-agent service says.
#[derive(Debug, Parser)]
#[command(name = "deskbell-tray", version)]
struct Arguments {
    /// Keep all of the agent's files in DIR, as the service that was started with the same option does.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Draw, and end together with the parent of this process id.
    #[cfg(target_os = "linux")]
    #[arg(long, value_name = "PID", hide = true)]
    child_of: Option<u32>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start();
    run(&arguments).unwrap_or_else(|error| {
        tracing::error!("The tray cannot start: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(target_os = "linux")]
fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let root = arguments.root.as_deref();
    let Some(parent) = arguments.child_of else {
        return supervision::keep(root).map(|()| ExitCode::SUCCESS);
    };
    platform::end_with(parent)?;
    Ok(match tray::run(Paths::new(root))? {
        Some(QuitReason::AnotherTray | QuitReason::NoSession) | None => ExitCode::SUCCESS,
        Some(QuitReason::Outdated) => ExitCode::from(RESTART),
    })
}

/// launchd starts it again unless it ends in good order. It also ends what runs in a session that is over, so a tray that
/// is told so first may ask again.
#[cfg(target_os = "macos")]
fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    Ok(match tray::run(Paths::new(arguments.root.as_deref()))? {
        Some(QuitReason::AnotherTray) | None => ExitCode::SUCCESS,
        Some(QuitReason::NoSession | QuitReason::Outdated) => ExitCode::from(RESTART),
    })
}

#[cfg(windows)]
fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let paths = Paths::new(arguments.root.as_deref());
    let Some(_claim) = platform::claim_session(&paths.socket)? else {
        tracing::info!("This session has a tray already");
        return Ok(ExitCode::SUCCESS);
    };
    tray::run(paths).map(|_| ExitCode::SUCCESS)
}
