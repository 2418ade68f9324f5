//! The policy server's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    deskbell_server::command_line::run()
}
