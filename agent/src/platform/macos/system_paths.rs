//! The folders that Apple's File System Programming Guide names for what belongs to the whole computer.

use std::path::PathBuf;

use crate::paths::Paths;

/// Where an installed agent keeps its files. The system empties `/var/run` when it starts.
pub fn system_paths() -> Paths {
    let data = PathBuf::from("/Library/Application Support/Deskbell");
    Paths {
        config: data.join("agent.toml"),
        enrollment_token: data.join("enrollment-token"),
        state: data.join("state"),
        socket: PathBuf::from("/var/run/deskbell/agent.sock"),
        lock: PathBuf::from("/var/run/deskbell/agent.lock"),
        machine: PathBuf::new(),
    }
}
