//! The content of files that go along with tickets: received, kept in the data folder, given out.
//!
//! Who may send or see one is not decided here.

pub mod download;
pub mod folder;
pub mod upload;
