//! The desktop that this program itself runs in.

use zbus::{
    Connection,
    proxy::{Builder, CacheProperties},
};

/// What a tray icon can hope for here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Desktop {
    /// Something shows tray icons.
    TrayHost,
    /// A session without anything that shows tray icons; it may still come.
    NoTrayHost,
    /// No session at all.
    NoSession,
}

impl Desktop {
    /// Asks the session bus.
    pub async fn here() -> Self {
        let Ok(connection) = Connection::session().await else { return Self::NoSession };
        if is_host_registered(&connection).await.unwrap_or(false) { Self::TrayHost } else { Self::NoTrayHost }
    }
}

async fn is_host_registered(connection: &Connection) -> zbus::Result<bool> {
    let watcher: zbus::Proxy<'_> = Builder::new(connection)
        .destination("org.kde.StatusNotifierWatcher")?
        .path("/StatusNotifierWatcher")?
        .interface("org.kde.StatusNotifierWatcher")?
        .cache_properties(CacheProperties::No)
        .build()
        .await?;
    watcher.get_property("IsStatusNotifierHostRegistered").await
}
