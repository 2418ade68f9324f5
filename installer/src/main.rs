//! `deskbell-installer`, which `cargo build-all` and `cargo packages` run.

use std::process::ExitCode;

use clap::Parser as _;
use deskbell_installer::command_line::Arguments;

fn main() -> ExitCode {
    match Arguments::parse().run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deskbell-installer: {error:#}");
            ExitCode::FAILURE
        }
    }
}
