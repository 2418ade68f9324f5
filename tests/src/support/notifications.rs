//! A desktop's notifications, as far as programs can tell: `org.freedesktop.Notifications` on a bus. It draws nothing.

use std::{collections::HashMap, time::Duration};

use anyhow::Context;
use tokio::sync::watch;
use zbus::{Connection, connection, zvariant::OwnedValue};

use crate::support::{bus::Bus, deadline};

const NAME: &str = "org.freedesktop.Notifications";

/// What a person was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notification {
    /// The first line.
    pub title: String,
    /// The text below.
    pub text: String,
}

/// A notification daemon that runs until dropped.
#[derive(Debug)]
pub struct Notifications {
    _connection: Connection,
    shown: watch::Receiver<Vec<Notification>>,
}

impl Notifications {
    /// Starts a notification daemon on `bus`.
    pub async fn start(bus: &Bus) -> anyhow::Result<Self> {
        let (sender, shown) = watch::channel(Vec::new());
        let connection = connection::Builder::address(bus.address())?
            .serve_at("/org/freedesktop/Notifications", Daemon { shown: sender })?
            .name(NAME)?
            .build()
            .await
            .context("becoming the bus's notification daemon")?;
        Ok(Self { _connection: connection, shown })
    }

    /// Waits for this many notifications whose text holds all of `words`.
    pub async fn until_count(&self, within: Duration, count: usize, words: &[&str]) -> anyhow::Result<()> {
        let holds = |shown: &&Notification| words.iter().all(|word| shown.text.contains(word));
        let what = format!("{count} notifications with {words:?}");
        let enough = |shown: &Vec<Notification>| shown.iter().filter(holds).count() == count;
        deadline::until(&mut self.shown.clone(), within, &what, enough).await.map(drop)
    }

    /// Waits for a notification whose text holds all of `words`.
    pub async fn until(&self, within: Duration, words: &[&str]) -> anyhow::Result<()> {
        let holds = |shown: &Notification| words.iter().all(|word| shown.text.contains(word));
        let what = format!("a notification with {words:?}");
        deadline::until(&mut self.shown.clone(), within, &what, |shown| shown.iter().any(holds)).await.map(drop)
    }
}

struct Daemon {
    shown: watch::Sender<Vec<Notification>>,
}

#[zbus::interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "the interface has them")]
    fn notify(
        &self,
        program: &str,
        replaces: u32,
        icon: &str,
        title: String,
        text: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedValue>,
        timeout: i32,
    ) -> u32 {
        // Nothing of these is checked.
        let _ = (program, replaces, icon, actions, hints, timeout);
        self.shown.send_modify(|shown| shown.push(Notification { title, text }));
        1
    }
}
