//! The service as a process: what the system and the command line tell it.

use std::{io, path::Path};

use nix::{
    sys::signal::{Signal, kill},
    unistd::Pid,
};
use tokio::signal::unix::{self, SignalKind};

use crate::{durable_file, platform::Order};

/// What starts the tray in the session with that name. Here it looks after itself, or launchd does.
pub const TRAY_STARTER: Option<fn(&str) -> io::Result<()>> = None;

/// Where orders arrive.
#[derive(Debug)]
pub struct Orders {
    terminate: unix::Signal,
    interrupt: unix::Signal,
    hang_up: unix::Signal,
}

impl Orders {
    /// Takes orders from here on.
    pub fn listen() -> io::Result<Self> {
        Ok(Self {
            terminate: unix::signal(SignalKind::terminate())?,
            interrupt: unix::signal(SignalKind::interrupt())?,
            hang_up: unix::signal(SignalKind::hangup())?,
        })
    }

    /// The next order.
    pub async fn next(&mut self) -> Order {
        tokio::select! {
            _ = self.terminate.recv() => Order::End,
            _ = self.interrupt.recv() => Order::End,
            _ = self.hang_up.recv() => Order::Reload,
        }
    }
}

/// Tells the service whose lock file is `lock` to read its configuration and identity again. The caller has seen that
/// the lock is held, so the number in it is the service's.
pub fn tell_service_to_reload(lock: &Path) -> io::Result<()> {
    let text = durable_file::read(lock)?.unwrap_or_default();
    let Ok(id @ 2..) = text.trim().parse::<i32>() else {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "the lock file names no process"));
    };
    kill(Pid::from_raw(id), Signal::SIGHUP).map_err(io::Error::from)
}

/// Does `work` as the service that the system started. Here, every program can be one.
pub fn run_as_service<T>(work: impl FnOnce() -> T) -> T {
    work()
}
