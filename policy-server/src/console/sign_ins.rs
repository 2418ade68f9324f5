//! Limits on guessing staff's passwords and codes.

use std::{
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use deskbell_protocol::UnixMillis;

use crate::domain::{attempts::Attempts, staff::email_key};

/// Wrong tries at one account from one address.
const HERE: usize = 5;
/// Wrong tries at one account from anywhere: many addresses together must not guess, nor may one lock somebody out early.
const ACCOUNT: usize = 50;
/// Wrong tries from one address at any account: an office shares its address.
const ADDRESS: usize = 100;

/// Wrong tries at signing in, of this server.
#[derive(Debug)]
pub struct SignIns(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    here: Attempts<(String, IpAddr)>,
    account: Attempts<String>,
    address: Attempts<IpAddr>,
}

impl Default for SignIns {
    fn default() -> Self {
        Self(Mutex::new(Counts {
            here: Attempts::new(HERE),
            account: Attempts::new(ACCOUNT),
            address: Attempts::new(ADDRESS),
        }))
    }
}

impl SignIns {
    /// Whether one more try is let through.
    pub fn lets_through(&self, email: &str, address: IpAddr, now: UnixMillis) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = email_key(email);
        counts.address.lets_through(&address, now)
            && counts.account.lets_through(&key, now)
            && counts.here.lets_through(&(key, address), now)
    }

    /// Counts a wrong try.
    pub fn was_wrong(&self, email: &str, address: IpAddr, now: UnixMillis) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = email_key(email);
        counts.address.was_wrong(address, now);
        counts.account.was_wrong(key.clone(), now);
        counts.here.was_wrong((key, address), now);
    }

    /// Forgets the wrong tries of somebody at this address.
    pub fn was_right(&self, email: &str, address: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.here.was_right(&(email_key(email), address));
    }
}
