//! The log: the system's own, for whatever launchd started; standard error for somebody who started the program by hand.
//!
//! The system keeps, rotates and collects it, and has one for the service and for the trays of every session, whose
//! programs may write to no file of the service's. A file would have to be opened anew when it is rotated.

use std::{
    ffi::OsStr,
    io::{self, Write},
    os::unix::ffi::OsStrExt as _,
};

use nix::{
    syslog::{Facility, Priority, Severity, syslog},
    unistd::getppid,
};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// Where log lines go.
pub fn log_writer() -> LogWriter {
    if getppid().as_raw() == 1 { LogWriter::SystemLog } else { LogWriter::StandardError }
}

/// Takes log lines.
#[derive(Debug, Clone, Copy)]
pub enum LogWriter {
    /// For somebody who started the program by hand.
    StandardError,
    /// For the administrator: `log show --predicate 'process BEGINSWITH "deskbell"'`.
    SystemLog,
}

/// Takes one log line.
#[derive(Debug)]
pub struct LineWriter {
    to: LogWriter,
    severity: Severity,
}

impl MakeWriter<'_> for LogWriter {
    type Writer = LineWriter;

    fn make_writer(&self) -> LineWriter {
        LineWriter { to: *self, severity: Severity::LOG_NOTICE }
    }

    fn make_writer_for(&self, line: &Metadata<'_>) -> LineWriter {
        let severity = match *line.level() {
            Level::ERROR => Severity::LOG_ERR,
            Level::WARN => Severity::LOG_WARNING,
            // The system forgets what is less than a notice.
            Level::INFO => Severity::LOG_NOTICE,
            Level::DEBUG | Level::TRACE => Severity::LOG_DEBUG,
        };
        LineWriter { to: *self, severity }
    }
}

impl Write for LineWriter {
    /// Each line comes whole, in one call.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let LogWriter::SystemLog = self.to else { return io::stderr().write(line) };
        let text = OsStr::from_bytes(line.trim_ascii_end());
        syslog(Priority::new(self.severity, Facility::LOG_DAEMON), text)?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
