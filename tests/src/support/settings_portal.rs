//! `org.freedesktop.portal.Settings` of a desktop that is light or dark.

mod settings;

use anyhow::Context;
use zbus::{Connection, connection, zvariant::Value};

use self::settings::Settings;

const NAME: &str = "org.freedesktop.portal.Desktop";
const PATH: &str = "/org/freedesktop/portal/desktop";

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

impl SettingsPortal {
    /// Starts a portal on the bus at `address`.
    pub async fn start(address: &str, colors: Colors) -> anyhow::Result<Self> {
        let builder =
            connection::Builder::address(address)?.serve_at(PATH, Settings::new(number(colors)))?.name(NAME)?;
        builder.build().await.map(Self).context("becoming the bus's portal")
    }

    /// Changes the colors, and says so.
    pub async fn turn(&self, colors: Colors) -> anyhow::Result<()> {
        let settings = self.0.object_server().interface::<_, Settings>(PATH).await?;
        *settings.get_mut().await = Settings::new(number(colors));
        let emitter = settings.signal_emitter();
        Settings::setting_changed(emitter, settings::APPEARANCE, settings::COLOR_SCHEME, Value::from(number(colors)))
            .await?;
        Ok(())
    }
}

fn number(colors: Colors) -> u32 {
    match colors {
        Colors::Dark => 1,
        Colors::Light => 2,
    }
}
