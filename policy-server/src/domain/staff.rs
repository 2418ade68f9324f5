//! Staff: their passwords, sessions and second factor, as far as rules go.

use std::time::Duration;

use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

/// The shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2: 15 where it stands alone).
pub const MIN_PASSWORD: usize = 15;
/// The longest password, in bytes: hashing takes time.
pub const MAX_PASSWORD: usize = 1024;
/// How long a link to set a password counts.
pub const LINK_LIFETIME: Duration = Duration::from_hours(72);
/// How long a signed-in session holds at most.
pub const SESSION_LIFETIME: Duration = Duration::from_hours(12);
/// How long it holds unused.
pub const SESSION_IDLE: Duration = Duration::from_hours(2);
/// How long somebody who gave the password may take to give the code.
pub const SECOND_FACTOR_TIME: Duration = Duration::from_mins(5);
/// How many seconds a code of an authenticator lasts (RFC 6238 §4.1).
pub const TOTP_STEP_SECONDS: u64 = 30;

/// How far a session has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SessionStep {
    /// The password was right; the code of the authenticator is awaited.
    SecondFactor,
    /// Signed in.
    SignedIn,
}

/// Whether a session still holds.
pub fn holds(step: SessionStep, created_at: UnixMillis, used_at: UnixMillis, now: UnixMillis) -> bool {
    let within = |since: UnixMillis, time: Duration| {
        now.saturating_sub(since) < UnixMillis::try_from(time.as_millis()).unwrap_or(UnixMillis::MAX)
    };
    match step {
        SessionStep::SecondFactor => within(created_at, SECOND_FACTOR_TIME),
        SessionStep::SignedIn => within(created_at, SESSION_LIFETIME) && within(used_at, SESSION_IDLE),
    }
}

/// The form in which e-mail addresses of staff are compared: without surrounding white space, in lower case.
pub fn email_key(email: &str) -> String {
    email.trim().to_lowercase()
}

/// A password that can be taken, or what would be right.
pub fn new_password(text: &str, email: &str) -> Result<String, String> {
    let length = text.chars().count();
    if length < MIN_PASSWORD {
        return Err(format!(
            "must have at least {MIN_PASSWORD} characters; a few words that you can remember are good"
        ));
    }
    if text.len() > MAX_PASSWORD {
        return Err(format!("must have at most {MAX_PASSWORD} bytes"));
    }
    let key = text.to_lowercase();
    let different = key.chars().collect::<std::collections::BTreeSet<_>>().len();
    if different < 5 || key.contains(&email_key(email)) {
        return Err("must not be one character over and over, nor contain your e-mail address".into());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: UnixMillis = 60_000;

    #[test]
    fn a_session_ends_unused_after_two_hours_and_in_any_case_after_twelve() {
        use SessionStep::{SecondFactor, SignedIn};
        for (step, created_at, used_at, now, held) in [
            (SignedIn, 0, 0, 120 * MINUTE - 1, true),
            (SignedIn, 0, 0, 120 * MINUTE, false),
            (SignedIn, 0, 700 * MINUTE, 720 * MINUTE - 1, true),
            (SignedIn, 0, 719 * MINUTE, 720 * MINUTE, false),
            (SecondFactor, 0, 0, 5 * MINUTE - 1, true),
            (SecondFactor, 0, 4 * MINUTE, 5 * MINUTE, false),
        ] {
            assert_eq!(holds(step, created_at, used_at, now), held, "{step:?} {created_at} {used_at} {now}");
        }
    }

    #[test]
    fn a_password_is_long_and_neither_the_address_nor_one_character() {
        assert!(new_password("correct horse battery", "kim@msp.example").is_ok());
        for bad in ["short", "aaaaaaaaaaaaaaaaaaaa", "kim@msp.example!!", &"x1y2z3".repeat(200)] {
            assert!(new_password(bad, "Kim@msp.example").is_err(), "{bad}");
        }
    }
}
