//! Where in the tree a policy counts.

use super::ids::{FolderId, OrganizationId, PolicyId};

/// Some assets in use, told by where they hang.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of them.
    Everywhere,
    /// Those of some organizations, those in some folders, and those that have a policy of their own.
    Places {
        /// With all of their folders.
        organizations: Vec<OrganizationId>,
        /// Beside these organizations.
        folders: Vec<FolderId>,
        /// The policy that assets themselves have.
        policy: Option<PolicyId>,
    },
}

/// For which organizations the portal is published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PublishedFor {
    /// For all but these.
    AllBut(Vec<OrganizationId>),
    /// For these alone.
    NoneBut(Vec<OrganizationId>),
}

impl Reach {
    /// All assets of one organization, or of all.
    pub fn of(organization: Option<OrganizationId>) -> Self {
        organization.map_or(Self::Everywhere, |id| Self::Places {
            organizations: vec![id],
            folders: Vec::new(),
            policy: None,
        })
    }
}
