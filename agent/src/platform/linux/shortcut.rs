//! A keyboard shortcut of the whole session, where that has an X display. A thread of its own sleeps until the keys are
//! pressed.

use std::{sync::Arc, thread};

use anyhow::{Context as _, anyhow};
use deskbell_protocol::{
    Shortcut, ShortcutState,
    shortcut::{Key, Modifier},
};
use tracing::info;
use x11rb::{
    connection::Connection as _,
    cookie::VoidCookie,
    errors::ReplyError,
    protocol::{
        ErrorKind, Event,
        xproto::{
            ClientMessageEvent, ConnectionExt as _, CreateWindowAux, EventMask, GrabMode, Keycode, Keysym, Mapping,
            ModMask, Window, WindowClass,
        },
    },
    rust_connection::RustConnection,
};

use crate::platform::ShortcutEvent;

/// Caps Lock and Num Lock, which are no part of a shortcut, in every combination.
const LOCKS: [u16; 4] = [0, 1 << 1, 1 << 4, (1 << 1) | (1 << 4)];
/// The keysym of `F1` (X Window System Protocol, appendix A).
const KEYSYM_F1: Keysym = 0xffbe;

/// A shortcut that is this program's until it is dropped.
#[derive(Debug)]
pub struct ShortcutGrab {
    connection: Arc<RustConnection>,
    window: Window,
    root: Window,
}

impl ShortcutGrab {
    /// Takes `shortcut`, and calls `heard` on another thread from then on.
    pub fn take(shortcut: &Shortcut, heard: impl Fn(ShortcutEvent) + Send + 'static) -> Result<Self, ShortcutState> {
        let keyboard = Keyboard::connect(shortcut).map_err(|error| {
            info!("This session gives no keyboard shortcut: {error:#}");
            ShortcutState::Unavailable
        })?;
        let key = keyboard.grab()?;
        let grab = Self { connection: Arc::clone(&keyboard.connection), window: keyboard.window, root: keyboard.root };
        let listening = thread::Builder::new().name("shortcut".into()).spawn(move || keyboard.listen(key, &heard));
        listening.map(|_| grab).map_err(|error| {
            info!(%error, "There is no thread for the keyboard shortcut");
            ShortcutState::Unavailable
        })
    }
}

impl Drop for ShortcutGrab {
    /// Gives the keys back before this returns, and wakes the thread, which then ends and closes the connection.
    fn drop(&mut self) {
        // All of it fails when the display has gone, and the thread with it.
        let _ = self.connection.ungrab_key(0, self.root, ModMask::ANY).map(VoidCookie::check);
        let farewell = ClientMessageEvent::new(32, self.window, 1_u32, [0; 5]);
        let _ = self.connection.send_event(false, self.window, EventMask::NO_EVENT, farewell);
        let _ = self.connection.flush();
    }
}

/// A connection to the display, for one shortcut.
struct Keyboard {
    connection: Arc<RustConnection>,
    /// The farewell is sent to it.
    window: Window,
    root: Window,
    modifiers: u16,
    keysym: Keysym,
}

impl Keyboard {
    fn connect(shortcut: &Shortcut) -> anyhow::Result<Self> {
        let (connection, screen) = x11rb::connect(None).context("connecting to the X display")?;
        let root = connection.setup().roots.get(screen).context("a screen")?.root;
        let window = connection.generate_id()?;
        connection.create_window(
            0,
            window,
            root,
            0,
            0,
            1,
            1,
            0,
            WindowClass::INPUT_ONLY,
            0,
            &CreateWindowAux::new(),
        )?;
        let modifiers = shortcut.modifiers().fold(0, |mask, modifier| mask | u16::from(mask_of(modifier)));
        Ok(Self { connection: Arc::new(connection), window, root, modifiers, keysym: keysym(shortcut.key()) })
    }

    /// Takes the shortcut, and returns its key.
    fn grab(&self) -> Result<Keycode, ShortcutState> {
        self.try_to_grab().map_err(|error| match error.downcast_ref() {
            Some(ReplyError::X11Error(refused)) if refused.error_kind == ErrorKind::Access => ShortcutState::Taken,
            _ => {
                info!("The keyboard shortcut cannot be had: {error:#}");
                ShortcutState::Unavailable
            }
        })
    }

    fn try_to_grab(&self) -> anyhow::Result<Keycode> {
        let keycode = self.keycode()?;
        for locks in LOCKS {
            let modifiers = ModMask::from(self.modifiers | locks);
            self.connection
                .grab_key(false, self.root, modifiers, keycode, GrabMode::ASYNC, GrabMode::ASYNC)?
                .check()?;
        }
        Ok(keycode)
    }

    /// The first key that gives the keysym, in whichever layout.
    fn keycode(&self) -> anyhow::Result<Keycode> {
        let (first, last) = (self.connection.setup().min_keycode, self.connection.setup().max_keycode);
        let mapping = self.connection.get_keyboard_mapping(first, last - first + 1)?.reply()?;
        let width = usize::from(mapping.keysyms_per_keycode).max(1);
        let keys = mapping.keysyms.chunks(width).zip(first..=last);
        let mut found = keys.filter(|(keysyms, _)| keysyms.contains(&self.keysym));
        found.next().map(|(_, keycode)| keycode).ok_or_else(|| anyhow!("this keyboard has no such key"))
    }

    fn listen(&self, mut key: Keycode, heard: &impl Fn(ShortcutEvent)) {
        loop {
            match self.connection.wait_for_event() {
                Ok(Event::KeyPress(_)) => heard(ShortcutEvent::Pressed),
                Ok(Event::MappingNotify(changed)) if changed.request == Mapping::KEYBOARD => {
                    match self.grab_where_it_is(key) {
                        Ok(new) => key = new,
                        Err(state) => heard(ShortcutEvent::Lost(state)),
                    }
                }
                Ok(Event::ClientMessage(message)) if message.window == self.window => return,
                Ok(_) => {}
                Err(error) => {
                    info!(%error, "The X display has gone, and the keyboard shortcut with it");
                    return heard(ShortcutEvent::Lost(ShortcutState::Unavailable));
                }
            }
        }
    }

    /// The layout changed, so the key may be another one. Mostly it is not, and then nothing is given up: the next event
    /// may be the key itself, since the server tells of a layout whenever another keyboard is typed on.
    fn grab_where_it_is(&self, key: Keycode) -> Result<Keycode, ShortcutState> {
        if self.keycode().ok() == Some(key) {
            return Ok(key);
        }
        // Fails when the display has gone, which the next event tells.
        let _ = self.connection.ungrab_key(0, self.root, ModMask::ANY);
        self.grab()
    }
}

fn mask_of(modifier: Modifier) -> ModMask {
    match modifier {
        Modifier::Ctrl => ModMask::CONTROL,
        Modifier::Alt => ModMask::M1,
        Modifier::Shift => ModMask::SHIFT,
        Modifier::Super => ModMask::M4,
    }
}

fn keysym(key: Key) -> Keysym {
    match key {
        Key::Function(number) => KEYSYM_F1 + Keysym::from(number) - 1,
        // Keysyms of Latin-1 are its characters; a key's first one is the small letter.
        Key::Character(character) => Keysym::from(character.to_ascii_lowercase()),
    }
}
