//! Deskbell's test World: real servers, agents, trays, a tray host and browsers, each a value that ends with its owner.
//!
//! The demo, the whole-system tests and the repository's own commands stand on it. Nothing here knows what Deskbell
//! should do; that is for the tests to say.

pub mod coverage;
pub mod support;
