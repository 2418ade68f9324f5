//! What an asset is to the MSP.

use deskbell_protocol::Facts;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::domain::search::search_key;

/// An asset's standing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AssetState {
    /// Enrolled with a token that needs staff's approval.
    WaitingForApproval,
    /// In use.
    Enrolled,
    /// Out of use for good.
    Retired,
}

impl AssetState {
    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::WaitingForApproval => "Waiting for approval",
            Self::Enrolled => "In use",
            Self::Retired => "Retired",
        }
    }
}

/// In what an asset is searched for: its name, its host name and its serial number.
pub fn asset_key(name: &str, facts: &Facts) -> String {
    search_key(&[name, &facts.computer, &facts.serial])
}

/// What a line of an asset's timeline tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AssetEventKind {
    /// The asset came to be; the detail names the enrollment token.
    Enrolled,
    /// Staff approved it.
    Approved,
    /// Staff retired it.
    Retired,
    /// It was assigned; the detail is the end user's id.
    Assigned,
    /// It was unassigned; the detail is the end user's id.
    Unassigned,
    /// A click could not open the form; the detail is the reason (AGT-20).
    LaunchRefused,
    /// A ticket came from it; the detail is its number.
    TicketCreated,
    /// Two computers use its identity (AGT-12).
    SharedIdentity,
    /// For a day only one did.
    SharedIdentityEnded,
    /// It has the serial number of another asset; the detail is that asset's id.
    TakeOverProposed,
    /// Staff said that it is not that computer; the detail is the other asset's id.
    TakeOverDeclined,
    /// It took the place of another asset; the detail is that asset's id.
    TookOver,
    /// Another asset took its place; the detail is that asset's id.
    TakenOver,
}
