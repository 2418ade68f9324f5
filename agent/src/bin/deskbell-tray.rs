//! The tray of one user session.

use std::{path::PathBuf, process::ExitCode};

use clap::Parser;
use deskbell_agent::{log, paths::Paths, tray};

/// Shows the MSP's menu in this session's tray, as the deskbell-agent service says.
#[derive(Debug, Parser)]
#[command(name = "deskbell-tray", version)]
struct Arguments {
    /// Keep all of the agent's files in DIR, as the service that was started with the same option does.
    #[arg(long, value_name = "DIR")]
    root: Option<PathBuf>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    log::start();
    match tray::run(Paths::new(arguments.root.as_deref())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("The tray cannot start: {error:#}");
            ExitCode::FAILURE
        }
    }
}
