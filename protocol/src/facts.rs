//! What an agent knows of its computer.

use serde::{Deserialize, Serialize};

/// The computer's own facts, sent at enrollment and with reports, shown on the form and kept with each ticket. A fact
/// that cannot be read is empty or zero.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Host name.
    pub computer: String,
    /// Serial number of the system, as its firmware tells it.
    pub serial: String,
    /// Who made it.
    pub manufacturer: String,
    /// Its model.
    pub model: String,
    /// Operating system and version, such as `Debian GNU/Linux 12`.
    pub os: String,
    /// Processor architecture, such as `x86_64`.
    pub architecture: String,
    /// Processor name.
    pub processor: String,
    /// Memory, in bytes.
    pub memory_bytes: u64,
    /// Addresses, without loopback and link-local ones; at most 8.
    pub addresses: Vec<String>,
    /// Version of the agent.
    pub agent_version: String,
}
