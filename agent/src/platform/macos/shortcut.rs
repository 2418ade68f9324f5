//! A keyboard shortcut of the whole session. The system tells the main thread's loop when the keys are pressed.

use deskbell_protocol::{Shortcut, ShortcutState};
use global_hotkey::{GlobalHotKeyEvent, GlobalHotKeyManager, HotKeyState};
use tracing::info;

use crate::platform::ShortcutEvent;

/// A shortcut that is this program's until it is dropped.
pub struct ShortcutGrab(#[expect(dead_code, reason = "what holds the keys")] GlobalHotKeyManager);

impl ShortcutGrab {
    /// Takes `shortcut`, and calls `heard` from then on. To be called by the main thread; the listener of the first call
    /// stays for as long as the program runs. macOS gives the same keys to several programs, and so names none as taken.
    pub fn take(
        shortcut: &Shortcut,
        heard: impl Fn(ShortcutEvent) + Send + Sync + 'static,
    ) -> Result<Self, ShortcutState> {
        GlobalHotKeyEvent::set_event_handler(Some(move |event: GlobalHotKeyEvent| {
            if event.state() == HotKeyState::Pressed {
                heard(ShortcutEvent::Pressed);
            }
        }));
        register(shortcut).map(Self).map_err(|error| {
            info!("The keyboard shortcut cannot be had: {error:#}");
            ShortcutState::Unavailable
        })
    }
}

fn register(shortcut: &Shortcut) -> anyhow::Result<GlobalHotKeyManager> {
    let manager = GlobalHotKeyManager::new()?;
    // The library reads shortcuts as policies write them.
    manager.register(shortcut.to_string().parse()?)?;
    Ok(manager)
}
