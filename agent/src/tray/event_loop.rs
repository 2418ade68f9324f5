//! The loop of the thread that draws: hands over what arrives, one after another, and says when a wait is over.

#[cfg(not(windows))]
mod channel;
#[cfg(windows)]
mod messages;

#[cfg(not(windows))]
pub(super) use channel::{EventLoop, Inputs};
#[cfg(windows)]
pub(super) use messages::{EventLoop, Inputs};
