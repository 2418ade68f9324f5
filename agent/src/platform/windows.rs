//! Windows: the service manager, named pipes, security descriptors, the registry and the shell.

pub(super) mod browser;
pub(super) mod desktop_session;
pub(super) mod event_log;
pub(super) mod files;
pub(super) mod local_socket;
pub(super) mod log_ons;
pub(super) mod machine;
pub(super) mod managed_settings;
pub(super) mod message_loop;
pub(super) mod proxy;
pub(super) mod service_process;
pub(super) mod session;
pub(super) mod shortcut;
pub(super) mod tray_process;

mod access;
mod account;
mod overlapped;

use std::{ffi::OsStr, os::windows::ffi::OsStrExt as _};

/// `text` as the system's calls take it: UTF-16 with a zero at the end.
fn wide(text: impl AsRef<OsStr>) -> Vec<u16> {
    text.as_ref().encode_wide().chain([0]).collect()
}
