//! Linux: files of the FHS, DMI, XDG and D-Bus.

pub(super) mod desktop_session;
pub(super) mod log_ons;
pub(super) mod machine;
pub(super) mod managed_settings;
pub(super) mod service_process;
pub(super) mod session;
pub(super) mod shortcut;
pub(super) mod system_paths;
