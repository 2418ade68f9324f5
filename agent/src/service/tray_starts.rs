//! When to start a tray in a session that has none, where the service does that: a little later, since the system starts
//! one at each log-on as well, and ever more rarely where one ends soon after its start.

use std::{collections::BTreeMap, time::Duration};

use deskbell_protocol::UnixMillis;

use crate::service::pause::Pause;

/// How long a session may have no tray before one is started.
const GRACE_MILLIS: i64 = 3000;
const FIRST_BACKOFF_MILLIS: i64 = 1000;
const LONGEST_BACKOFF_MILLIS: i64 = 5 * 60 * 1000;
/// A tray that is there so long after its start did not crash at its start.
const SETTLED_MILLIS: i64 = 60_000;

/// The sessions without a tray, and those in which one was just started.
#[derive(Debug, Default)]
pub struct TrayStarts {
    sessions: BTreeMap<String, Attempts>,
    /// When the wait that was asked for is over.
    waiting_until: Option<UnixMillis>,
}

#[derive(Debug)]
struct Attempts {
    due: UnixMillis,
    last: Option<UnixMillis>,
    count: u32,
}

impl TrayStarts {
    /// How long to wait before [`TrayStarts::take`], if that is another wait than the one that is under way. `without` are
    /// the sessions that have no tray.
    pub fn pause(&mut self, now: UnixMillis, without: &[String]) -> Option<Pause> {
        let is_recent = |attempts: &Attempts| attempts.last.is_some_and(|last| (now - last).abs() < SETTLED_MILLIS);
        self.sessions.retain(|id, attempts| without.contains(id) || is_recent(attempts));
        for id in without {
            let new = || Attempts { due: now + GRACE_MILLIS, last: None, count: 0 };
            self.sessions.entry(id.clone()).or_insert_with(new);
        }
        let next = without.iter().filter_map(|id| self.sessions.get(id)).map(|attempts| attempts.due).min();
        if next == self.waiting_until {
            return None;
        }
        self.waiting_until = next;
        let wait = Duration::from_millis(u64::try_from(next? - now).unwrap_or_default());
        Some(Pause { at_least: wait, at_most: wait })
    }

    /// A wait is over: the sessions in which to start a tray at `now`.
    pub fn take(&mut self, now: UnixMillis, without: &[String]) -> Vec<String> {
        self.waiting_until = None;
        let mut due = Vec::new();
        for (id, attempts) in &mut self.sessions {
            if !without.contains(id) || attempts.due > now {
                continue;
            }
            let backoff = FIRST_BACKOFF_MILLIS << attempts.count.min(16);
            attempts.count += 1;
            attempts.last = Some(now);
            attempts.due = now + backoff.min(LONGEST_BACKOFF_MILLIS);
            due.push(id.clone());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| (*id).to_owned()).collect()
    }

    fn millis(millis: u64) -> Pause {
        let wait = Duration::from_millis(millis);
        Pause { at_least: wait, at_most: wait }
    }

    /// AGT-01, AGT-16: each session without a tray gets one, and one that has it gets no other.
    #[test]
    fn a_session_without_a_tray_gets_one_after_a_moment() {
        let mut starts = TrayStarts::default();
        assert_eq!(starts.pause(0, &ids(&["1"])), Some(millis(3000)));
        assert_eq!(starts.pause(10, &ids(&["1", "2"])), None);
        assert_eq!(starts.take(3000, &ids(&["1", "2"])), ids(&["1"]));
        assert_eq!(starts.pause(3000, &ids(&["2"])), Some(millis(10)));
        assert_eq!(starts.take(3010, &ids(&["2"])), ids(&["2"]));
        assert_eq!(starts.pause(3020, &[]), None);
    }

    #[test]
    fn the_tray_that_the_system_starts_at_log_on_is_enough() {
        let mut starts = TrayStarts::default();
        let _ = starts.pause(0, &ids(&["1"]));
        assert_eq!(starts.pause(500, &[]), None);
        assert_eq!(starts.take(3000, &[]), ids(&[]));
    }

    #[test]
    fn a_tray_that_ends_at_once_is_started_ever_more_rarely_and_again_soon_after_it_has_settled() {
        let mut starts = TrayStarts::default();
        let without = ids(&["1"]);
        let _ = starts.pause(0, &without);
        let mut now = 3000;
        let mut waits = Vec::new();
        for _ in 0..12 {
            assert_eq!(starts.take(now, &without), without);
            let wait = starts.pause(now, &without).expect("a wait").at_least;
            waits.push(wait.as_secs());
            now += i64::try_from(wait.as_millis()).expect("a wait");
        }
        assert_eq!(waits, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);

        assert_eq!(starts.take(now, &without), without);
        let _ = starts.pause(now + SETTLED_MILLIS, &[]);
        assert_eq!(starts.pause(now + SETTLED_MILLIS, &without), Some(millis(3000)));
    }

    #[test]
    fn a_clock_set_back_starts_no_tray_twice_at_once() {
        let mut starts = TrayStarts::default();
        let _ = starts.pause(1_000_000, &ids(&["1"]));
        assert_eq!(starts.take(0, &ids(&["1"])), ids(&[]));
    }
}
