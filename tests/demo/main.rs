//! `cargo demo`: a whole Deskbell on this computer, from nothing to a menu that can be clicked.
//!
//! Everything it makes lives in one folder. It is for looking at, not for use: the server is reached from here only.

mod deskbell;
mod folder;
mod next_steps;

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use clap::Parser;
use deskbell_tests::support::programs::Programs;
use tokio::signal::unix::{SignalKind, signal};

use self::{deskbell::Deskbell, folder::DemoFolder};

/// Starts a policy server, this computer's agent and its tray, with a small sample MSP filled in. Ctrl-C ends it all; the
/// next start keeps what is there.
#[derive(Debug, Parser)]
#[command(name = "cargo demo")]
struct Arguments {
    /// Where everything lives; a folder of its own. Without it: `demo` beside what cargo builds.
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The port of loopback on which the server listens.
    #[arg(long, value_name = "N", default_value_t = 7080)]
    port: u16,
    /// Wipe the folder of an earlier demo first.
    #[arg(long)]
    fresh: bool,
    /// Start no tray.
    #[arg(long)]
    no_tray: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(&Arguments::parse()).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("The demo cannot go on: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    println!("Building Deskbell's server and agent; the first time takes some minutes.");
    let programs = Programs::built_alone()?;
    let folder = match &arguments.data {
        Some(folder) => folder.clone(),
        None => beside_builds(&programs.server)?,
    };
    let folder = if arguments.fresh { DemoFolder::wiped(&folder)? } else { DemoFolder::open(&folder)? };
    let mut interrupt = signal(SignalKind::interrupt()).context("listening for Ctrl-C")?;
    let mut terminate = signal(SignalKind::terminate()).context("listening for the end")?;
    let mut deskbell = tokio::select! {
        started = Deskbell::start(&folder, arguments.port, !arguments.no_tray) => started?,
        _ = interrupt.recv() => return Ok(ExitCode::SUCCESS),
        _ = terminate.recv() => return Ok(ExitCode::SUCCESS),
    };
    next_steps::print(&deskbell, &folder);
    tokio::select! {
        ended = deskbell.ended() => {
            let ended = ended?;
            eprintln!("{ended}");
            deskbell.stop().await?;
            Ok(ended.exit_code())
        }
        _ = interrupt.recv() => stop(deskbell).await,
        _ = terminate.recv() => stop(deskbell).await,
    }
}

async fn stop(deskbell: Deskbell) -> anyhow::Result<ExitCode> {
    println!("\nStopping Deskbell. The next start keeps its data.");
    deskbell.stop().await?;
    Ok(ExitCode::SUCCESS)
}

/// `demo` in cargo's target folder, two levels above a program.
fn beside_builds(program: &Path) -> anyhow::Result<PathBuf> {
    let target = program.ancestors().nth(2).context("finding cargo's target folder")?;
    Ok(target.join("demo"))
}
