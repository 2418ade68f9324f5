//! The shell of the person's session: its task bar and its colors, and words to the person.
#![expect(unsafe_code, reason = "the system's calls for windows, the registry and waiting")]

use std::{
    io,
    os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle},
    ptr::{null, null_mut},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use windows_registry::{CURRENT_USER, Key};
use windows_sys::Win32::{
    Foundation::{ERROR_SUCCESS, WAIT_FAILED},
    System::{
        Registry::{REG_NOTIFY_CHANGE_LAST_SET, REG_NOTIFY_CHANGE_NAME, RegNotifyChangeKeyValue},
        Threading::{CreateEventW, INFINITE, OpenProcess, PROCESS_SYNCHRONIZE, WaitForMultipleObjects},
    },
    UI::WindowsAndMessaging::{
        FindWindowW, GetWindowThreadProcessId, MB_ICONINFORMATION, MB_OK, MB_SETFOREGROUND, MB_TOPMOST, MessageBoxW,
    },
};

use crate::{
    platform::{
        notify_icon_settings::IconSetting,
        windows::{message_loop::join_desktop, wide},
    },
    tray::{ColorScheme, Desktop, TrayHost},
};

/// The class of the task bar's window.
const TASK_BAR: &str = "Shell_TrayWnd";
const COLORS: &str = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";
/// From Windows 11 on.
const ICONS: &str = r"Control Panel\NotifyIconSettings";
const PROMOTED: &str = "IsPromoted";
/// How often to look for a task bar where there is none: the shell is not there yet, or starts anew.
const RETRY: Duration = Duration::from_millis(500);

/// What a program can learn of its desktop, and say to it: here the shell of the session that it runs in.
#[derive(Debug)]
pub struct DesktopSession(());

impl DesktopSession {
    /// The session that this program runs in.
    pub fn connect() -> io::Result<Self> {
        Ok(Self(()))
    }

    /// What shows tray icons on this desktop at the moment.
    pub fn tray_host(&self) -> TrayHost {
        match task_bar() {
            None => TrayHost::Absent,
            Some(_) if own_icon().is_some_and(|(_, icon)| icon.is_in_overflow()) => TrayHost::Overflow,
            Some(_) => TrayHost::Present,
        }
    }

    /// Whether the task bar is dark.
    pub fn color_scheme(&self) -> ColorScheme {
        match CURRENT_USER.open(COLORS).and_then(|key| key.get_u32("SystemUsesLightTheme")) {
            Ok(0) => ColorScheme::Dark,
            _ => ColorScheme::Light,
        }
    }

    /// Says how the desktop is, at once and whenever it changes, until the listener is gone.
    pub fn watch(&self, mut is_heard: impl FnMut(Desktop) -> bool) -> io::Result<()> {
        join_desktop();
        let mut last = None;
        loop {
            // Whatever happens from here on ends the wait.
            let shell = task_bar().map(|shell| Change { event: shell, _key: None });
            let changes: Option<Vec<_>> =
                shell.map(|shell| [COLORS, ICONS].into_iter().filter_map(change_of).chain([shell]).collect());
            let desktop = Desktop { host: self.tray_host(), scheme: self.color_scheme() };
            if last != Some(desktop) && !is_heard(desktop) {
                return Ok(());
            }
            last = Some(desktop);
            wait(changes.as_deref())?;
        }
    }

    /// Brings this program's icon out of the overflow, unless the person chose where it is.
    pub fn keep_in_view(&self) -> io::Result<()> {
        match own_icon() {
            Some((name, icon)) if icon.may_be_promoted() => {
                Ok(CURRENT_USER.create(format!(r"{ICONS}\{name}"))?.set_u32(PROMOTED, 1)?)
            }
            _ => Ok(()),
        }
    }

    /// Shows words, and returns when they were read. While there are some, others are left out.
    pub fn notify(&self, title: &str, text: &str) -> io::Result<()> {
        static IS_SHOWN: AtomicBool = AtomicBool::new(false);
        if IS_SHOWN.swap(true, Ordering::Relaxed) {
            return Ok(());
        }
        join_desktop();
        let style = MB_OK | MB_ICONINFORMATION | MB_SETFOREGROUND | MB_TOPMOST;
        // SAFETY: both texts end with a zero.
        let answer = unsafe { MessageBoxW(null_mut(), wide(text).as_ptr(), wide(title).as_ptr(), style) };
        let outcome = if answer == 0 { Err(io::Error::last_os_error()) } else { Ok(()) };
        IS_SHOWN.store(false, Ordering::Relaxed);
        outcome
    }
}

/// The shell whose task bar it is: a handle to wait for its end.
fn task_bar() -> Option<OwnedHandle> {
    let mut process = 0;
    // SAFETY: the class ends with a zero; a window that is gone by now has no process.
    let shell = unsafe {
        let window = FindWindowW(wide(TASK_BAR).as_ptr(), null());
        GetWindowThreadProcessId(window, &raw mut process);
        OpenProcess(PROCESS_SYNCHRONIZE, 0, process)
    };
    // SAFETY: it was opened above, for us.
    (!shell.is_null()).then(|| unsafe { OwnedHandle::from_raw_handle(shell) })
}

/// What ends a wait.
struct Change {
    event: OwnedHandle,
    /// Closing it would tell of a change.
    _key: Option<Key>,
}

/// What tells when something below the key at `path` changes, where there is such a key.
fn change_of(path: &str) -> Option<Change> {
    let key = CURRENT_USER.open(path).ok()?;
    // SAFETY: an event without a name, for us.
    let event = unsafe { CreateEventW(null(), 1, 0, null()) };
    // SAFETY: as above.
    let event = (!event.is_null()).then(|| unsafe { OwnedHandle::from_raw_handle(event) })?;
    let changes = REG_NOTIFY_CHANGE_LAST_SET | REG_NOTIFY_CHANGE_NAME;
    // SAFETY: key and event are open, and stay so for as long as the answer is waited for.
    let asked = unsafe { RegNotifyChangeKeyValue(key.as_raw(), 1, changes, event.as_raw_handle(), 1) };
    (asked == ERROR_SUCCESS).then_some(Change { event, _key: Some(key) })
}

/// Waits for one of `changes`; where there is nothing to wait for, a little.
#[expect(clippy::disallowed_methods, reason = "a shell that is not there tells nobody when it comes")]
fn wait(changes: Option<&[Change]>) -> io::Result<()> {
    let Some(changes) = changes else {
        thread::sleep(RETRY);
        return Ok(());
    };
    let handles: Vec<_> = changes.iter().map(|change| change.event.as_raw_handle()).collect();
    let count = u32::try_from(handles.len()).expect("three at most");
    // SAFETY: the handles are open.
    let outcome = unsafe { WaitForMultipleObjects(count, handles.as_ptr(), 0, INFINITE) };
    if outcome == WAIT_FAILED { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// What Windows remembers of this program's icon, and under which name.
fn own_icon() -> Option<(String, IconSetting)> {
    let own = std::env::current_exe().ok()?;
    let icons = CURRENT_USER.open(ICONS).ok()?;
    let mut known = icons.keys().ok()?.filter_map(|name| Some((icon(&icons, &name)?, name)));
    known.find(|(icon, _)| icon.is_of(&own.to_string_lossy())).map(|(icon, name)| (name, icon))
}

fn icon(icons: &Key, name: &str) -> Option<IconSetting> {
    let key = icons.open(name).ok()?;
    let program = key.get_string("ExecutablePath").ok()?;
    Some(IconSetting { program, is_promoted: key.get_u32(PROMOTED).ok().map(|promoted| promoted != 0) })
}
