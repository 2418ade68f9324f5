//! Where log lines go: to the event log for a service, else to standard error.
#![expect(unsafe_code, reason = "the system's calls for the event log")]

use std::{
    io::{self, Write},
    ptr::null_mut,
};

use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;
use windows_registry::LOCAL_MACHINE;
use windows_sys::Win32::System::EventLog::{
    EVENTLOG_ERROR_TYPE, EVENTLOG_INFORMATION_TYPE, EVENTLOG_WARNING_TYPE, REPORT_EVENT_TYPE, RegisterEventSourceW,
    ReportEventW,
};

use crate::platform::windows::{service_process, wide};

/// Who says it, in the event log.
const SOURCE: &str = "Deskbell";
const SOURCE_KEY: &str = r"SYSTEM\CurrentControlSet\Services\EventLog\Application\Deskbell";
/// A program of Windows' own whose messages 1 to 1000 are what was said, and nothing else.
const MESSAGES: &str = r"%SystemRoot%\System32\EventCreate.exe";
const MESSAGE: u32 = 1;

/// Where log lines go.
pub fn log_writer() -> LogWriter {
    if !service_process::is_service() {
        return LogWriter::StandardError;
    }
    // An event viewer that does not find it shows the same words with an apology.
    let _ = LOCAL_MACHINE.create(SOURCE_KEY).and_then(|key| {
        key.set_expand_string("EventMessageFile", MESSAGES)?;
        key.set_u32("TypesSupported", 7)
    });
    // SAFETY: the name ends with a zero. The source is open for as long as the program runs.
    let source = unsafe { RegisterEventSourceW(null_mut(), wide(SOURCE).as_ptr()) };
    if source.is_null() { LogWriter::StandardError } else { LogWriter::EventLog(source as usize) }
}

/// Takes log lines.
#[derive(Debug, Clone, Copy)]
pub enum LogWriter {
    /// For somebody who started the program by hand.
    StandardError,
    /// For the administrator; the number is the open source.
    EventLog(usize),
}

/// Takes one log line.
#[derive(Debug)]
pub struct LineWriter {
    to: LogWriter,
    kind: REPORT_EVENT_TYPE,
}

impl MakeWriter<'_> for LogWriter {
    type Writer = LineWriter;

    fn make_writer(&self) -> LineWriter {
        LineWriter { to: *self, kind: EVENTLOG_INFORMATION_TYPE }
    }

    fn make_writer_for(&self, line: &Metadata<'_>) -> LineWriter {
        let kind = match *line.level() {
            Level::ERROR => EVENTLOG_ERROR_TYPE,
            Level::WARN => EVENTLOG_WARNING_TYPE,
            _ => EVENTLOG_INFORMATION_TYPE,
        };
        LineWriter { to: *self, kind }
    }
}

impl Write for LineWriter {
    /// Each line comes whole, in one call.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        let LogWriter::EventLog(source) = self.to else { return io::stderr().write(line) };
        let text = wide(String::from_utf8_lossy(line).trim_end());
        let texts = [text.as_ptr()];
        // SAFETY: the source is open; there is one text, which ends with a zero.
        let written =
            unsafe { ReportEventW(source as _, self.kind, 0, MESSAGE, null_mut(), 1, 0, texts.as_ptr(), null_mut()) };
        if written == 0 { Err(io::Error::last_os_error()) } else { Ok(line.len()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
