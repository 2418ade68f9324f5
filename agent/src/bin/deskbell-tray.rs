//! The tray of one user session: a small parent, and the child that draws and is started again after a crash.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use deskbell_agent::{
    log,
    paths::Paths,
    platform,
    tray::{
        self,
        supervision::{self, RESTART},
    },
};
use deskbell_protocol::ipc::QuitReason;

/// Shows the MSP's menu in this session's tray, as the deskbell-agent service says.
#[derive(Debug, Parser)]
#[command(name = "deskbell-tray", version)]
struct Arguments {
    /// Keep all of the agent's files in DIR, as the service that was started with the same option does.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
    /// Draw, and end together with the parent of this process id.
    #[arg(long, value_name = "PID", hide = true)]
    child_of: Option<u32>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start();
    let outcome = match arguments.child_of {
        Some(parent) => draw(parent, Paths::new(arguments.root.as_deref())),
        None => supervision::keep(arguments.root.as_deref()).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|error| {
        tracing::error!("The tray cannot start: {error:#}");
        ExitCode::FAILURE
    })
}

fn draw(parent: u32, paths: Paths) -> anyhow::Result<ExitCode> {
    platform::end_with(parent)?;
    Ok(match tray::run(paths)? {
        QuitReason::AnotherTray | QuitReason::NoSession => ExitCode::SUCCESS,
        QuitReason::Outdated => ExitCode::from(RESTART),
    })
}
