//! Removes what nobody needs any more: mails and messages that came to their end long ago, and contents of files that no
//! ticket names. Several servers may do it at once.

use std::time::Duration;

use anyhow::anyhow;
use deskbell_protocol::UnixMillis;
use tokio::sync::watch;
use tracing::{error, info};

use crate::{
    app::App,
    changes::portal_user_steps,
    domain::{automatic_mail::ANSWERED_FOR, delivery::millis, portal_user::REMEMBERED_LIFETIME},
};

/// How often it is looked for.
const EVERY: Duration = Duration::from_hours(6);
/// How many rows are deleted in one transaction, so that nobody waits long for it.
const ROWS_AT_ONCE: u64 = 500;
/// How many files are asked for in one question.
const FILES_AT_ONCE: usize = 500;
/// How old a content is that is taken for left behind: older than any request that could still name it.
const LEFT_BEHIND: Duration = Duration::from_hours(24);

/// Tidies up at once and then regularly, until `stopping` says so.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    let tidying = async {
        loop {
            if let Err(error) = tidy(app).await {
                error!("Tidying up failed: {error:#}");
            }
            tokio::time::sleep(EVERY).await;
        }
    };
    tokio::select! {
        () = tidying => {}
        _ = stopping.changed() => {}
    }
}

/// Removes what there is to remove now.
pub async fn tidy(app: &App) -> anyhow::Result<()> {
    while portal_user_steps::lapse(app, ROWS_AT_ONCE).await.map_err(|refused| anyhow!("{refused:?}"))? == ROWS_AT_ONCE {
    }
    let days = app.config.retention.outbox_days;
    if days > 0 {
        let lifetime = Duration::from_hours(24).saturating_mul(days);
        forget_outbox(app, app.now().saturating_sub(millis(lifetime))).await?;
    }
    app.store.forget_automatic_answers(app.now().saturating_sub(millis(ANSWERED_FOR))).await?;
    app.store.forget_ways_in(app.now().saturating_sub(millis(REMEMBERED_LIFETIME))).await?;
    collect_files(app, app.now().saturating_sub(millis(LEFT_BEHIND))).await
}

async fn forget_outbox(app: &App, ended_before: UnixMillis) -> anyhow::Result<()> {
    let mut deleted = 0;
    loop {
        let mails = app.store.delete_ended_mails(ended_before, ROWS_AT_ONCE).await?;
        let messages = app.store.delete_ended_webhook_deliveries(ended_before, ROWS_AT_ONCE).await?;
        deleted += mails + messages;
        if mails < ROWS_AT_ONCE && messages < ROWS_AT_ONCE {
            break;
        }
    }
    if deleted > 0 {
        info!(deleted, "Deleted {deleted} mails and messages that came to their end long ago");
    }
    Ok(())
}

async fn collect_files(app: &App, older_than: UnixMillis) -> anyhow::Result<()> {
    let mut removed = 0;
    for hashes in app.attachments.kept_before(older_than).await?.chunks(FILES_AT_ONCE) {
        let named = app.store.attachment_contents_among(hashes).await?;
        for hash in hashes.iter().filter(|hash| !named.contains(*hash)) {
            removed += u32::from(app.attachments.remove_if_kept_before(hash, older_than).await?);
        }
    }
    if removed > 0 {
        info!(removed, "Removed {removed} files that no ticket names");
    }
    Ok(())
}
