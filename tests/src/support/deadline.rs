//! Waits for something that is announced, never for a time to pass. A wait that fails says what was seen last.

use std::{fmt::Debug, time::Duration};

use anyhow::bail;
use tokio::{sync::watch, time::timeout};

/// For events that should take well under a second.
pub const SOON: Duration = Duration::from_secs(10);

/// For whole programs that start, on a busy machine.
pub const PATIENT: Duration = Duration::from_mins(1);

/// Waits until `holds` is true of the value that `changes` announces, and returns that value.
pub async fn until<T: Debug + Clone>(
    changes: &mut watch::Receiver<T>,
    deadline: Duration,
    what: &str,
    holds: impl FnMut(&T) -> bool,
) -> anyhow::Result<T> {
    let ended = match timeout(deadline, changes.wait_for(holds)).await {
        Ok(Ok(value)) => return Ok(value.clone()),
        Ok(Err(_)) => "nothing more will come",
        Err(_) => "the deadline is over",
    };
    bail!("waited for {what}, but {ended} ({deadline:?}); seen last:\n{:#?}", changes.borrow())
}
