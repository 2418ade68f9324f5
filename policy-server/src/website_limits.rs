//! How many tickets come from websites: from one address, with one e-mail address, and to one portal (S11).

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use deskbell_protocol::UnixMillis;

use crate::domain::{attempts::Attempts, ids::PortalId, network::counted_as, staff::email_key};

/// From one network address; an office shares its own.
const ADDRESS: usize = 20;
/// With one e-mail address.
const EMAIL: usize = 5;
/// To one portal, from everywhere.
const PORTAL: usize = 300;

/// What came from websites of late, to this server.
#[derive(Debug)]
pub struct WebsiteLimits(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    address: Attempts<IpAddr>,
    email: Attempts<String>,
    portal: Attempts<PortalId>,
}

impl Default for WebsiteLimits {
    fn default() -> Self {
        Self(Mutex::new(Counts {
            address: Attempts::new(ADDRESS),
            email: Attempts::new(EMAIL),
            portal: Attempts::new(PORTAL),
        }))
    }
}

impl WebsiteLimits {
    /// Counts one more ticket, if there may be one.
    pub fn let_through(&self, portal: PortalId, email: &str, address: IpAddr, now: UnixMillis) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (email, address) = (email_key(email), counted_as(address));
        let may = counts.address.lets_through(&address, now)
            && counts.email.lets_through(&email, now)
            && counts.portal.lets_through(&portal, now);
        if may {
            counts.address.was_wrong(address, now);
            counts.email.was_wrong(email, now);
            counts.portal.was_wrong(portal, now);
        }
        may
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn an_address_an_e_mail_address_and_a_portal_have_their_limits() {
        let portal = PortalId(Uuid::nil());
        let from = |last: usize| IpAddr::from([192, 0, 2, u8::try_from(last).expect("small")]);
        let sent = |limits: &WebsiteLimits, portal, who: &dyn Fn(usize) -> (String, IpAddr)| {
            (0..1000).filter(|n| limits.let_through(portal, &who(*n).0, who(*n).1, 0)).count()
        };
        let limits = WebsiteLimits::default();
        assert_eq!(sent(&limits, portal, &|n| (format!("{n}@a.example"), from(1))), ADDRESS);
        assert!(limits.let_through(portal, "x@a.example", from(1), 15 * 60 * 1000), "a quarter of an hour later");
        let limits = WebsiteLimits::default();
        assert_eq!(
            sent(&limits, portal, &|n| ([" Kim@a.example", "kim@A.example"][n % 2].into(), from(n % 200))),
            EMAIL
        );
        let limits = WebsiteLimits::default();
        assert_eq!(sent(&limits, portal, &|n| (format!("{n}@a.example"), from(n % 200))), PORTAL);
        assert!(limits.let_through(PortalId(Uuid::max()), "x@a.example", from(0), 0), "another portal");
    }
}
