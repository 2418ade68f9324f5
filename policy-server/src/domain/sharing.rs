//! Whether one agent token is used by two computers (AGT-12).
//!
//! Each start of an agent has an id of its own. After a restart, an upgrade or a change of network the one before is never
//! heard of again; two agents that run at once take turns.

use std::{collections::VecDeque, time::Duration};

use deskbell_protocol::{InstanceId, UnixMillis};

/// How often one instance must come back within [`SPAN`]. A request that was under way while its agent restarted makes
/// the old instance come back once and the new one after it; a virtual machine that was set back comes back once.
const RETURNS: usize = 3;
/// What lies further apart is not counted together; after so long without a return the sharing is over.
const SPAN: Duration = Duration::from_hours(24);
/// How many instances are remembered.
const REMEMBERED: usize = 8;

/// What an asset's agent was seen as.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sightings {
    /// The one that was seen last at the end.
    instances: VecDeque<InstanceId>,
    /// Who came back, and when.
    returns: VecDeque<(InstanceId, UnixMillis)>,
    shared: bool,
}

/// What a sighting changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sharing {
    /// Two computers use the token.
    Began,
    /// For a whole [`SPAN`] only one did.
    Ended,
}

impl Sightings {
    /// Of an asset that was marked as shared before this server started. Its day begins with the first sighting.
    pub fn of_shared() -> Self {
        Self { shared: true, ..Self::default() }
    }

    /// Notes that `instance` asked at `now`.
    pub fn note(&mut self, instance: InstanceId, now: UnixMillis) -> Option<Sharing> {
        self.returns.retain(|(_, at)| u128::from(now.abs_diff(*at)) < SPAN.as_millis());
        let begins = self.shared && self.instances.is_empty();
        if self.has_returned(instance) || begins {
            self.returns.push_back((instance, now));
        }
        if self.returns.len() > RETURNS * REMEMBERED {
            self.returns.pop_front();
        }
        let own = self.returns.iter().filter(|(returned, _)| *returned == instance).count();
        let shared = if self.shared { !self.returns.is_empty() } else { own >= RETURNS };
        let change = (shared != self.shared).then_some(if shared { Sharing::Began } else { Sharing::Ended });
        self.shared = shared;
        change
    }

    /// Whether `instance` was seen before another one was; it is the last from here on.
    fn has_returned(&mut self, instance: InstanceId) -> bool {
        if self.instances.back() == Some(&instance) {
            return false;
        }
        let place = self.instances.iter().position(|known| *known == instance);
        if let Some(place) = place {
            self.instances.remove(place);
        } else if self.instances.len() == REMEMBERED {
            self.instances.pop_front();
        }
        self.instances.push_back(instance);
        place.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: UnixMillis = 60 * 60 * 1000;

    fn instance(number: u64) -> InstanceId {
        InstanceId(number)
    }

    fn noted(sightings: &mut Sightings, numbers: &[u64], every: UnixMillis) -> Vec<Option<Sharing>> {
        let times = (0..).step_by(usize::try_from(every).expect("a step"));
        numbers.iter().zip(times).map(|(number, now)| sightings.note(instance(*number), now)).collect()
    }

    #[test]
    fn two_that_take_turns_share_an_identity_and_are_told_of_once() {
        let mut sightings = Sightings::default();
        let changes = noted(&mut sightings, &[1, 2, 1, 2, 1, 2, 1, 2, 1], 1000);
        assert_eq!(changes.iter().flatten().collect::<Vec<_>>(), [&Sharing::Began]);
        assert_eq!(changes[6], Some(Sharing::Began));
    }

    #[test]
    fn eight_clones_in_a_row_share_an_identity() {
        let numbers: Vec<_> = (0..8).cycle().take(25).collect();
        assert_eq!(noted(&mut Sightings::default(), &numbers, 1000).last(), Some(&Some(Sharing::Began)));
    }

    #[test]
    fn any_number_of_restarts_is_one_computer_even_when_each_leaves_a_late_request() {
        let restarts: Vec<_> = (1..1000).flat_map(|number| [number, number - 1, number]).collect();
        assert_eq!(noted(&mut Sightings::default(), &restarts, 1000).iter().flatten().count(), 0);
    }

    #[test]
    fn turns_that_lie_days_apart_are_no_sharing() {
        let turns = [1, 2, 1, 2, 1, 2, 1, 2, 1, 2];
        assert_eq!(noted(&mut Sightings::default(), &turns, 7 * HOUR).iter().flatten().count(), 0);
    }

    #[test]
    fn after_a_day_with_one_computer_alone_the_sharing_is_over() {
        let mut sightings = Sightings::default();
        noted(&mut sightings, &[1, 2, 1, 2, 1, 2, 1], 1000);
        assert_eq!(sightings.note(instance(1), 23 * HOUR), None);
        assert_eq!(sightings.note(instance(1), 25 * HOUR), Some(Sharing::Ended));
        assert_eq!(sightings.note(instance(1), 26 * HOUR), None);
    }

    #[test]
    fn a_mark_outlives_the_servers_restart() {
        let mut sightings = Sightings::of_shared();
        assert_eq!(sightings.note(instance(1), 100 * HOUR), None);
        assert_eq!(sightings.note(instance(1), 123 * HOUR), None);
        assert_eq!(sightings.note(instance(1), 125 * HOUR), Some(Sharing::Ended));
    }
}
