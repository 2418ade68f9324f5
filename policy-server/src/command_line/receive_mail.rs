//! `deskbell-server receive-mail`: one mail from standard input, as a mail server hands it over.

use std::{
    io::{Read as _, stdin},
    process::ExitCode,
    sync::Arc,
};

use anyhow::Context as _;

use super::app;
use crate::{
    config::Config,
    domain::audit::Actor,
    mail::inbound::{MAX_MESSAGE_BYTES, receive},
};

/// `EX_DATAERR` of `sysexits.h`: the mail server gives the mail back.
const NEVER: u8 = 65;
/// `EX_TEMPFAIL`: the mail server keeps the mail and tries again.
const LATER: u8 = 75;

/// That it has more bytes than any mail may.
#[derive(Debug, thiserror::Error)]
#[error("the mail has more than {} MB", MAX_MESSAGE_BYTES >> 20)]
struct TooLarge;

/// Takes the mail: when this returns, it is on the disk.
pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let mut raw = Vec::new();
    stdin().take(MAX_MESSAGE_BYTES as u64 + 1).read_to_end(&mut raw).context("reading the mail")?;
    if raw.len() > MAX_MESSAGE_BYTES {
        return Err(TooLarge.into());
    }
    let app = Arc::new(app(config).await?);
    receive(&app, &Actor::CommandLine, raw.into()).await?;
    Ok(())
}

/// What a mail server is told: to keep the mail, unless it never will be taken.
pub(super) fn exit_code(error: &anyhow::Error) -> ExitCode {
    if error.is::<TooLarge>() { NEVER.into() } else { LATER.into() }
}
