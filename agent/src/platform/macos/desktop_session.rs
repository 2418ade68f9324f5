//! The desktop of the person's session: its menu bar and its colors, and words to the person.
#![expect(unsafe_code, reason = "the system's call for listening to changes")]

use std::{io, ptr::NonNull, sync::mpsc};

use block2::RcBlock;
use objc2_core_foundation::{CFString, CFUserNotification, kCFUserNotificationNoteAlertLevel};
use objc2_core_graphics::CGSessionCopyCurrentDictionary;
use objc2_foundation::{NSDistributedNotificationCenter, NSNotification, NSUserDefaults, ns_string};

use crate::tray::{ColorScheme, Desktop, TrayHost};

/// What a program can learn of its desktop, and say to it: here the session that it runs in.
#[derive(Debug)]
pub struct DesktopSession(());

impl DesktopSession {
    /// The session that this program runs in, where that has a desktop.
    pub fn connect() -> io::Result<Self> {
        let session = CGSessionCopyCurrentDictionary();
        let without = || io::Error::new(io::ErrorKind::NotFound, "this session has no desktop");
        session.map(|_| Self(())).ok_or_else(without)
    }

    /// What shows tray icons on this desktop: the menu bar, always.
    pub fn tray_host(&self) -> TrayHost {
        TrayHost::Present
    }

    /// Whether the desktop is dark.
    pub fn color_scheme(&self) -> ColorScheme {
        let style = NSUserDefaults::standardUserDefaults().stringForKey(ns_string!("AppleInterfaceStyle"));
        if style.is_some_and(|style| style.to_string() == "Dark") { ColorScheme::Dark } else { ColorScheme::Light }
    }

    /// Says how the desktop is, at once and whenever it changes, until the listener is gone.
    pub fn watch(&self, mut is_heard: impl FnMut(Desktop) -> bool) -> io::Result<()> {
        let (sender, changes) = mpsc::channel();
        // Called on the main thread, whose loop hears of it.
        let changed = RcBlock::new(move |_: NonNull<NSNotification>| {
            // Fails when this function has returned.
            let _ = sender.send(());
        });
        let name = ns_string!("AppleInterfaceThemeChangedNotification");
        let center = NSDistributedNotificationCenter::defaultCenter();
        // SAFETY: the block can be called on any thread.
        let _observer = unsafe { center.addObserverForName_object_queue_usingBlock(Some(name), None, None, &changed) };
        let mut last = None;
        loop {
            let desktop = Desktop { host: self.tray_host(), scheme: self.color_scheme() };
            if last != Some(desktop) && !is_heard(desktop) {
                return Ok(());
            }
            last = Some(desktop);
            changes.recv().map_err(io::Error::other)?;
        }
    }

    /// Nothing to do: the menu bar keeps no icons out of view against a policy's wish.
    pub fn keep_in_view(&self) -> io::Result<()> {
        Ok(())
    }

    /// Shows words in a window that stays until they were read. A notification would need a program in a bundle, and the
    /// person's leave.
    pub fn notify(&self, title: &str, text: &str) -> io::Result<()> {
        let (title, text) = (CFString::from_str(title), CFString::from_str(text));
        let shown = CFUserNotification::display_notice(
            0.0,
            kCFUserNotificationNoteAlertLevel,
            None,
            None,
            None,
            Some(&title),
            Some(&text),
            None,
        );
        if shown == 0 { Ok(()) } else { Err(io::Error::other(format!("the system refused ({shown})"))) }
    }
}
