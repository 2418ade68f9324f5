//! Who sees which ticket (invariant 7). The store takes a [`TicketScope`] with every question about tickets and adds it
//! to the query, so no handler can get one without saying for whom.

use crate::domain::ids::{AssetId, EndUserId, OrganizationId, PortalUserId, SiteId, TicketId};

/// On whose behalf tickets are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TicketScope {
    /// A program with an API token of the MSP: every ticket.
    Automation,
    /// Somebody who works at the MSP: every ticket.
    Staff,
    /// A browser that came from a tray: what this person sent from this asset.
    AssetSession {
        /// The asset of the session.
        asset: AssetId,
        /// The requester of the session.
        requester: EndUserId,
    },
    /// A portal user who sees their own tickets: those that this person sent (RS-03), and those that they were added to. What
    /// somebody else sent from their computer under a name that nobody has checked is not theirs (decision C10).
    EndUser(EndUserId),
    /// Somebody who sees the tickets of their organization (RS-08, NAB-16).
    Organization(OrganizationView),
    /// Somebody with a link that was mailed for this one ticket (SYN-25).
    StatusLink(TicketId),
}

/// Who looks at an organization's tickets: all of them but the confidential ones of others (invariant 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OrganizationView {
    /// Whose tickets.
    pub organization: OrganizationId,
    /// Who looks; absent: whoever came by the organization's link.
    pub portal_user: Option<PortalUserId>,
    /// The end user of whoever looks.
    pub end_user: Option<EndUserId>,
    /// The site to whose people they are limited; absent: to none (NAB-27).
    pub site: Option<SiteId>,
}

/// Whose computers somebody in the portal sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ComputerScope {
    /// Those that are assigned to this person.
    EndUser(EndUserId),
    /// Those that are assigned to the people at a site.
    Site(SiteId),
    /// All of an organization.
    Organization(OrganizationId),
}

impl TicketScope {
    /// Whether notes among the staff are seen, beside replies (invariant 9).
    pub fn sees_notes(self) -> bool {
        match self {
            Self::Automation | Self::Staff => true,
            Self::AssetSession { .. } | Self::EndUser(_) | Self::Organization(_) | Self::StatusLink(_) => false,
        }
    }
}
