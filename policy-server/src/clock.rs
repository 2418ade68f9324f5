//! The time, read at the edge: the system's, or one that a test sets.

use std::{
    sync::atomic::{AtomicI64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

use deskbell_protocol::UnixMillis;

/// Tells the time.
pub trait Clock: Send + Sync {
    /// Whole milliseconds since 1970-01-01 00:00 UTC.
    fn now(&self) -> UnixMillis;
}

/// The computer's clock.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the server reads the clock")]
    fn now(&self) -> UnixMillis {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        UnixMillis::try_from(since_epoch.as_millis()).unwrap_or(UnixMillis::MAX)
    }
}

/// A clock that stands still until it is moved.
#[derive(Debug, Default)]
pub struct ManualClock(AtomicI64);

impl ManualClock {
    /// A clock that shows `now`.
    pub fn at(now: UnixMillis) -> Self {
        Self(AtomicI64::new(now))
    }

    /// Moves the clock forward.
    pub fn advance(&self, by: std::time::Duration) {
        self.0.fetch_add(UnixMillis::try_from(by.as_millis()).unwrap_or(UnixMillis::MAX), Ordering::SeqCst);
    }

    /// Sets the clock back.
    pub fn set_back(&self, by: std::time::Duration) {
        self.0.fetch_sub(UnixMillis::try_from(by.as_millis()).unwrap_or(UnixMillis::MAX), Ordering::SeqCst);
    }
}

impl Clock for ManualClock {
    fn now(&self) -> UnixMillis {
        self.0.load(Ordering::SeqCst)
    }
}
