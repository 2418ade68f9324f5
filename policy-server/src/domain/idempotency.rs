//! Requests that may be sent again and are carried out once (draft-ietf-httpapi-idempotency-key-header).

use std::time::Duration;

use deskbell_protocol::UnixMillis;

use crate::domain::delivery::millis;

/// How long a key is known.
pub const KNOWN_FOR: Duration = Duration::from_hours(24);
/// How long a request is waited for that has not come to its end. One that takes longer is begun anew, and then cannot come to
/// its end any more.
pub const LEASE: Duration = Duration::from_secs(10);
/// The longest key.
const MAX_KEY: usize = 255;

/// What is known of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Whether it came with the same method, path and body.
    pub is_same: bool,
    /// When it was begun.
    pub begun_at: UnixMillis,
    /// Whether it came to its end.
    pub has_ended: bool,
    /// Whether it changed something.
    pub has_changed: bool,
}

/// What to do about a request whose key is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// The key is another request's.
    Refuse,
    /// It came to its end: what it was answered with is its answer again.
    AnswerAgain,
    /// It is being carried out.
    Wait,
    /// Whoever carried it out is gone, and it changed nothing.
    BeginAnew,
}

impl Known {
    /// What to do now. A request that changed something is over, even if nobody was left to answer.
    pub fn verdict(self, now: UnixMillis) -> Verdict {
        if !self.is_same {
            Verdict::Refuse
        } else if self.has_ended {
            Verdict::AnswerAgain
        } else if now.saturating_sub(self.begun_at) < millis(LEASE) {
            Verdict::Wait
        } else if self.has_changed {
            Verdict::AnswerAgain
        } else {
            Verdict::BeginAnew
        }
    }
}

/// The key in a header, with the quotes of the draft or without: 1 to 255 visible characters of ASCII.
pub fn key(header: &str) -> Option<&str> {
    let key = header.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(header);
    ((1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())).then_some(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_that_is_sent_again_is_carried_out_once() {
        let fresh = Known { is_same: true, begun_at: 0, has_ended: false, has_changed: false };
        let late = millis(LEASE);
        for (known, now, verdict) in [
            (Known { is_same: false, has_ended: true, ..fresh }, 0, Verdict::Refuse),
            (Known { has_ended: true, ..fresh }, 0, Verdict::AnswerAgain),
            (fresh, late - 1, Verdict::Wait),
            (Known { has_changed: true, ..fresh }, late - 1, Verdict::Wait),
            (Known { has_changed: true, ..fresh }, late, Verdict::AnswerAgain),
            (fresh, late, Verdict::BeginAnew),
        ] {
            assert_eq!(known.verdict(now), verdict, "{known:?} {now}");
        }
    }

    #[test]
    fn a_key_is_what_is_between_the_quotes() {
        assert_eq!(key("\"8e03978e-40d5\""), Some("8e03978e-40d5"));
        assert_eq!(key("8e03978e-40d5"), Some("8e03978e-40d5"));
        for bad in ["", "\"\"", "a b", "ä", &"x".repeat(256)] {
            assert_eq!(key(bad), None, "{bad}");
        }
    }
}
