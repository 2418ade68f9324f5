//! What the programs use of macOS: `mac_libraries.txt`, each library by its path on a Mac, and below it the names that are
//! taken from it.
//!
//! Another name does not link. Before a name is added here it is looked up: Apple's documentation says which framework has it,
//! and since which version.

const LIBRARIES: &str = include_str!("mac_libraries.txt");

/// The C library, whose names Zig has.
pub(super) const SYSTEM: &str = "/usr/lib/libSystem.B.dylib";

/// A library or a framework.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Library {
    /// Its path on a Mac.
    pub path: &'static str,
    /// What is used of it; nothing for what Zig knows by itself.
    pub names: Vec<&'static str>,
}

/// All of them.
pub(super) fn all() -> Vec<Library> {
    let mut libraries: Vec<Library> = Vec::new();
    for line in LIBRARIES.lines() {
        match (line.strip_prefix("    "), libraries.last_mut()) {
            (Some(name), Some(library)) => library.names.push(name),
            _ => libraries.push(Library { path: line, names: Vec::new() }),
        }
    }
    libraries
}
