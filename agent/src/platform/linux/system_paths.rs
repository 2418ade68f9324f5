//! The folders of the FHS.

use std::path::PathBuf;

use crate::paths::Paths;

/// Where a packaged agent keeps its files.
pub fn system_paths() -> Paths {
    Paths {
        config: PathBuf::from("/etc/deskbell/agent.toml"),
        enrollment_token: PathBuf::from("/etc/deskbell/enrollment-token"),
        state: PathBuf::from("/var/lib/deskbell-agent"),
        socket: PathBuf::from("/run/deskbell/agent.sock"),
        lock: PathBuf::from("/run/deskbell/agent.lock"),
        machine: PathBuf::from("/"),
    }
}
