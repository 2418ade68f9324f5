//! What leaves the house until the other side has answered for it: when it is tried again, and when it is given up.

use std::time::Duration;

use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// The pause after the first failure; each further one is four times as long.
const FIRST_PAUSE: Duration = Duration::from_secs(5);
/// The longest pause.
const LONGEST_PAUSE: Duration = Duration::from_hours(12);
/// How long something is tried.
pub const TRIED_FOR: Duration = Duration::from_hours(72);
/// How long another server that tries it is waited for, in case that it died.
pub const LEASE: Duration = Duration::from_mins(3);
/// The same for mails: mail servers may think for minutes about what they are sent (RFC 5321 §4.5.3.2).
pub const MAIL_LEASE: Duration = Duration::from_mins(10);

/// How far something is on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum DeliveryState {
    /// To be sent, or to be tried again.
    Waiting,
    /// The other side has answered for it.
    Delivered,
    /// It is not tried any more.
    GivenUp,
}

impl DeliveryState {
    /// As it stands on pages.
    pub fn title(self) -> &'static str {
        match self {
            Self::Waiting => "Waiting",
            Self::Delivered => "Delivered",
            Self::GivenUp => "Given up",
        }
    }
}

/// What came of an attempt, each with what the other side said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Taken.
    Delivered(String),
    /// Not taken this time.
    Failed(String),
    /// Not taken, and it never will be.
    Refused(String),
}

/// How something stands after an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// How far it is.
    pub state: DeliveryState,
    /// When it is tried next.
    pub due_at: UnixMillis,
    /// What the other side said last.
    pub answer: String,
    /// When it came to its end.
    pub ended_at: Option<UnixMillis>,
}

/// How something stands after its `attempts`-th attempt since it was queued. `chance` spreads what failed together.
pub fn standing(attempt: Attempt, attempts: i64, queued_at: UnixMillis, now: UnixMillis, chance: u8) -> Standing {
    let due_at = now.saturating_add(millis(pause(attempts, chance)));
    let (state, answer) = match attempt {
        Attempt::Delivered(answer) => (DeliveryState::Delivered, answer),
        Attempt::Refused(answer) => (DeliveryState::GivenUp, answer),
        Attempt::Failed(answer) if is_too_old(queued_at, due_at) => (DeliveryState::GivenUp, answer),
        Attempt::Failed(answer) => (DeliveryState::Waiting, answer),
    };
    let ended_at = (state != DeliveryState::Waiting).then_some(now);
    Standing { state, due_at, answer, ended_at }
}

/// Whether something has waited too long to be sent at `at`.
pub fn is_too_old(queued_at: UnixMillis, at: UnixMillis) -> bool {
    at.saturating_sub(queued_at) > millis(TRIED_FOR)
}

/// A duration as whole milliseconds.
pub fn millis(duration: Duration) -> UnixMillis {
    UnixMillis::try_from(duration.as_millis()).unwrap_or(UnixMillis::MAX)
}

/// Between half of the pause and all of it.
fn pause(attempts: i64, chance: u8) -> Duration {
    let doublings = u32::try_from(attempts.clamp(1, 12) - 1).unwrap_or(0);
    let whole = FIRST_PAUSE.saturating_mul(4_u32.saturating_pow(doublings)).min(LONGEST_PAUSE);
    whole / 2 + whole / 2 * u32::from(chance) / 255
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failed(attempts: i64, now: UnixMillis) -> Standing {
        standing(Attempt::Failed("503".into()), attempts, 0, now, 255)
    }

    #[test]
    fn each_pause_is_four_times_the_one_before_and_never_over_twelve_hours() {
        let pauses: Vec<_> = (1..=9).map(|attempts| pause(attempts, 255).as_secs()).collect();
        assert_eq!(pauses, [5, 20, 80, 320, 1280, 5120, 20480, 43200, 43200]);
        assert_eq!(pause(1, 0), FIRST_PAUSE / 2);
        assert_eq!(pause(i64::MAX, 255), LONGEST_PAUSE);
    }

    #[test]
    fn after_three_days_it_is_given_up() {
        let (mut now, mut attempts) = (0, 1);
        while failed(attempts, now).state == DeliveryState::Waiting {
            now = failed(attempts, now).due_at;
            attempts += 1;
        }
        assert!(now > millis(TRIED_FOR) - millis(LONGEST_PAUSE) && now <= millis(TRIED_FOR), "{now}");
        assert_eq!((attempts, failed(attempts, now).ended_at), (13, Some(now)));
    }

    #[test]
    fn what_was_answered_for_is_not_tried_again() {
        let taken = standing(Attempt::Delivered("204".into()), 1, 0, 7, 0);
        assert_eq!((taken.state, taken.ended_at, taken.answer.as_str()), (DeliveryState::Delivered, Some(7), "204"));
        let refused = standing(Attempt::Refused("550".into()), 1, 0, 7, 0);
        assert_eq!((refused.state, refused.ended_at), (DeliveryState::GivenUp, Some(7)));
    }
}
