//! The keyboard of a [`Screen`]: keys that are pressed, and another program that has a shortcut.

use anyhow::{Context, ensure};
use tokio::process::Command;
use x11rb::{
    connection::Connection,
    protocol::xproto::{ConnectionExt, GrabMode, Keysym, ModMask},
    rust_connection::RustConnection,
};

use crate::support::screen::Screen;

/// The keysym of F12.
const F12: Keysym = 0xffc9;

/// A program that has Ctrl+F12 until it is dropped.
#[derive(Debug)]
pub struct ShortcutHolder {
    _connection: RustConnection,
}

/// Presses keys, written as xdotool does: `ctrl+F12`.
pub async fn press(screen: &Screen, keys: &str) -> anyhow::Result<()> {
    let mut command = Command::new("xdotool");
    let status = command.args(["key", keys]).env("DISPLAY", screen.display()).status().await;
    ensure!(status.context("running xdotool")?.success(), "xdotool pressed nothing");
    Ok(())
}

impl ShortcutHolder {
    /// Takes Ctrl+F12; fails while another program has it.
    pub fn take(screen: &Screen) -> anyhow::Result<Self> {
        let (connection, number) = RustConnection::connect(Some(screen.display()))?;
        let setup = connection.setup();
        let root = setup.roots.get(number).context("a screen")?.root;
        let (first, last) = (setup.min_keycode, setup.max_keycode);
        let mapping = connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let mut keys = mapping.keysyms.chunks(usize::from(mapping.keysyms_per_keycode)).zip(first..=last);
        let (_, key) = keys.find(|(keysyms, _)| keysyms.contains(&F12)).context("a key F12")?;
        let grab = connection.grab_key(false, root, ModMask::CONTROL, key, GrabMode::ASYNC, GrabMode::ASYNC)?;
        grab.check().context("another program has Ctrl+F12")?;
        Ok(Self { _connection: connection })
    }
}
