//! What differs by operating system: each folder has the same functions.

use deskbell_protocol::ShortcutState;

use crate::service::sessions::Peer;

#[cfg(target_os = "linux")]
mod linux;
#[cfg(windows)]
mod windows;

#[cfg(any(windows, test))]
mod notify_icon_settings;

#[cfg(target_os = "linux")]
pub use linux::{
    browser::open_with,
    desktop_session::DesktopSession,
    files::{create_private_file, create_public_file, prepare_state_folder, socket_below, sync_folder, system_paths},
    local_socket::{Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{SystemProduct, machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    service_process::{
        Orders, RESTART_SERVICE, START_SERVICE, STOP_SERVICE, TRAY_STARTER, end_with, log_writer, run_as_service,
        tell_service_to_reload,
    },
    session::{has_terminal, language},
    shortcut::ShortcutGrab,
};
#[cfg(windows)]
pub use windows::{
    browser::open_with,
    desktop_session::DesktopSession,
    event_log::log_writer,
    files::{create_private_file, create_public_file, prepare_state_folder, socket_below, sync_folder, system_paths},
    local_socket::{Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{SystemProduct, machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    message_loop::{MessageLoop, Turn, Waker},
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
