//! What a menu line says: words of the MSP as they are, words of Deskbell as a kind that a catalog puts into a language.

use serde::{Deserialize, Serialize};

use crate::UnixMillis;

/// A line of a menu. Only [`Caption::Text`] carries words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Caption {
    /// Words of the policy, in the person's language, variables filled in.
    Text {
        /// The words.
        text: String,
    },
    /// The server has not been reached since then; the menu is the last known one.
    Offline {
        /// When the server was last known to be there.
        since: UnixMillis,
    },
    /// The server refuses this agent until it is enrolled again.
    Refused,
    /// No policy has arrived yet.
    BeingSetUp,
    /// Staff have yet to approve this computer.
    WaitingForApproval,
    /// Call the MSP at this number.
    CallSupport {
        /// As the MSP wrote it.
        phone: String,
    },
    /// Write to the MSP at this address.
    WriteToSupport {
        /// The address.
        email: String,
    },
}
