//! Brings the tray back after a crash or an upgrade, in every desktop alike. Runs as the person, never as root.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::Context as _;
use tracing::{info, warn};

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_mins(1);
/// A tray that ran for so long did not crash at its start.
const SETTLED: Duration = Duration::from_mins(1);

/// What to do after the child ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// End as well.
    End,
    /// Start it again after so long.
    Restart(Duration),
}

/// Starts the tray as a child, and again whenever it crashes or is upgraded, until it ends in good order.
#[expect(clippy::disallowed_methods, reason = "a pause between two starts is not the wait for an event")]
pub fn keep(root: Option<&Path>) -> anyhow::Result<()> {
    // Found while it is the one that was started: after an upgrade, another program has this path.
    let program = std::env::current_exe().context("finding the own program")?;
    let mut failures = 0;
    loop {
        let mut command = Command::new(&program);
        command.arg("--child-of").arg(std::process::id().to_string()).stdin(Stdio::null());
        if let Some(root) = root {
            command.arg("--root").arg(root);
        }
        let started = Instant::now();
        let ended = command.status().with_context(|| format!("running {}", program.display()))?;
        if started.elapsed() >= SETTLED {
            failures = 0;
        }
        match next(ended.code(), failures) {
            Next::End => return Ok(()),
            Next::Restart(pause) => {
                warn!(%ended, pause_ms = pause.as_millis(), "The tray ended; it is started again");
                thread::sleep(pause);
            }
        }
        failures += 1;
        info!("The tray is started again");
    }
}

fn next(exit_code: Option<i32>, failures: u32) -> Next {
    if exit_code == Some(0) {
        return Next::End;
    }
    let factor = 2_u32.saturating_pow(failures);
    Next::Restart(FIRST_WAIT.saturating_mul(factor).min(LONGEST_WAIT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tray::RESTART;

    #[test]
    fn only_a_tray_that_was_told_to_end_stays_away() {
        assert_eq!(next(Some(0), 0), Next::End);
        for ended in [None, Some(1), Some(101), Some(i32::from(RESTART))] {
            assert_eq!(next(ended, 0), Next::Restart(FIRST_WAIT), "{ended:?}");
        }
    }

    #[test]
    fn a_tray_that_crashes_at_once_is_started_ever_more_rarely() {
        let pauses = [0, 1, 5, 6, 1000].map(|failures| next(None, failures));
        let seconds = [1, 2, 32, 60, 60].map(|seconds| Next::Restart(Duration::from_secs(seconds)));
        assert_eq!(pauses, seconds);
    }
}
