//! Deskbell's agent: a service that owns the computer's identity and policy, and a tray in each user session that draws
//! what the service tells it.
//!
//! `service/controller.rs` and `tray/controller.rs` decide; everything around them only carries out.

pub mod browser;
pub mod command_line;
pub mod config;
pub mod durable_file;
pub mod ipc;
pub mod log;
pub mod paths;
pub mod platform;
pub mod service;
pub mod tray;
pub mod words;
