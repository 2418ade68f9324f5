//! Who may come into the portal, what they may do there, and the one-time links that let them in.

mod group;
mod step;
mod token;

use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

pub use self::{
    group::{GroupKey, GroupPermissions, PortalPermission, Roles},
    step::{Outcome, PortalMail, PortalUserEvent, Standing, StepRefusal, step},
    token::TokenPurpose,
};

/// How long a password that was mailed lets in (decision C1).
pub const GENERATED_PASSWORD_LIFETIME: Duration = Duration::from_hours(72);
/// How long a link to sign up counts.
pub const SIGN_UP_LIFETIME: Duration = Duration::from_hours(1);
/// How long a signed-in session holds at most.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);
/// How long it holds where somebody wanted to stay signed in on their computer.
pub const REMEMBERED_LIFETIME: Duration = Duration::from_hours(30 * 24);
/// How long it holds unused, where nobody wanted to stay signed in.
pub const SESSION_IDLE: Duration = Duration::from_hours(2);

/// A portal user's standing.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PortalUserState {
    /// Enabled for the tray; was never invited and cannot sign in.
    Enabled,
    /// Invited, not yet accepted.
    Invited,
    /// Can sign in.
    Active,
    /// The invitation's time is over.
    Expired,
    /// Shut out until reactivated.
    Deactivated,
}

impl PortalUserState {
    /// As it stands in addresses and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Enabled => "Enabled for the tray",
            Self::Invited => "Invited",
            Self::Active => "Active",
            Self::Expired => "Invitation expired",
            Self::Deactivated => "Deactivated",
        }
    }
}

/// What an invitation brings (decision C1).
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Default,
    Serialize,
    Deserialize,
    EnumString,
    IntoStaticStr,
    VariantArray,
    JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum InvitationBrings {
    /// A link, with which a password is set.
    #[default]
    Link,
    /// A password, which lets in once and must be changed before anything else (NAB-19).
    GeneratedPassword,
}

impl InvitationBrings {
    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// The form in which sign-in names are compared: without surrounding white space, in lower case (RS-24).
pub fn sign_in_key(name: &str) -> String {
    name.trim().to_lowercase()
}
