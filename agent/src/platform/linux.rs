//! Linux: files of the FHS, Unix sockets, DMI, XDG and D-Bus.

pub(super) mod browser;
pub(super) mod desktop_session;
pub(super) mod files;
pub(super) mod local_socket;
pub(super) mod log_ons;
pub(super) mod machine;
pub(super) mod managed_settings;
pub(super) mod service_process;
pub(super) mod session;
pub(super) mod shortcut;
