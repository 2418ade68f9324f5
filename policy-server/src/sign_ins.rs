//! Limits on guessing passwords and codes, and on mails that anybody can have sent.

use std::{
    collections::HashSet,
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use deskbell_protocol::UnixMillis;

use crate::domain::{attempts::Attempts, network::counted_as, staff::email_key};

/// Wrong tries at one account from one address.
const HERE: usize = 5;
/// Wrong tries at one account from anywhere: many addresses together must not guess, nor may one lock somebody out early.
const ACCOUNT: usize = 50;
/// Wrong tries from one address at any account: an office shares its address.
const ADDRESS: usize = 100;
/// Wrong tries from one address at any account of the portal, where offices are larger than the MSP's.
const PORTAL_ADDRESS: usize = 300;
/// Mails that are asked for from one address: a whole office comes back from its holidays.
const MAILS_ADDRESS: usize = 200;
/// How many are remembered who signed in from where.
const KNOWN: usize = 100_000;

/// Wrong tries at signing in, of this server.
#[derive(Debug)]
pub struct SignIns(Mutex<Counts>);

#[derive(Debug)]
struct Counts {
    here: Attempts<(String, IpAddr)>,
    account: Attempts<String>,
    address: Attempts<IpAddr>,
    /// Who signed in from where: somebody else's guesses from the same address do not shut them out.
    known: HashSet<(String, IpAddr)>,
}

impl Default for SignIns {
    fn default() -> Self {
        Self::allowing(HERE, ACCOUNT, ADDRESS)
    }
}

impl SignIns {
    /// Lets so many tries through at one account from one address, at one account, and from one address.
    pub fn allowing(here: usize, account: usize, address: usize) -> Self {
        Self(Mutex::new(Counts {
            here: Attempts::new(here),
            account: Attempts::new(account),
            address: Attempts::new(address),
            known: HashSet::new(),
        }))
    }

    /// Tries at the portal.
    pub fn portal() -> Self {
        Self::allowing(HERE, ACCOUNT, PORTAL_ADDRESS)
    }

    /// Links that anybody can have mailed to an address (S10): each one asked for counts.
    pub fn mails() -> Self {
        Self::allowing(3, 5, MAILS_ADDRESS)
    }

    /// Whether one more try is let through.
    pub fn lets_through(&self, email: &str, address: IpAddr, now: UnixMillis) -> bool {
        let counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.lets_through(&email_key(email), counted_as(address), now)
    }

    /// Counts a wrong try.
    pub fn was_wrong(&self, email: &str, address: IpAddr, now: UnixMillis) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counts.was_wrong(email_key(email), counted_as(address), now);
    }

    /// Whether one more is let through, which then counts.
    pub fn takes(&self, email: &str, address: IpAddr, now: UnixMillis) -> bool {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (key, address) = (email_key(email), counted_as(address));
        let takes = counts.lets_through(&key, address, now);
        if takes {
            counts.was_wrong(key, address, now);
        }
        takes
    }

    /// Forgets the wrong tries of somebody at this address.
    pub fn was_right(&self, email: &str, address: IpAddr) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let here = (email_key(email), counted_as(address));
        counts.here.was_right(&here);
        if counts.known.len() >= KNOWN {
            counts.known.clear();
        }
        counts.known.insert(here);
    }
}

impl Counts {
    fn lets_through(&self, key: &str, address: IpAddr, now: UnixMillis) -> bool {
        let here = (key.to_owned(), address);
        (self.address.lets_through(&address, now) || self.known.contains(&here))
            && self.account.lets_through(&here.0, now)
            && self.here.lets_through(&here, now)
    }

    fn was_wrong(&mut self, key: String, address: IpAddr, now: UnixMillis) {
        self.address.was_wrong(address, now);
        self.account.was_wrong(key.clone(), now);
        self.here.was_wrong((key, address), now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u8) -> IpAddr {
        [192, 0, 2, last].into()
    }

    /// S10: an IPv6 network counts as one address, for tries and for who is known there.
    #[test]
    fn whoever_has_a_whole_network_tries_from_one_address() {
        let sign_ins = SignIns::default();
        let from = |last: u16| IpAddr::from([0x2001, 0xdb8, 1, 2, 0, 0, 0, last]);
        for n in 0..5 {
            assert!(sign_ins.lets_through("kim@msp.example", from(n), 0), "{n}");
            sign_ins.was_wrong("kim@msp.example", from(n), 0);
        }
        assert!(!sign_ins.lets_through("kim@msp.example", from(9), 0));
        sign_ins.was_right("kim@msp.example", from(10));
        assert!(sign_ins.lets_through("kim@msp.example", from(9), 0));
    }

    #[test]
    fn many_addresses_together_guess_at_an_account_fifty_times_at_most() {
        let sign_ins = SignIns::default();
        for n in 0..50 {
            assert!(sign_ins.lets_through("kim@msp.example", address(n), 0), "{n}");
            sign_ins.was_wrong(" KIM@msp.example", address(n), 0);
        }
        assert!(!sign_ins.lets_through("kim@msp.example", address(99), 0));
        assert!(sign_ins.lets_through("lee@msp.example", address(99), 0));
    }

    #[test]
    fn one_address_guesses_a_hundred_times_at_most_at_whichever_account() {
        let sign_ins = SignIns::default();
        for n in 0..100 {
            let email = format!("{n}@msp.example");
            assert!(sign_ins.lets_through(&email, address(1), 0), "{n}");
            sign_ins.was_wrong(&email, address(1), 0);
        }
        assert!(!sign_ins.lets_through("kim@msp.example", address(1), 0));
        assert!(sign_ins.lets_through("kim@msp.example", address(2), 0));
    }

    /// S10: a whole office behind one address is not shut out by one who guesses there.
    #[test]
    fn whoever_signed_in_from_an_address_still_can_after_somebody_guessed_there() {
        let sign_ins = SignIns::default();
        sign_ins.was_right("kim@msp.example", address(1));
        for n in 0..200 {
            sign_ins.was_wrong(&format!("{n}@msp.example"), address(1), 0);
        }
        assert!(sign_ins.lets_through(" Kim@msp.example", address(1), 0));
        assert!(!sign_ins.lets_through("lee@msp.example", address(1), 0));
        for _ in 0..5 {
            sign_ins.was_wrong("kim@msp.example", address(1), 0);
        }
        assert!(!sign_ins.lets_through("kim@msp.example", address(1), 0), "guesses at the account itself count");
    }

    /// Whoever has an account of their own, or waits until its owner has signed in, guesses no oftener for it.
    #[test]
    fn a_right_try_forgets_the_wrong_ones_of_this_account_from_this_address_alone() {
        let sign_ins = SignIns::default();
        for n in 0..50 {
            sign_ins.was_wrong("kim@msp.example", address(n), 0);
        }
        for n in 0..100 {
            sign_ins.was_wrong(&format!("{n}@msp.example"), address(100), 0);
        }
        for n in 0..5 {
            sign_ins.was_wrong("lee@msp.example", address(101), n);
        }
        sign_ins.was_right("kim@msp.example", address(1));
        sign_ins.was_right("lee@msp.example", address(100));
        sign_ins.was_right("lee@msp.example", address(101));
        assert!(!sign_ins.lets_through("kim@msp.example", address(1), 9));
        assert!(!sign_ins.lets_through("max@msp.example", address(100), 9));
        assert!(sign_ins.lets_through("lee@msp.example", address(100), 9), "known there");
        assert!(sign_ins.lets_through("lee@msp.example", address(101), 9));
    }
}
