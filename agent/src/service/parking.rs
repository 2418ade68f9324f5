//! How long the server is asked to keep a policy request waiting: as long as the path to it survives.

use std::time::Duration;

const SHORTEST: Duration = Duration::from_secs(20);
const AT_FIRST: Duration = Duration::from_secs(50);
const LONGEST: Duration = Duration::from_mins(30);

/// The wait that is asked for; it follows what happens to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Parking(Duration);

impl Default for Parking {
    fn default() -> Self {
        Self(AT_FIRST)
    }
}

impl Parking {
    /// The wait to ask for.
    pub fn wait(self) -> Duration {
        self.0
    }

    /// After a whole wait that nothing cut short.
    #[must_use]
    pub fn survived(self) -> Self {
        Self((self.0 * 3 / 2).min(LONGEST))
    }

    /// After a connection that was cut, or a gateway that gave up.
    #[must_use]
    pub fn cut(self) -> Self {
        Self((self.0 / 2).max(SHORTEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_grows_to_half_an_hour_while_it_survives() {
        let mut parking = Parking::default();
        assert_eq!(parking.survived().wait(), Duration::from_secs(75));
        for _ in 0..20 {
            parking = parking.survived();
        }
        assert_eq!(parking.wait(), LONGEST);
    }

    #[test]
    fn the_wait_halves_down_to_twenty_seconds_when_it_is_cut() {
        let parking = Parking::default().cut();
        assert_eq!(parking.wait(), Duration::from_secs(25));
        assert_eq!(parking.cut().wait(), SHORTEST);
        assert_eq!(parking.cut().cut().wait(), SHORTEST);
    }
}
