//! The local socket between service, trays and command line: newline-delimited JSON.

pub mod client;
pub mod lines;
pub mod server;
