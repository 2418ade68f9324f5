//! The person's session: its language, its one tray, and whether this program has a terminal in it.
#![expect(unsafe_code, reason = "the system's calls for languages, consoles and mutexes")]

use std::{
    io::{self, IsTerminal as _},
    os::windows::io::{FromRawHandle as _, OwnedHandle},
    path::Path,
    ptr::null,
};

use windows_sys::Win32::{
    Foundation::ERROR_ALREADY_EXISTS,
    Globalization::{GetUserPreferredUILanguages, MUI_LANGUAGE_NAME},
    System::{Console::GetConsoleProcessList, Threading::CreateMutexW},
};

use crate::platform::windows::wide;

/// More than the list of anybody's languages.
const LANGUAGE_UNITS: usize = 512;

/// The right to be the tray of this session, until it is dropped.
#[derive(Debug)]
pub struct SessionClaim(#[expect(dead_code, reason = "the open mutex is the claim")] OwnedHandle);

/// Takes the right to be this session's tray for the service at `socket`, unless another program has it.
pub fn claim_session(socket: &Path) -> io::Result<Option<SessionClaim>> {
    // `Local\` is the session's own place for names.
    let name = format!(r"Local\{}", socket.to_string_lossy().replace('\\', "-"));
    // SAFETY: the name ends with a zero.
    let mutex = unsafe { CreateMutexW(null(), 0, wide(name).as_ptr()) };
    let outcome = io::Error::last_os_error();
    if mutex.is_null() {
        return Err(outcome);
    }
    // SAFETY: it was opened above, for us.
    let claim = SessionClaim(unsafe { OwnedHandle::from_raw_handle(mutex) });
    let is_anothers = outcome.raw_os_error() == Some(ERROR_ALREADY_EXISTS.cast_signed());
    Ok((!is_anothers).then_some(claim))
}

/// The first of the person's languages, as a BCP 47 tag.
pub fn language() -> String {
    let mut languages = [0_u16; LANGUAGE_UNITS];
    let (mut count, mut length) = (0, u32::try_from(LANGUAGE_UNITS).expect("a small number"));
    // SAFETY: the buffer is as long as that.
    let found = unsafe {
        GetUserPreferredUILanguages(MUI_LANGUAGE_NAME, &raw mut count, languages.as_mut_ptr(), &raw mut length)
    };
    let first = languages.split(|unit| *unit == 0).next().unwrap_or_default();
    if found == 0 || first.is_empty() { "en".to_owned() } else { String::from_utf16_lossy(first) }
}

/// Whether a person reads what this program writes to standard error. In a console that was made for this program alone,
/// as by the Start menu, nobody does: it goes with the program.
pub fn has_terminal() -> bool {
    let mut processes = [0_u32; 2];
    // SAFETY: the list has room for two.
    let count = unsafe { GetConsoleProcessList(processes.as_mut_ptr(), 2) };
    count > 1 && io::stderr().is_terminal()
}
