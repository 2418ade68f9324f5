//! Limits on what people in the portal, and before its doors, can make the server do (S10). This server counts, in memory;
//! nothing that a request says of itself moves them.

use std::{
    hash::Hash,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use deskbell_protocol::UnixMillis;

use crate::domain::{
    attempts::Attempts,
    ids::{OrganizationId, PortalUserId},
    network::counted_as,
};

/// Sessions that the link of one organization begins for one address: an office shares its address.
const SESSIONS_HERE: usize = 100;
/// Sessions that it begins for all of them together.
const SESSIONS: usize = 300;
/// Tickets that come by that link from one address.
const TICKETS_HERE: usize = 30;
/// Tickets that come by it from all of them together.
const TICKETS: usize = 100;

/// Mails to the people of one organization that anybody can have sent, whoever asks and from wherever.
const MAILS: usize = 300;
/// Names that one portal user types and nobody of their organization has.
const UNKNOWN_NAMES: usize = 30;

/// All of them.
#[derive(Debug)]
pub struct Limits {
    /// Sessions begun by the link of an organization.
    pub link_sessions: ByLink,
    /// Tickets sent in such sessions.
    pub link_tickets: ByLink,
    /// Mails that the portal's doors send to one organization's people.
    pub mails: Limit<OrganizationId>,
    /// Names of colleagues that were guessed.
    pub unknown_names: Limit<PortalUserId>,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            link_sessions: ByLink::allowing(SESSIONS_HERE, SESSIONS),
            link_tickets: ByLink::allowing(TICKETS_HERE, TICKETS),
            mails: Limit::allowing(MAILS),
            unknown_names: Limit::allowing(UNKNOWN_NAMES),
        }
    }
}

/// How often somebody may do something.
#[derive(Debug)]
pub struct Limit<K>(Mutex<Attempts<K>>);

impl<K: Eq + Hash> Limit<K> {
    fn allowing(allowed: usize) -> Self {
        Self(Mutex::new(Attempts::new(allowed)))
    }

    /// Whether it may be done once more, which then counts.
    pub fn takes(&self, key: K, now: UnixMillis) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).takes(key, now)
    }

    /// What was taken last does not count after all.
    pub fn gives_back(&self, key: &K) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).gives_back(key);
    }
}

/// What comes by the links of organizations.
#[derive(Debug)]
pub struct ByLink(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    here: Attempts<(OrganizationId, IpAddr)>,
    organization: Attempts<OrganizationId>,
}

impl ByLink {
    fn allowing(here: usize, organization: usize) -> Self {
        Self(Mutex::new(Counts { here: Attempts::new(here), organization: Attempts::new(organization) }))
    }

    /// Whether one more is let through, which then counts.
    pub fn takes(&self, organization: OrganizationId, address: IpAddr, now: UnixMillis) -> bool {
        let address = counted_as(address);
        let Counts { here, organization: all } = &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // What is refused to one address uses up nothing of the others.
        all.lets_through(&organization, now) && here.takes((organization, address), now) && all.takes(organization, now)
    }
}
