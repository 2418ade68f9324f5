//! `deskbell-server`: what an administrator types.

use std::{net::TcpListener, path::PathBuf, sync::Arc};

use anyhow::{Context as _, bail};
use clap::{Parser, Subcommand};
use listenfd::ListenFd;

use crate::{
    app::App,
    backup::{self, Existing},
    clock::{Clock, SystemClock},
    config::Config,
    domain::ids::{ApiTokenId, EnrollmentTokenId},
    log,
    secrets::NewSecret,
    serve,
    store::{ApiToken, DatabaseLocation, EnrollmentToken, Store},
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
}

#[derive(Debug, Subcommand)]
enum ApiTokenCommand {
    /// Makes a token and prints it, this once
    Create {
        /// What the token is for
        name: String,
    },
    /// Lists the tokens: id, name, and whether they count
    List,
    /// Revokes a token at once
    Revoke {
        /// Its id, or its name where no other token that counts has it
        token: String,
    },
}

#[derive(Debug, Subcommand)]
enum EnrollmentTokenCommand {
    /// Makes a token for one organization and prints it, this once
    Create {
        /// The organization's name
        #[arg(long)]
        organization: String,
        /// What the token is for
        #[arg(long, default_value = "command line")]
        name: String,
        /// How many computers may enroll with it; any number when absent
        #[arg(long)]
        uses: Option<u32>,
        /// Staff approve each computer before it is used
        #[arg(long)]
        needs_approval: bool,
    },
}

/// Runs what the command line says. Exit codes: 0 done, 1 failed, 2 usage.
pub fn run() -> anyhow::Result<()> {
    let command_line = CommandLine::parse();
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
            Command::ApiToken(ApiTokenCommand::Create { name }) => create_api_token(config, name).await,
            Command::ApiToken(ApiTokenCommand::List) => list_api_tokens(&config).await,
            Command::ApiToken(ApiTokenCommand::Revoke { token }) => revoke_api_token(&config, &token).await,
            Command::EnrollmentToken(EnrollmentTokenCommand::Create { organization, name, uses, needs_approval }) => {
                create_enrollment_token(config, &organization, name, uses, needs_approval).await
            }
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
    serve::serve(config, Arc::new(SystemClock), listeners, stop_signal()).await
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

async fn create_api_token(config: Config, name: String) -> anyhow::Result<()> {
    let store = open(&config).await?;
    let app = App::new(config, store, Arc::new(SystemClock)).await?;
    let secret = NewSecret::draw()?;
    let token = ApiToken {
        id: ApiTokenId(app.new_id()),
        name,
        token_hash: secret.hash,
        revoked_at: None,
        created_at: SystemClock.now(),
    };
    app.store.insert_api_token(token).await?;
    println!("{}", secret.text);
    Ok(())
}

async fn list_api_tokens(config: &Config) -> anyhow::Result<()> {
    for token in open(config).await?.api_tokens().await? {
        let state = if token.revoked_at.is_some() { "revoked" } else { "counts" };
        println!("{}\t{state}\t{}", token.id, token.name);
    }
    Ok(())
}

async fn revoke_api_token(config: &Config, id_or_name: &str) -> anyhow::Result<()> {
    let store = open(config).await?;
    let named = |token: &ApiToken| token.id.to_string() == id_or_name || token.name == id_or_name;
    let tokens = store.api_tokens().await?;
    let found: Vec<_> = tokens.iter().filter(|token| token.revoked_at.is_none() && named(token)).collect();
    match found.as_slice() {
        [token] => store.revoke_api_token(token.id, SystemClock.now()).await?,
        [] => bail!("no API token that counts has the id or name {id_or_name:?}"),
        _ => bail!("{} API tokens are named {id_or_name:?}: give the id, see api-token list", found.len()),
    }
    println!("The token is revoked.");
    Ok(())
}

async fn create_enrollment_token(
    config: Config,
    organization: &str,
    name: String,
    uses: Option<u32>,
    needs_approval: bool,
) -> anyhow::Result<()> {
    let store = open(&config).await?;
    let app = App::new(config, store, Arc::new(SystemClock)).await?;
    let found = app.store.organization_named(organization).await?;
    let organization = found.with_context(|| format!("there is no organization named {organization:?}"))?;
    let secret = NewSecret::draw()?;
    let token = EnrollmentToken {
        id: EnrollmentTokenId(app.new_id()),
        organization_id: organization.id,
        folder_id: None,
        name,
        token_hash: secret.hash,
        expires_at: None,
        uses_left: uses.map(i64::from),
        needs_approval,
        revoked_at: None,
        created_at: app.now(),
    };
    app.store.insert_enrollment_token(token).await?;
    println!("{}", secret.text);
    Ok(())
}
