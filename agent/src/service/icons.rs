//! Which of the policy's icons are here, and when to fetch one that is not.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell_protocol::{IconHash, Icons, ipc::Pictures};

use crate::service::pause::Pause;

/// The icons that are here, each a PNG under its name.
#[derive(Debug, Default)]
pub struct IconStock {
    held: BTreeMap<IconHash, Vec<u8>>,
    stage: Stage,
    failures: u32,
}

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
enum Stage {
    #[default]
    Idle,
    Waiting,
    Due,
    Fetching,
}

/// What to do for an icon that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Ask the server for it.
    Fetch(IconHash),
    /// Wait after a failure.
    Pause(Pause),
}

impl IconStock {
    /// What was kept from an earlier start.
    pub fn of(held: BTreeMap<IconHash, Vec<u8>>) -> Self {
        Self { held, ..Self::default() }
    }

    /// Forgets what another policy needed, and that fetching failed for it.
    pub fn renew(&mut self, wanted: Option<&Icons>) {
        self.held.retain(|hash, _| wanted.is_some_and(|icons| icons.hashes().any(|wanted| wanted == hash)));
        self.failures = 0;
        if self.stage != Stage::Fetching {
            self.stage = Stage::Idle;
        }
    }

    /// What to do next so that all of `wanted` are here; nothing while something is under way.
    pub fn step(&mut self, wanted: &Icons) -> Option<Step> {
        let missing = wanted.hashes().find(|hash| !self.held.contains_key(hash))?.clone();
        match self.stage {
            Stage::Waiting | Stage::Fetching => None,
            Stage::Idle if self.failures > 0 => {
                self.stage = Stage::Waiting;
                Some(Step::Pause(Pause::after_failures(self.failures, None)))
            }
            Stage::Idle | Stage::Due => {
                self.stage = Stage::Fetching;
                Some(Step::Fetch(missing))
            }
        }
    }

    /// The wait is over.
    pub fn waited(&mut self) {
        self.stage = Stage::Due;
    }

    /// The server sent an icon.
    pub fn fetched(&mut self, hash: IconHash, png: Vec<u8>) {
        self.held.insert(hash, png);
        self.failures = 0;
        self.stage = Stage::Idle;
    }

    /// It did not.
    pub fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.stage = Stage::Idle;
    }

    /// Whether every icon of `icons` is here: half of them would be the wrong one on half of the desktops.
    pub fn is_complete(&self, icons: &Icons) -> bool {
        icons.hashes().all(|hash| self.held.contains_key(hash))
    }

    /// The pictures of `icons`, as trays get them.
    pub fn pictures(&self, icons: &Icons) -> Option<Pictures> {
        let picture = |hash: &IconHash| self.held.get(hash).map(|png| STANDARD.encode(png));
        Some(Pictures { light: picture(&icons.light)?, dark: icons.dark.as_ref().and_then(picture) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(digit: &str) -> IconHash {
        digit.repeat(64).parse().expect("a hash")
    }

    fn both() -> Icons {
        Icons { light: hash("a"), dark: Some(hash("b")) }
    }

    #[test]
    fn icons_are_fetched_one_after_the_other_and_shown_when_all_are_here() {
        let mut stock = IconStock::default();
        assert_eq!(stock.step(&both()), Some(Step::Fetch(hash("a"))));
        assert_eq!(stock.step(&both()), None);
        stock.fetched(hash("a"), vec![1]);
        assert!(!stock.is_complete(&both()));
        assert_eq!(stock.step(&both()), Some(Step::Fetch(hash("b"))));
        stock.fetched(hash("b"), vec![2]);
        assert!(stock.is_complete(&both()));
        assert_eq!(stock.step(&both()), None);
        assert_eq!(stock.pictures(&both()), Some(Pictures { light: "AQ==".into(), dark: Some("Ag==".into()) }));
    }

    #[test]
    fn what_is_here_is_not_fetched() {
        let mut stock = IconStock::of([(hash("a"), vec![1]), (hash("b"), vec![2])].into());
        assert_eq!(stock.step(&both()), None);
    }

    #[test]
    fn a_failed_fetch_is_repeated_with_growing_waits_and_another_policy_does_not_wait() {
        let mut stock = IconStock::default();
        for failures in 1..4 {
            assert_eq!(stock.step(&both()), Some(Step::Fetch(hash("a"))));
            stock.failed();
            assert_eq!(stock.step(&both()), Some(Step::Pause(Pause::after_failures(failures, None))));
            assert_eq!(stock.step(&both()), None);
            stock.waited();
        }
        stock.renew(Some(&both()));
        assert_eq!(stock.step(&both()), Some(Step::Fetch(hash("a"))));
    }

    #[test]
    fn what_no_policy_needs_is_forgotten() {
        let mut stock = IconStock::of([(hash("a"), vec![1]), (hash("c"), vec![3])].into());
        stock.renew(Some(&both()));
        assert_eq!(stock.held.keys().collect::<Vec<_>>(), [&hash("a")]);
        stock.renew(None);
        assert!(stock.held.is_empty());
    }
}
