//! The person's browser: `$BROWSER`, if that names a program, else what the person chose for the link's kind.
#![expect(unsafe_code, reason = "the system's call for opening links")]

use std::{
    io,
    process::{Command, Stdio},
    ptr::{null, null_mut},
};

use windows_sys::Win32::UI::{Shell::ShellExecuteW, WindowsAndMessaging::SW_SHOWNORMAL};

use crate::platform::windows::wide;

/// Below it, what the system's call returns is an error.
const FIRST_SUCCESS: usize = 33;

/// Opens `url` with the program that `preference` names, else as the person's settings say.
pub fn open_with(preference: &str, url: &str) -> io::Result<()> {
    if !preference.is_empty() && start(preference, url).is_ok() {
        return Ok(());
    }
    // SAFETY: every text ends with a zero. What is opened is a link, never a program: its scheme is one of a policy's.
    let opened =
        unsafe { ShellExecuteW(null_mut(), wide("open").as_ptr(), wide(url).as_ptr(), null(), null(), SW_SHOWNORMAL) };
    if opened as usize >= FIRST_SUCCESS { Ok(()) } else { Err(io::Error::last_os_error()) }
}

fn start(program: &str, url: &str) -> io::Result<()> {
    Command::new(program).arg(url).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}
