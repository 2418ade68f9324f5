//! How long to wait before trying again. What is drawn at random is drawn by the loop, between the bounds given here.

use std::time::Duration;

const FIRST_BACKOFF: Duration = Duration::from_secs(1);
const LONGEST_BACKOFF: Duration = Duration::from_mins(5);

/// How often an agent whose computer was retired asks whether it still is.
const DORMANT: Duration = Duration::from_hours(1);

/// How long changes are collected before they are reported.
const COLLECT: Duration = Duration::from_secs(1);

/// A wait of at least and at most so long, any length in between as likely as another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pause {
    /// Never shorter.
    pub at_least: Duration,
    /// Never longer.
    pub at_most: Duration,
}

impl Pause {
    /// After so many failures in a row: full jitter, up to a bound that doubles from 1 s to 5 min. `retry_after` is what
    /// the server asked for.
    pub fn after_failures(failures: u32, retry_after: Option<Duration>) -> Self {
        let doublings = failures.saturating_sub(1).min(16);
        let spread = (FIRST_BACKOFF * 2_u32.pow(doublings)).min(LONGEST_BACKOFF);
        let at_least = retry_after.unwrap_or_default();
        Self { at_least, at_most: at_least + spread }
    }

    /// Of a retired computer.
    pub fn dormant() -> Self {
        Self { at_least: DORMANT, at_most: DORMANT + LONGEST_BACKOFF }
    }

    /// Before a report, so that changes that come together travel together.
    pub fn to_collect() -> Self {
        Self { at_least: COLLECT, at_most: COLLECT }
    }

    /// The wait at `position` (0 to 1) between its bounds.
    pub fn length(self, position: f64) -> Duration {
        self.at_least + self.at_most.saturating_sub(self.at_least).mul_f64(position.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_five_minutes() {
        let seconds = |failures| Pause::after_failures(failures, None).at_most.as_secs();
        assert_eq!([1, 2, 3, 4, 9, 10, u32::MAX].map(seconds), [1, 2, 4, 8, 256, 300, 300]);
    }

    #[test]
    fn a_wait_is_never_shorter_than_the_server_asked_for() {
        let pause = Pause::after_failures(1, Some(Duration::from_mins(2)));
        assert_eq!(pause.length(0.0), Duration::from_mins(2));
        assert_eq!(pause.length(1.0), Duration::from_secs(121));
    }

    #[test]
    fn without_such_a_wish_it_may_be_anything_up_to_the_bound() {
        assert_eq!(Pause::after_failures(3, None).length(0.0), Duration::ZERO);
        assert_eq!(Pause::after_failures(3, None).length(0.5), Duration::from_secs(2));
    }
}
