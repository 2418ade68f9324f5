//! `deskbell-agent`: runs the service, and asks it.

pub mod arguments;
pub mod complaint;

mod doctor;
mod enroll;
mod open;
mod show;
mod uninstall;

use std::{io::Write as _, path::Path, process::ExitCode};

use deskbell_protocol::{
    Menu,
    ipc::{ToClient, ToService},
};
use serde::Serialize;
use tokio::runtime;

use crate::{
    command_line::{
        arguments::{Arguments, Command},
        complaint::Complaint,
        enroll::Wanted,
    },
    config::ConfigError,
    ipc::client,
    log,
    paths::Paths,
    platform,
    service::{self, instance_lock::AlreadyRunning, server_client::install_tls},
};

/// Does what the command line says. Complaints go to standard error, one sentence each.
pub fn run(arguments: &Arguments) -> ExitCode {
    let paths = Paths::new(arguments.root.as_deref());
    match execute(&arguments.command, arguments.json, paths) {
        Ok(()) => ExitCode::SUCCESS,
        Err(complaint) => {
            // Nobody is left to be told when this fails.
            let _ = writeln!(std::io::stderr(), "deskbell-agent: {complaint}");
            ExitCode::from(complaint.exit_code())
        }
    }
}

fn execute(command: &Command, json: bool, paths: Paths) -> Result<(), Complaint> {
    match command {
        Command::Run => run_service(paths),
        Command::Enroll { server, token_file, folder, hide_tray, later } => {
            let wanted = Wanted { server, folder: folder.as_deref(), hide_tray: *hide_tray };
            let enroll = if *later { enroll::enroll_later } else { enroll::enroll };
            enroll(&paths, &wanted, token_file, json)
        }
        Command::Status => show::status(&paths.socket, json),
        Command::Menu => show::menu(&paths.socket, json),
        Command::Open { entry, print_url } => open::open(&paths.socket, entry.as_ref(), *print_url, json),
        Command::Doctor => doctor::doctor(&paths, json),
        Command::UninstallState => uninstall::uninstall_state(&paths, json),
    }
}

fn run_service(paths: Paths) -> Result<(), Complaint> {
    platform::run_as_service(move || {
        log::start();
        install_tls();
        runtime()?.block_on(service::run(paths)).map_err(|error| {
            if error.is::<AlreadyRunning>() || error.is::<ConfigError>() {
                return Complaint::CannotRun(error.to_string());
            }
            Complaint::CannotRun(format!("the service cannot run: {error:#}"))
        })
    })
}

fn runtime() -> Result<runtime::Runtime, Complaint> {
    runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Complaint::CannotRun(format!("the system gives too little to run: {error}")))
}

/// Asks the running service one question.
fn ask(socket: &Path, question: &ToService) -> Result<ToClient, Complaint> {
    client::ask(socket, question)
        .map_err(|reason| Complaint::ServiceAway { socket: socket.display().to_string(), reason: reason.to_string() })
}

fn ask_for_menu(socket: &Path) -> Result<Menu, Complaint> {
    match ask(socket, &ToService::Menu { language: platform::language() })? {
        ToClient::ShowMenu { menu } => Ok(menu),
        _ => Err(Complaint::OddAnswer),
    }
}

/// Prints `text`; a reader that has gone away wants no more of it.
fn print(text: &str) {
    let _ = writeln!(std::io::stdout(), "{}", text.trim_end());
}

fn print_json(value: &impl Serialize) {
    print(&serde_json::to_string_pretty(value).expect("what is printed has text keys only"));
}
