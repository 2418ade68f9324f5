//! How often a secret may be guessed: wrong tries are counted for whatever is tried at, and for whoever tries.

use std::{collections::HashMap, hash::Hash, time::Duration};

use deskbell_protocol::UnixMillis;

/// How long a wrong try counts.
pub const SPAN: Duration = Duration::from_mins(15);
/// At most this many keys are kept; beyond, those that no longer count are dropped.
const KEPT: usize = 10_000;

/// Wrong tries of the last [`SPAN`], by key.
#[derive(Debug)]
pub struct Attempts<K> {
    allowed: usize,
    wrong: HashMap<K, Vec<UnixMillis>>,
}

impl<K: Eq + Hash> Attempts<K> {
    /// Lets `allowed` wrong tries through in any [`SPAN`].
    pub fn new(allowed: usize) -> Self {
        Self { allowed, wrong: HashMap::new() }
    }

    /// Whether one more try is let through.
    pub fn lets_through(&self, key: &K, now: UnixMillis) -> bool {
        self.wrong.get(key).is_none_or(|tries| tries.iter().filter(|at| counts(**at, now)).count() < self.allowed)
    }

    /// Whether one more try is let through, which counts, whatever becomes of it.
    pub fn takes(&mut self, key: K, now: UnixMillis) -> bool {
        let takes = self.lets_through(&key, now);
        if takes {
            self.was_wrong(key, now);
        }
        takes
    }

    /// The last try that was let through does not count after all.
    pub fn gives_back(&mut self, key: &K) {
        if let Some(tries) = self.wrong.get_mut(key) {
            tries.pop();
        }
    }

    /// Counts a wrong try.
    pub fn was_wrong(&mut self, key: K, now: UnixMillis) {
        if self.wrong.len() >= KEPT {
            self.wrong.retain(|_, tries| tries.iter().any(|at| counts(*at, now)));
        }
        let tries = self.wrong.entry(key).or_default();
        tries.retain(|at| counts(*at, now));
        if tries.len() < self.allowed {
            tries.push(now);
        }
    }

    /// Forgets the wrong tries before a right one.
    pub fn was_right(&mut self, key: &K) {
        self.wrong.remove(key);
    }
}

fn counts(at: UnixMillis, now: UnixMillis) -> bool {
    now.saturating_sub(at) < UnixMillis::try_from(SPAN.as_millis()).unwrap_or(UnixMillis::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn after_too_many_wrong_tries_a_key_waits_and_others_do_not() {
        let mut attempts = Attempts::new(2);
        attempts.was_wrong("kim", 0);
        assert!(attempts.lets_through(&"kim", 1));
        attempts.was_wrong("kim", 1000);
        assert!(!attempts.lets_through(&"kim", 1001) && attempts.lets_through(&"lee", 1001));
        assert!(attempts.lets_through(&"kim", 900_000), "the first try no longer counts");
    }

    #[test]
    fn what_is_given_back_does_not_count() {
        let mut attempts = Attempts::new(2);
        assert!(attempts.takes("kim", 0) && attempts.takes("kim", 1) && !attempts.takes("kim", 2));
        attempts.gives_back(&"kim");
        attempts.gives_back(&"lee");
        assert!(attempts.takes("kim", 3) && !attempts.takes("kim", 4) && attempts.takes("lee", 4));
    }

    #[test]
    fn a_right_try_forgets_the_wrong_ones() {
        let mut attempts = Attempts::new(1);
        attempts.was_wrong("kim", 0);
        attempts.was_right(&"kim");
        assert!(attempts.lets_through(&"kim", 1));
    }
}
