//! Keeps memory as the database says, whichever program wrote it: another server, the command line, or this server
//! itself. The triggers of `migrations/0013` note each change as a revision; a round reads what is new and then those parts
//! of the fleet and of the pages' look alone.
//!
//! Everything comes into memory this way, so a server's own write is read once, however many others look meanwhile, and a
//! write whose request was cut off is found by the next round.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use tokio::sync::{Mutex, watch};
use tracing::{error, warn};

use crate::{
    app::App,
    domain::revision::{Stale, StaleParts, stale},
};

/// How often the revisions are read where nothing tells of them: the longest that a change of another program takes.
const LOOK_EVERY: Duration = Duration::from_secs(5);
/// A connection that told nothing for so long is made anew: it may be dead without a sign.
const SILENCE: Duration = Duration::from_mins(5);

/// How far memory has followed the database.
pub struct Following {
    /// How many rounds have begun.
    begun: AtomicU64,
    reached: Mutex<Reached>,
}

struct Reached {
    /// The last revision that is in memory.
    revision: i64,
    /// The last round that came to its end.
    round: u64,
}

impl Following {
    /// Of memory that is read after this revision was the last one.
    pub fn from(revision: i64) -> Self {
        Self { begun: AtomicU64::new(0), reached: Mutex::new(Reached { revision, round: 0 }) }
    }
}

impl App {
    /// Brings everything into memory that is committed by now, and wakes the agents whose answer changed. What fails is
    /// tried again by the next round, so whoever has written something need not fail with it.
    pub async fn catch_up(&self) {
        if let Err(error) = self.try_catch_up().await {
            error!("What was written is not in force yet; it is tried again: {error:#}");
        }
    }

    /// The same, for whoever must know whether it succeeded.
    pub async fn try_catch_up(&self) -> anyhow::Result<()> {
        let begun_before = self.following.begun.load(Ordering::SeqCst);
        let mut reached = self.following.reached.lock().await;
        // A round that began since then found all that this one would find.
        if reached.round > begun_before {
            return Ok(());
        }
        let round = self.following.begun.fetch_add(1, Ordering::SeqCst) + 1;
        let since = self.store.revisions_from(reached.revision).await?;
        self.read_again(stale(reached.revision, &since)).await?;
        *reached = Reached { revision: since.last().map_or(0, |revision| revision.number), round };
        Ok(())
    }

    async fn read_again(&self, stale: Stale) -> anyhow::Result<()> {
        match stale {
            Stale::Everything => {
                self.looks.reload(&self.store, &self.config).await?;
                self.fleet.load(&self.store).await?;
            }
            Stale::Parts(StaleParts { tree, look, assets }) => {
                if look {
                    self.looks.reload(&self.store, &self.config).await?;
                }
                if tree {
                    self.fleet.reload_tree(&self.store).await?;
                }
                if !assets.is_empty() {
                    self.fleet.reload_assets(&self.store, assets).await?;
                }
            }
        }
        Ok(())
    }
}

/// Follows what other programs write, until `stopping` says so.
pub async fn run(app: &App, mut stopping: watch::Receiver<bool>) {
    tokio::select! {
        () = look_regularly(app) => {}
        () = listen(app) => {}
        _ = stopping.changed() => {}
    }
}

async fn look_regularly(app: &App) {
    let mut failing = false;
    loop {
        tokio::time::sleep(LOOK_EVERY).await;
        match app.try_catch_up().await {
            Ok(()) => failing = false,
            Err(error) if !failing => {
                failing = true;
                error!("Changes of other programs cannot be followed: {error:#}");
            }
            Err(_) => {}
        }
    }
}

async fn listen(app: &App) {
    loop {
        if let Err(error) = listen_until_silence(app).await {
            warn!("Changes of other programs are not told at once, but found within 5 seconds: {error:#}");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }
}

async fn listen_until_silence(app: &App) -> anyhow::Result<()> {
    let Some(mut listener) = app.store.listen().await? else { return std::future::pending().await };
    loop {
        // First of all what came while nobody listened.
        app.catch_up().await;
        if !listener.heard(SILENCE).await? {
            return Ok(());
        }
    }
}
