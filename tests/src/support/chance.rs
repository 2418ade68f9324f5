//! Random moments that can be had again, and how many of them a run tries.

use std::{env, time::Duration};

use fastrand::Rng;

/// What is drawn from when nobody says otherwise.
const SEED: u64 = 20_261_123;

/// A source of random moments, the same for the same seed.
#[derive(Debug)]
pub struct Chance(Rng);

impl Chance {
    /// Draws from `DESKBELL_SEED`, or from a fixed seed; it says which.
    pub fn announced() -> Self {
        let seed = env::var("DESKBELL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(SEED);
        eprintln!("DESKBELL_SEED={seed} draws these moments again");
        Self(Rng::with_seed(seed))
    }

    /// A moment from now until `limit`.
    pub fn up_to(&mut self, limit: Duration) -> Duration {
        limit.mul_f64(self.0.f64())
    }
}

/// How often a fault is tried: 50 times, 1,000 with `tests/run --long`.
pub fn rounds() -> usize {
    if env::var_os("DESKBELL_LONG").is_some() { 1000 } else { 50 }
}
