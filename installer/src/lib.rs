//! Builds Deskbell's programs for every system and makes their packages. Neither needs Windows or a Mac.

pub mod build;
pub mod command_line;
pub mod contents;
pub mod customer;
pub mod deb;
mod linux;
pub mod msi;
pub mod package;
pub mod packages;
pub mod pkg;
pub mod rpm;
