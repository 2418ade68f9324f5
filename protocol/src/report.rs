//! `POST /agent/v1/report`: what an agent tells of itself (AGT-08).

use serde::{Deserialize, Serialize};

use crate::facts::Facts;

/// The computer's facts and what is on the screen of each session. Sent at start and when something changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Report {
    /// The computer's facts.
    pub facts: Facts,
    /// Every session with a tray, at most 256.
    pub sessions: Vec<SessionReport>,
}

/// One person's session on the computer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SessionReport {
    /// Whose session it is.
    pub os_user: OsUser,
    /// Whether the icon is really there.
    pub tray: TrayState,
    /// Whether the keyboard shortcut works; absent where there is none (AGT-21).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shortcut: Option<ShortcutState>,
}

/// A person as the operating system's kernel names them; nothing that a program can choose.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct OsUser {
    /// Log-on name.
    pub name: String,
    /// Windows domain or computer name; empty elsewhere.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub domain: String,
    /// SID on Windows, numeric user id elsewhere.
    pub id: String,
}

/// Where a session's icon is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum TrayState {
    /// On the screen.
    Visible,
    /// In Windows 11's overflow.
    Overflow,
    /// The policy hides it.
    Hidden,
    /// The desktop has nothing that shows icons.
    NoTrayHost,
    /// The tray process ended.
    Stopped,
}

/// What became of a session's keyboard shortcut.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ShortcutState {
    /// It works.
    Ready,
    /// Another program has it.
    Taken,
    /// This desktop gives none to programs (Wayland without X), or its keyboard has no such key.
    Unavailable,
}
