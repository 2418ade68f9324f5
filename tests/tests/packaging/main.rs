//! The packages: what is in them, read by other people's tools, and what they do to a system on which they are installed.

mod bom;
mod container;
mod debian;
mod enrollment;
mod listing;
mod mac_programs;
mod macos;
mod made;
#[path = "../../../agent/tests/it/proxy.rs"]
mod proxy;
mod root;
mod rpm;
mod tables;
mod windows;
mod windows_desk;
