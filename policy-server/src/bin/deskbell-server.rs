//! The policy server's program.

use std::process::ExitCode;

fn main() -> ExitCode {
    match deskbell_server::command_line::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deskbell-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
