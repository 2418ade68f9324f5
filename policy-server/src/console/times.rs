//! Times on pages: UTC, so that everybody reads them alike.

use deskbell_protocol::UnixMillis;
use jiff::Timestamp;

/// A moment to the minute, such as `2026-11-23 14:05 UTC`.
pub(super) fn moment(at: UnixMillis) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_to_the_minute() {
        assert_eq!(moment(1_800_000_059_999), "2027-01-15 08:00 UTC");
        assert_eq!(moment(-60_000), "1969-12-31 23:59 UTC");
    }
}
