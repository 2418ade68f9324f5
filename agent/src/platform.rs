//! What differs by operating system: each folder has the same functions.

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
    local_socket::{Caller, Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{SystemProduct, machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    service_process::{
        Order, Orders, RESTART_SERVICE, START_SERVICE, STOP_SERVICE, TRAY_STARTER, end_with, log_writer,
        run_as_service, tell_service_to_reload,
    },
    session::{has_terminal, language},
    shortcut::{ShortcutEvent, ShortcutGrab},
};
#[cfg(windows)]
pub use windows::{
    browser::open_with,
    desktop_session::DesktopSession,
    event_log::log_writer,
    files::{create_private_file, create_public_file, prepare_state_folder, socket_below, sync_folder, system_paths},
    local_socket::{Caller, Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{SystemProduct, machine_folder, machine_marks, system_product},
    managed_settings::managed_settings,
    message_loop::{MessageLoop, Turn, Waker},
    service_process::{
        Order, Orders, RESTART_SERVICE, START_SERVICE, STOP_SERVICE, run_as_service, tell_service_to_reload,
    },
    session::{claim_session, has_terminal, language},
    shortcut::{ShortcutEvent, ShortcutGrab},
    tray_process::TRAY_STARTER,
};
