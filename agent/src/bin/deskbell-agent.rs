//! The background service and its command line.

use std::process::ExitCode;

use clap::Parser as _;
use deskbell_agent::command_line::{self, arguments::Arguments};

fn main() -> ExitCode {
    command_line::run(&Arguments::parse())
}
