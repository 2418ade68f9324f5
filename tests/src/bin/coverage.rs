//! Writes `docs/coverage.md`, or with `--check` says whether it is up to date.

use std::{fs, process::ExitCode};

use anyhow::{Context, ensure};
use clap::Parser;
use deskbell_tests::{coverage, support::programs::workspace};

/// Writes docs/coverage.md: each requirement row with the tests that name it.
#[derive(Debug, Parser)]
struct Arguments {
    /// Write nothing; fail when the page is out of date.
    #[arg(long)]
    check: bool,
}

fn main() -> ExitCode {
    match run(&Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let page = coverage::page(workspace())?;
    let path = workspace().join(coverage::PAGE);
    if arguments.check {
        let written = fs::read_to_string(&path).unwrap_or_default();
        ensure!(written == page, "{} is out of date: run `cargo coverage`", coverage::PAGE);
        return Ok(());
    }
    fs::write(&path, page).with_context(|| format!("writing {}", path.display()))
}
