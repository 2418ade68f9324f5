//! `deskbell-server staff`: accounts of the people who work at the MSP.

use anyhow::Context as _;
use clap::Subcommand;

use super::{app, role_parser, why};
use crate::{
    app::App,
    changes::staff::{self, NewStaff},
    config::Config,
    domain::{audit::Actor, role::Role},
};

/// What can be done with accounts.
#[derive(Debug, Subcommand)]
pub(super) enum StaffCommand {
    /// Adds somebody and prints the one-time link with which they set a password
    Add {
        /// Their e-mail address, with which they sign in
        email: String,
        /// Their name; the part of the address before the @ when absent
        #[arg(long)]
        name: Option<String>,
        /// What they may do
        #[arg(long, default_value = "administrator", value_parser = role_parser(Role::OF_STAFF))]
        role: Role,
    },
    /// Prints a new one-time link for somebody who cannot sign in; using it removes the second factor
    Reset {
        /// Their e-mail address
        email: String,
    },
}

pub(super) async fn run(config: Config, command: StaffCommand) -> anyhow::Result<()> {
    let app = app(config).await?;
    let link = match command {
        StaffCommand::Add { email, name, role } => add(&app, email, name, role).await?,
        StaffCommand::Reset { email } => reset(&app, &email).await?,
    };
    println!("{link}");
    Ok(())
}

async fn add(app: &App, email: String, name: Option<String>, role: Role) -> anyhow::Result<String> {
    let name = name.unwrap_or_else(|| email.split('@').next().unwrap_or_default().to_owned());
    let made = staff::make(app, &Actor::CommandLine, NewStaff { name, email, role }).await.map_err(why);
    Ok(made.context("adding an account")?.1.url)
}

async fn reset(app: &App, email: &str) -> anyhow::Result<String> {
    let found = app.store.staff_by_email(email).await?;
    let row = found.with_context(|| format!("nobody of the staff has the address {email:?}"))?;
    Ok(staff::reset(app, &Actor::CommandLine, row.id).await.map_err(why)?.url)
}
