//! Service and tray as processes of systemd and of a parent.

use std::io;

use nix::{
    sys::{prctl, signal::Signal},
    unistd::getppid,
};

/// What starts the service, in an administrator's words to a shell.
pub const START_SERVICE: &str = "systemctl start deskbell-agent";
/// What ends it and starts it.
pub const RESTART_SERVICE: &str = "systemctl restart deskbell-agent";
/// What ends it.
pub const STOP_SERVICE: &str = "systemctl stop deskbell-agent";

/// Where log lines go: to standard error, where service manager and session collect them.
pub fn log_writer() -> fn() -> io::Stderr {
    io::stderr
}

/// Ends this program when its parent, which has the process id `parent`, ends.
pub fn end_with(parent: u32) -> io::Result<()> {
    prctl::set_pdeathsig(Signal::SIGTERM)?;
    // The parent may have ended before.
    if u32::try_from(getppid().as_raw()) == Ok(parent) {
        return Ok(());
    }
    Err(io::Error::other("the parent has ended"))
}
