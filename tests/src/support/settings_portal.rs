//! `org.freedesktop.portal.Settings` of a desktop that is light or dark.

use anyhow::Context;
use zbus::{
    Connection, connection, fdo,
    object_server::SignalEmitter,
    zvariant::{OwnedValue, Value},
};

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";
const APPEARANCE: &str = "org.freedesktop.appearance";
const COLOR_SCHEME: &str = "color-scheme";

/// A desktop's colors.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colors {
    /// Dark: 1.
    Dark,
    /// Light: 2.
    Light,
}

/// A settings portal that runs until dropped.
#[derive(Debug)]
pub struct SettingsPortal(Connection);

struct Settings(Colors);

impl SettingsPortal {
    /// Starts a portal on the bus at `address`.
    pub async fn start(address: &str, colors: Colors) -> anyhow::Result<Self> {
        let builder = connection::Builder::address(address)?.serve_at(PATH, Settings(colors))?.name(NAME)?;
        builder.build().await.map(Self).context("becoming the bus's portal")
    }

    /// Changes the colors, and says so.
    pub async fn turn(&self, colors: Colors) -> anyhow::Result<()> {
        let settings = self.0.object_server().interface::<_, Settings>(PATH).await?;
        settings.get_mut().await.0 = colors;
        let emitter = settings.signal_emitter();
        Settings::setting_changed(emitter, APPEARANCE, COLOR_SCHEME, Value::from(number(colors))).await?;
        Ok(())
    }
}

#[zbus::interface(name = "org.freedesktop.portal.Settings")]
impl Settings {
    fn read(&self, namespace: &str, key: &str) -> fdo::Result<OwnedValue> {
        if (namespace, key) != (APPEARANCE, COLOR_SCHEME) {
            return Err(fdo::Error::Failed("there is no such setting".into()));
        }
        // The portal's first version wraps every value once more.
        let wrapped = Value::Value(Box::new(number(self.0).into()));
        wrapped.try_into().map_err(|error: zbus::zvariant::Error| fdo::Error::Failed(error.to_string()))
    }

    /// A setting changed.
    #[zbus(signal)]
    async fn setting_changed(
        emitter: &SignalEmitter<'_>,
        namespace: &str,
        key: &str,
        value: Value<'_>,
    ) -> zbus::Result<()>;
}

fn number(colors: Colors) -> u32 {
    match colors {
        Colors::Dark => 1,
        Colors::Light => 2,
    }
}
