//! Who sees which ticket (invariant 7). The store takes a [`TicketScope`] with every question about tickets and adds it
//! to the query, so no handler can get one without saying for whom.

use crate::domain::ids::{AssetId, EndUserId};

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
}

impl TicketScope {
    /// Whether notes among the staff are seen, beside replies (invariant 9).
    pub fn sees_notes(self) -> bool {
        match self {
            Self::Automation | Self::Staff => true,
            Self::AssetSession { .. } => false,
        }
    }
}
