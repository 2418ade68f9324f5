//! The loop of the thread that draws: hands over what arrives, one after another, and says when a wait is over.

#[cfg(target_os = "macos")]
mod app_kit;
#[cfg(target_os = "linux")]
mod channel;
#[cfg(windows)]
mod messages;

#[cfg(target_os = "macos")]
pub(super) use app_kit::{EventLoop, Inputs};
#[cfg(target_os = "linux")]
pub(super) use channel::{EventLoop, Inputs};
#[cfg(windows)]
pub(super) use messages::{EventLoop, Inputs};
