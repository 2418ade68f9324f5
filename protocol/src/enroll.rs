//! `POST /agent/v1/enroll`: a computer becomes an asset (AGT-11).

use serde::{Deserialize, Serialize};

use crate::{facts::Facts, ids::AssetId};

/// What a new agent sends.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrollRequest {
    /// The enrollment token that the administrator gave out.
    pub enrollment_token: String,
    /// A digest of what makes this machine this machine; a cloned disk has another (AGT-12). 64 hexadecimal digits.
    pub fingerprint: String,
    /// The computer's facts.
    pub facts: Facts,
    /// The folder that it shall hang in, by the names from the enrollment token's place on: `Floor 2/Reception`. Absent:
    /// that place itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// What the server made of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnrollResponse {
    /// The asset's id.
    pub asset_id: AssetId,
    /// The agent's secret from now on, a bearer token of 256 random bits. The server keeps a hash only.
    pub agent_token: String,
    /// Whether staff must approve it first.
    pub state: EnrollState,
}

/// An asset's standing right after enrollment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EnrollState {
    /// In use at once.
    Enrolled,
    /// Staff approve it first.
    WaitingForApproval,
}
