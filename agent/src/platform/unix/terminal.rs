//! Whether somebody reads along.

use std::io::{self, IsTerminal as _};

/// Whether a person reads what this program writes to standard error.
pub fn has_terminal() -> bool {
    io::stderr().is_terminal()
}
