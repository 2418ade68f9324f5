//! Where the agent keeps its files: the system's folders, or all of them under one root (`--root`, for tests and demos).

use std::path::{Path, PathBuf};

use crate::platform;

/// The places of one agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paths {
    /// The administrator's configuration, `agent.toml`.
    pub config: PathBuf,
    /// An enrollment token that the service uses and then removes.
    pub enrollment_token: PathBuf,
    /// The folder of the identity and the cached policy; only the service's account may enter it.
    pub state: PathBuf,
    /// The socket or pipe between service, trays and command line.
    pub socket: PathBuf,
    /// Held by the running service. Outside of `state`, so that an agent whose state became read-only still starts.
    pub lock: PathBuf,
    /// Below it the computer describes itself: machine id and firmware.
    pub machine: PathBuf,
}

impl Paths {
    /// The system's folders, or `root` for all of them.
    pub fn new(root: Option<&Path>) -> Self {
        root.map_or_else(platform::system_paths, Self::under)
    }

    fn under(root: &Path) -> Self {
        Self {
            config: root.join("agent.toml"),
            enrollment_token: root.join("enrollment-token"),
            state: root.join("state"),
            socket: platform::socket_below(root),
            lock: root.join("agent.lock"),
            machine: platform::machine_folder(root),
        }
    }

    /// Who this computer is to the server.
    pub fn identity(&self) -> PathBuf {
        self.state.join("identity.json")
    }

    /// The folder of the policy's icons.
    pub fn icons(&self) -> PathBuf {
        self.state.join("icons")
    }

    /// The last policy that arrived.
    pub fn policy(&self) -> PathBuf {
        self.state.join("policy.json")
    }
}
