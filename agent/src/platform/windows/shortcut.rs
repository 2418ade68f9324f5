//! A keyboard shortcut of the whole session. A thread of its own sleeps until the keys are pressed.
#![expect(unsafe_code, reason = "the system's calls for keyboard shortcuts")]

use std::{io, ptr::null_mut, sync::mpsc, thread};

use deskbell_protocol::{
    Shortcut, ShortcutState,
    shortcut::{Key, Modifier},
};
use tracing::info;
use windows_sys::Win32::{
    Foundation::ERROR_HOTKEY_ALREADY_REGISTERED,
    System::Threading::GetCurrentThreadId,
    UI::{
        Input::KeyboardAndMouse::{
            HOT_KEY_MODIFIERS, MOD_ALT, MOD_CONTROL, MOD_NOREPEAT, MOD_SHIFT, MOD_WIN, RegisterHotKey, VK_F1,
        },
        WindowsAndMessaging::{GetMessageW, MSG, PM_NOREMOVE, PeekMessageW, PostThreadMessageW, WM_HOTKEY, WM_QUIT},
    },
};

use crate::platform::{ShortcutEvent, windows::message_loop::join_desktop};

/// The one shortcut of the thread that has it.
const ID: i32 = 1;

/// A shortcut that is this program's until it is dropped.
#[derive(Debug)]
pub struct ShortcutGrab {
    thread: u32,
    listening: Option<thread::JoinHandle<()>>,
}

impl ShortcutGrab {
    /// Takes `shortcut`, and calls `heard` on another thread from then on.
    pub fn take(shortcut: &Shortcut, heard: impl Fn(ShortcutEvent) + Send + 'static) -> Result<Self, ShortcutState> {
        let modifiers = shortcut.modifiers().fold(MOD_NOREPEAT, |mask, modifier| mask | mask_of(modifier));
        let key = virtual_key(shortcut.key());
        let (outcome, came) = mpsc::channel();
        // The system tells the thread that asked.
        let listen = move || {
            join_desktop();
            let registered = register(modifiers, key);
            let is_ours = registered.is_ok();
            if outcome.send(registered).is_ok() && is_ours {
                listen(&heard);
            }
        };
        let unavailable = |error: &dyn std::fmt::Display| {
            info!(%error, "The keyboard shortcut cannot be had");
            ShortcutState::Unavailable
        };
        let listening =
            thread::Builder::new().name("shortcut".into()).spawn(listen).map_err(|error| unavailable(&error))?;
        match came.recv().map_err(|error| unavailable(&error))? {
            Ok(thread) => Ok(Self { thread, listening: Some(listening) }),
            Err(error) if error.raw_os_error() == Some(ERROR_HOTKEY_ALREADY_REGISTERED.cast_signed()) => {
                Err(ShortcutState::Taken)
            }
            Err(error) => Err(unavailable(&error)),
        }
    }
}

impl Drop for ShortcutGrab {
    /// Returns when the keys are given back, which the system does at the end of the thread.
    fn drop(&mut self) {
        // SAFETY: takes numbers.
        unsafe { PostThreadMessageW(self.thread, WM_QUIT, 0, 0) };
        if let Some(listening) = self.listening.take() {
            // It fails only when the thread panicked, and then has ended.
            let _ = listening.join();
        }
    }
}

/// Takes the keys for this thread, and returns its number. The thread has a queue before anybody may post to it: asking for a
/// message makes it (the remarks of `PostThreadMessageW`).
fn register(modifiers: HOT_KEY_MODIFIERS, key: u32) -> io::Result<u32> {
    // SAFETY: the system fills in the message.
    unsafe { PeekMessageW(&mut MSG::default(), null_mut(), 0, 0, PM_NOREMOVE) };
    // SAFETY: takes numbers.
    if unsafe { RegisterHotKey(null_mut(), ID, modifiers, key) } == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: takes no arguments.
    Ok(unsafe { GetCurrentThreadId() })
}

fn listen(heard: &impl Fn(ShortcutEvent)) {
    let mut message = MSG::default();
    // SAFETY: the system fills in the message. Zero is the farewell, less an error.
    while unsafe { GetMessageW(&raw mut message, null_mut(), 0, 0) } > 0 {
        if message.message == WM_HOTKEY {
            heard(ShortcutEvent::Pressed);
        }
    }
}

fn mask_of(modifier: Modifier) -> HOT_KEY_MODIFIERS {
    match modifier {
        Modifier::Ctrl => MOD_CONTROL,
        Modifier::Alt => MOD_ALT,
        Modifier::Shift => MOD_SHIFT,
        Modifier::Super => MOD_WIN,
    }
}

fn virtual_key(key: Key) -> u32 {
    match key {
        Key::Function(number) => u32::from(VK_F1) + u32::from(number) - 1,
        // The keys of letters and digits have the numbers of their characters.
        Key::Character(character) => u32::from(character.to_ascii_uppercase()),
    }
}
