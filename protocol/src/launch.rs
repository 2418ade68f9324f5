//! `POST /agent/v1/launch`: a click on a portal entry becomes a one-time link (AGT-10).

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{ids::EntryId, report::OsUser};

/// Which entry was chosen, by whom.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchRequest {
    /// The entry, which must be of type `portal` in the asset's effective policy.
    pub entry: EntryId,
    /// The person at the computer, as the kernel names them.
    pub os_user: OsUser,
}

/// Where the browser must go.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LaunchResponse {
    /// A link on the portal's origin, good once and for 60 seconds. It leads to the form, or to a page that says why
    /// not and whom to ask.
    pub url: Url,
    /// Why the link leads to such a page (AGT-20).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refusal: Option<Refusal>,
}

/// Why an asset cannot open the form (AGT-20).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Refusal {
    /// No end user is assigned to the asset (SYN-41).
    NoEndUser,
    /// The assigned end user is not a portal user (SYN-42).
    NotAPortalUser,
    /// The assigned end user's portal access was deactivated (SYN-42).
    Deactivated,
    /// The permission group of the assigned end user lets nobody send tickets from the tray.
    NotPermitted,
    /// The MSP has not published its portal.
    PortalNotPublished,
    /// Staff have retired the asset.
    AssetRetired,
}

impl Refusal {
    /// The refusal's name in JSON, in catalogs and in logs.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::NoEndUser => "no_end_user",
            Self::NotAPortalUser => "not_a_portal_user",
            Self::Deactivated => "deactivated",
            Self::NotPermitted => "not_permitted",
            Self::PortalNotPublished => "portal_not_published",
            Self::AssetRetired => "asset_retired",
        }
    }
}
