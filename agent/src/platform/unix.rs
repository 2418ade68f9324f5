//! What Linux and macOS have in common: files and their modes, sockets, signals.

pub(super) mod browser;
pub(super) mod files;
pub(super) mod local_socket;
pub(super) mod proxy;
pub(super) mod service_process;
pub(super) mod terminal;
