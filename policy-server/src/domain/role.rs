//! What staff and programs may do.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A role of a person at the MSP, or of a program with an API token.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Role {
    /// Everything.
    Administrator,
    /// The daily work: policies, assets, people, tickets.
    Technician,
    /// Looks, and changes nothing.
    ReadOnly,
    /// Hands mail in that came in, and nothing else; for programs alone.
    MailGateway,
}

/// What a route asks of whoever comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Permission {
    /// To see what the MSP manages.
    Look,
    /// To change it.
    Work,
    /// To decide who may come in: staff, API tokens, where data goes.
    Administer,
    /// To hand mail in that came in.
    HandMailIn,
}

impl Role {
    /// Those that people can have.
    pub const OF_STAFF: &'static [Self] = &[Self::Administrator, Self::Technician, Self::ReadOnly];

    /// Whether this role has a permission.
    pub fn may(self, permission: Permission) -> bool {
        match permission {
            Permission::Look => self != Self::MailGateway,
            Permission::Work => matches!(self, Self::Administrator | Self::Technician),
            Permission::Administer => self == Self::Administrator,
            Permission::HandMailIn => matches!(self, Self::Administrator | Self::MailGateway),
        }
    }

    /// As it stands in forms and documents.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Administrator => "Administrator",
            Self::Technician => "Technician",
            Self::ReadOnly => "Read-only",
            Self::MailGateway => "Mail gateway",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_role_may_what_the_one_below_may_and_more() {
        use Permission::{Administer, HandMailIn, Look, Work};
        let may = |role: Role| [Look, Work, Administer, HandMailIn].map(|permission| role.may(permission));
        assert_eq!(may(Role::ReadOnly), [true, false, false, false]);
        assert_eq!(may(Role::Technician), [true, true, false, false]);
        assert_eq!(may(Role::Administrator), [true, true, true, true]);
        assert_eq!(may(Role::MailGateway), [false, false, false, true]);
    }
}
