//! What differs by operating system: each folder has the same functions.

#[cfg(target_os = "linux")]
mod linux;

#[cfg(target_os = "linux")]
pub use linux::{
    browser::open_with,
    files::{create_private_file, create_public_file, prepare_state_folder, sync_folder, system_paths},
    local_socket::{Caller, Connection, Listener, Stream, connect},
    log_ons::{has_ended, watch_sessions},
    machine::{SystemProduct, machine_folder, machine_marks, system_product},
    service_process::{Order, Orders, end_with, tell_service_to_reload},
    session::language,
    session_bus::SessionBus,
    shortcut::{ShortcutEvent, ShortcutGrab},
};
