//! `deskbell-server`: what an administrator types.

mod api_tokens;
mod enrollment_tokens;
mod policies;
mod portals;
mod receive_mail;
mod staff;

use std::{net::TcpListener, path::PathBuf, process::ExitCode, sync::Arc};

use anyhow::Context as _;
use clap::{
    Parser, Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
use listenfd::ListenFd;

use self::{
    api_tokens::ApiTokenCommand, enrollment_tokens::EnrollmentTokenCommand, policies::PolicyCommand,
    portals::PortalCommand, staff::StaffCommand,
};
use crate::{
    app::App,
    backup::{self, Existing},
    clock::SystemClock,
    config::Config,
    domain::role::Role,
    log,
    problems::Refused,
    serve,
    store::{DatabaseLocation, Store},
};

/// The policy server of Deskbell.
#[derive(Debug, Parser)]
#[command(name = "deskbell-server", version)]
struct CommandLine {
    /// The configuration file; see deskbell-server.example.toml. Without one, environment and defaults count.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server until SIGTERM or Ctrl-C
    Serve,
    /// Brings the database's tables up to date and ends
    Migrate,
    /// Writes the database and the data folder's files into a new folder; the server may run
    Backup {
        /// The new folder
        folder: PathBuf,
    },
    /// Puts the data of a backup where the configuration says; the server must not run
    Restore {
        /// The backup's folder
        folder: PathBuf,
        /// Puts the backup in the place of data that is there
        #[arg(long)]
        replace: bool,
    },
    /// Tokens for programs that use /api/v1
    #[command(subcommand)]
    ApiToken(ApiTokenCommand),
    /// Tokens with which computers enroll
    #[command(subcommand)]
    EnrollmentToken(EnrollmentTokenCommand),
    /// Accounts of the people who work at the MSP
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Policies as a file, such as for a repository
    #[command(subcommand)]
    Policy(PolicyCommand),
    /// What end users see
    #[command(subcommand)]
    Portal(PortalCommand),
    /// Takes one mail from standard input, for a mail server to call. Exit codes: 0 taken, 65 too large, 75 try again
    ReceiveMail,
}

/// Runs what the command line says. Exit codes: 0 done, 1 failed, 2 usage; those of `receive-mail` are its own.
pub fn run() -> ExitCode {
    let command_line = CommandLine::parse();
    let receives_mail = matches!(command_line.command, Command::ReceiveMail);
    match done(command_line) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("deskbell-server: {error:#}");
            if receives_mail { receive_mail::exit_code(&error) } else { ExitCode::FAILURE }
        }
    }
}

fn done(command_line: CommandLine) -> anyhow::Result<()> {
    let config = Config::load(command_line.config.as_deref(), environment())?;
    log::start(config.log);
    rustls::crypto::ring::default_provider().install_default().ok();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().context("starting")?;
    runtime.block_on(async {
        match command_line.command {
            Command::Serve => serve_here(config).await,
            Command::Migrate => open(&config).await.map(|_| println!("The database is up to date.")),
            Command::Backup { folder } => {
                prepare_data_folder(&config)?;
                backup::backup(&config, &folder).await
            }
            Command::Restore { folder, replace } => {
                let existing = if replace { Existing::Replace } else { Existing::Keep };
                backup::restore(&config, &folder, existing).await
            }
            Command::ApiToken(command) => api_tokens::run(config, command).await,
            Command::EnrollmentToken(command) => enrollment_tokens::run(config, command).await,
            Command::Staff(command) => staff::run(config, command).await,
            Command::Policy(command) => policies::run(config, command).await,
            Command::Portal(command) => portals::run(config, command).await,
            Command::ReceiveMail => receive_mail::run(config).await,
        }
    })
}

#[expect(clippy::disallowed_methods, reason = "the one place where the server reads its environment")]
fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars()
}

async fn serve_here(config: Config) -> anyhow::Result<()> {
    prepare_data_folder(&config)?;
    let listeners = match inherited_listeners()? {
        inherited if inherited.is_empty() => own_listeners(&config)?,
        inherited => inherited,
    };
    serve::serve_and_say_how_to_begin(config, Arc::new(SystemClock), listeners, stop_signal()).await
}

/// Ports that a service manager holds and hands over (`sd_listen_fds(3)`): none is closed while the server restarts.
fn inherited_listeners() -> anyhow::Result<Vec<TcpListener>> {
    let mut given = ListenFd::from_env();
    (0..given.len())
        .filter_map(|index| given.take_tcp_listener(index).context("taking over a port (LISTEN_FDS)").transpose())
        .collect()
}

fn own_listeners(config: &Config) -> anyhow::Result<Vec<TcpListener>> {
    let addresses = config.listen.addresses.iter();
    let bound = addresses.map(|address| {
        TcpListener::bind(address).with_context(|| {
            format!("listening on {address} (listen.addresses): another program may use this port already")
        })
    });
    bound.collect()
}

async fn stop_signal() {
    use tokio::signal::unix::{SignalKind, signal};
    let interrupt = tokio::signal::ctrl_c();
    match signal(SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! {
                _ = interrupt => {}
                _ = terminate.recv() => {}
            }
        }
        Err(_) => drop(interrupt.await),
    }
}

/// Only the server reads its data: the folder is made for its owner alone, and closed to others where it was open.
fn prepare_data_folder(config: &Config) -> anyhow::Result<()> {
    use std::os::unix::fs::{DirBuilderExt as _, PermissionsExt as _};
    let folder = &config.data.folder;
    let naming = || format!("making the data folder {} (data.folder) for the server alone", folder.display());
    std::fs::DirBuilder::new().recursive(true).mode(0o700).create(folder).with_context(naming)?;
    let mode = std::fs::metadata(folder).with_context(naming)?.permissions().mode();
    if mode & 0o077 != 0 {
        std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o700)).with_context(naming)?;
    }
    Ok(())
}

async fn open(config: &Config) -> anyhow::Result<Store> {
    let location = config.database_location()?;
    if let DatabaseLocation::Sqlite(_) = location {
        prepare_data_folder(config)?;
    }
    Store::open(&location).await
}

/// The server's parts, to do one thing with and to end. Reading all assets would take seconds where there are very many.
async fn app(config: Config) -> anyhow::Result<App> {
    let store = open(&config).await?;
    App::without_agents(config, store, Arc::new(SystemClock)).await
}

/// The same with every asset, for whoever has to say what a change means for them.
async fn app_with_agents(config: Config) -> anyhow::Result<App> {
    let store = open(&config).await?;
    App::new(config, store, Arc::new(SystemClock)).await
}

/// Reads the name of a role, and lists the names.
fn role_parser(roles: &'static [Role]) -> impl TypedValueParser<Value = Role> {
    let names = roles.iter().map(|role| role.name());
    PossibleValuesParser::new(names).try_map(|name| name.parse::<Role>())
}

/// What `changes/` refused, as an error that says why.
fn why(refused: Refused) -> anyhow::Error {
    match refused {
        Refused::Problem(problem) => anyhow::anyhow!(problem.detail),
        Refused::Failed(cause) => cause,
    }
}
