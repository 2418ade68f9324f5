//! Random moments that can be had again, and how many of them a run tries.

use std::{env, sync::Mutex, time::Duration};

/// What is drawn from when nobody says otherwise.
const SEED: u64 = 20_261_123;

/// A source of random moments, the same for the same seed.
#[derive(Debug)]
pub struct Chance(Mutex<u64>);

impl Chance {
    /// Draws from `DESKBELL_SEED`, or from a fixed seed; it says which.
    pub fn announced() -> Self {
        let seed = env::var("DESKBELL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
        eprintln!("seed {seed}: DESKBELL_SEED={seed} draws the same moments again");
        Self(Mutex::new(seed))
    }

    /// A moment from now until `limit`.
    pub fn up_to(&self, limit: Duration) -> Duration {
        let mut state = self.0.lock().expect("nothing panics while drawing");
        // SplitMix64, by Sebastiano Vigna: public domain.
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut drawn = *state;
        drawn = (drawn ^ (drawn >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        drawn = (drawn ^ (drawn >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let microseconds = u64::try_from(limit.as_micros()).unwrap_or(u64::MAX).max(1);
        Duration::from_micros((drawn ^ (drawn >> 31)) % microseconds)
    }
}

/// How often a fault is tried: 50 times, 1,000 with `tests/run --long`.
pub fn rounds() -> usize {
    if env::var_os("DESKBELL_LONG").is_some() { 1000 } else { 50 }
}
