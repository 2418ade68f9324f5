//! `deskbell-server api-token`: tokens for programs.

use anyhow::bail;
use clap::Subcommand;
use strum::VariantArray as _;

use super::{app, role_parser, why};
use crate::{
    app::App,
    changes::api_tokens::{self, NewApiToken},
    config::Config,
    domain::{audit::Actor, role::Role},
    store::ApiToken,
};

/// What can be done with API tokens.
#[derive(Debug, Subcommand)]
pub(super) enum ApiTokenCommand {
    /// Makes a token and prints it, this once
    Create {
        /// What the token is for
        name: String,
        /// What a program with it may do
        #[arg(long, default_value = "administrator", value_parser = role_parser(Role::VARIANTS))]
        role: Role,
    },
    /// Lists the tokens: id, name, role, and whether they count
    List,
    /// Revokes a token at once
    Revoke {
        /// Its id, or its name where no other token that counts has it
        token: String,
    },
}

pub(super) async fn run(config: Config, command: ApiTokenCommand) -> anyhow::Result<()> {
    let app = app(config).await?;
    match command {
        ApiTokenCommand::Create { name, role } => create(&app, name, role).await,
        ApiTokenCommand::List => list(&app).await,
        ApiTokenCommand::Revoke { token } => revoke(&app, &token).await,
    }
}

async fn create(app: &App, name: String, role: Role) -> anyhow::Result<()> {
    let (_, secret) = api_tokens::make(app, &Actor::CommandLine, NewApiToken { name, role }).await.map_err(why)?;
    println!("{secret}");
    Ok(())
}

async fn list(app: &App) -> anyhow::Result<()> {
    for token in app.store.api_tokens().await? {
        let state = if token.revoked_at.is_some() { "revoked" } else { "counts" };
        println!("{}\t{state}\t{}\t{}", token.id, token.role.name(), token.name);
    }
    Ok(())
}

async fn revoke(app: &App, id_or_name: &str) -> anyhow::Result<()> {
    let named = |token: &ApiToken| token.id.to_string() == id_or_name || token.name == id_or_name;
    let tokens = app.store.api_tokens().await?;
    let found: Vec<_> = tokens.iter().filter(|token| token.revoked_at.is_none() && named(token)).collect();
    match found.as_slice() {
        [token] => drop(api_tokens::revoke(app, &Actor::CommandLine, token.id).await.map_err(why)?),
        [] => bail!("no API token that counts has the id or name {id_or_name:?}"),
        _ => bail!("{} API tokens are named {id_or_name:?}: give the id, see api-token list", found.len()),
    }
    println!("The token is revoked.");
    Ok(())
}
