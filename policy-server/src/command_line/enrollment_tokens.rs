//! `deskbell-server enrollment-token`: tokens with which computers enroll.

use anyhow::Context as _;
use clap::Subcommand;

use super::{app, why};
use crate::{
    changes::enrollment_tokens::{self, NewEnrollmentToken},
    config::Config,
    domain::audit::Actor,
};

/// What can be done with enrollment tokens.
#[derive(Debug, Subcommand)]
pub(super) enum EnrollmentTokenCommand {
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

pub(super) async fn run(config: Config, command: EnrollmentTokenCommand) -> anyhow::Result<()> {
    let app = app(config).await?;
    let EnrollmentTokenCommand::Create { organization, name, uses, needs_approval } = command;
    let found = app.store.organization_named(&organization).await?;
    let organization = found.with_context(|| format!("there is no organization named {organization:?}"))?;
    let new = NewEnrollmentToken {
        organization_id: organization.id,
        folder_id: None,
        name,
        expires_at: None,
        uses: uses.map(i64::from),
        needs_approval,
    };
    let (_, secret) = enrollment_tokens::make(&app, &Actor::CommandLine, new).await.map_err(why)?;
    println!("{secret}");
    Ok(())
}
