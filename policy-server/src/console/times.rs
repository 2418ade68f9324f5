//! Times on pages: UTC, so that everybody reads them alike.

use deskbell_protocol::UnixMillis;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// A moment to the minute, such as `2026-11-23 14:05 UTC`.
pub(crate) fn moment(at: UnixMillis) -> String {
    let at = Timestamp::from_millisecond(at).unwrap_or_default();
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// The day of a moment, such as `2026-11-23`.
pub(crate) fn day(at: UnixMillis) -> String {
    Timestamp::from_millisecond(at).unwrap_or_default().strftime("%Y-%m-%d").to_string()
}

/// The beginning of a day that a date field names, such as `2026-11-23`.
pub(super) fn midnight(date: &str) -> Option<UnixMillis> {
    let day = date.parse::<Date>().ok()?.to_zoned(TimeZone::UTC).ok()?;
    Some(day.timestamp().as_millisecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_told_to_the_minute() {
        assert_eq!(moment(1_800_000_059_999), "2027-01-15 08:00 UTC");
        assert_eq!(moment(-60_000), "1969-12-31 23:59 UTC");
        assert_eq!(day(1_800_000_059_999), "2027-01-15");
    }

    #[test]
    fn a_day_begins_at_midnight_utc() {
        assert_eq!(midnight("2027-01-15"), Some(1_799_971_200_000));
        assert_eq!([midnight(""), midnight("15.1.2027"), midnight("2027-02-30")], [None, None, None]);
    }
}
