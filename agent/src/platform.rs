//! What differs by operating system: each folder has the same functions.

use deskbell_protocol::ShortcutState;

use crate::service::sessions::Peer;

#[cfg(target_os = "linux")]
use linux::log_ons::session_of;
#[cfg(target_os = "macos")]
use macos::log_ons::session_of;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(target_os = "macos")]
mod macos;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

// What systems say, read by plain code that is tested here, too.
#[cfg(any(target_os = "macos", test))]
mod console_users;
#[cfg(any(windows, target_os = "macos"))]
mod firmware;
#[cfg(any(windows, test))]
mod internet_settings;
#[cfg(any(target_os = "macos", test))]
mod managed_preferences;
#[cfg(any(windows, test))]
mod notify_icon_settings;

#[cfg(target_os = "linux")]
pub use linux::{
    desktop_session::DesktopSession,
    log_ons::watch_sessions,
    machine::{machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    service_process::{RESTART_SERVICE, START_SERVICE, STOP_SERVICE, end_with, log_writer},
    session::language,
    shortcut::ShortcutGrab,
    system_paths::system_paths,
};
#[cfg(target_os = "macos")]
pub use macos::{
    desktop_session::DesktopSession,
    log_ons::watch_sessions,
    machine::{machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    service_process::{RESTART_SERVICE, START_SERVICE, STOP_SERVICE},
    session::language,
    shortcut::ShortcutGrab,
    system_log::log_writer,
    system_paths::system_paths,
};
#[cfg(unix)]
pub use unix::{
    browser::open_with,
    files::{create_private_file, create_public_file, prepare_state_folder, socket_below, sync_folder},
    local_socket::{Connection, Listener, Stream, connect, has_ended},
    proxy::proxy_for_https,
    service_process::{Orders, TRAY_STARTER, run_as_service, tell_service_to_reload},
    terminal::has_terminal,
};
#[cfg(windows)]
pub use windows::{
    browser::open_with,
    desktop_session::DesktopSession,
    event_log::log_writer,
    files::{create_private_file, create_public_file, prepare_state_folder, socket_below, sync_folder, system_paths},
    local_socket::{Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    message_loop::{MessageLoop, Turn, Waker},
    proxy::proxy_for_https,
    service_process::{Orders, RESTART_SERVICE, START_SERVICE, STOP_SERVICE, run_as_service, tell_service_to_reload},
    session::{claim_session, has_terminal, language},
    shortcut::ShortcutGrab,
    tray_process::TRAY_STARTER,
};

/// Who is at the other end of a connection, as the kernel tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The person and the session.
    pub peer: Peer,
    /// The program.
    pub process: Option<i32>,
}

/// The maker's words about the computer; empty where there are none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SystemProduct {
    /// Serial number.
    pub serial: String,
    /// Maker.
    pub manufacturer: String,
    /// Model.
    pub model: String,
}

/// A proxy that reqwest does not find.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemProxy {
    /// Its address.
    pub url: String,
    /// What is reached without it, with commas between.
    pub reached_directly: String,
}

/// What a service is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// To end.
    End,
    /// To read its files again.
    Reload,
}

/// What a [`ShortcutGrab`] hears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShortcutEvent {
    /// The keys were pressed.
    Pressed,
    /// It works no longer, for this reason.
    Lost(ShortcutState),
}
