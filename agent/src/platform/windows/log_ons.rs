//! Who is logged on, as the system's session manager reports it.
#![expect(unsafe_code, reason = "the system's calls for sessions and processes")]

use std::{
    io,
    os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle},
    ptr::null_mut,
    slice, thread,
};

use tracing::{debug, info};
use windows_sys::Win32::{
    Foundation::{ERROR_INVALID_PARAMETER, ERROR_PRIVILEGE_NOT_HELD, WAIT_OBJECT_0},
    System::{
        RemoteDesktop::{
            WTS_CURRENT_SERVER_HANDLE, WTSEnumerateSessionsW, WTSFreeMemory, WTSGetActiveConsoleSessionId,
        },
        Threading::{OpenProcess, PROCESS_SYNCHRONIZE, WaitForSingleObject},
    },
};

use crate::{
    platform::windows::{account::Token, service_process},
    service::trays::{Session, SessionKind},
};

/// The session of services, where nobody logs on.
const SERVICES: u32 = 0;
/// What stands for a console with no session.
const NO_SESSION: u32 = u32::MAX;

/// Says which sessions there are, at once and whenever that changes, on a thread of its own, for as long as somebody
/// hears it. A service of an ordinary account may not know; it says so once.
pub fn watch_sessions(is_heard: impl Fn(Option<Vec<Session>>) -> bool + Send + 'static) -> io::Result<()> {
    let changes = service_process::session_changes();
    let watch = move || {
        let mut last = sessions();
        if last.is_none() {
            info!("This account is not told about sessions; each user counts as one");
        }
        let mut goes_on = is_heard(last.clone());
        while goes_on && changes.as_ref().is_some_and(|changes| changes.recv().is_ok()) {
            let known = sessions();
            if known != last {
                last.clone_from(&known);
                goes_on = is_heard(known);
            }
        }
    };
    thread::Builder::new().name("log-ons".into()).spawn(watch).map(drop)
}

/// Whether there is no such process any more.
pub fn has_ended(id: i32) -> bool {
    // SAFETY: takes and gives numbers; the handle is ours to close.
    let process = unsafe { OpenProcess(PROCESS_SYNCHRONIZE, 0, id.cast_unsigned()) };
    if process.is_null() {
        return io::Error::last_os_error().raw_os_error() == Some(ERROR_INVALID_PARAMETER.cast_signed());
    }
    // SAFETY: it was opened above, for us.
    let process = unsafe { OwnedHandle::from_raw_handle(process) };
    // SAFETY: the handle is open.
    unsafe { WaitForSingleObject(process.as_raw_handle(), 0) == WAIT_OBJECT_0 }
}

/// The sessions in which somebody is logged on; absent where this account is not told.
fn sessions() -> Option<Vec<Session>> {
    let mut sessions = Vec::new();
    for id in ids() {
        match Token::of_session(id).and_then(|token| token.user()) {
            Ok(user) => sessions.push(Session {
                id: id.to_string(),
                user,
                kind: SessionKind::Person,
                is_graphical: true,
                is_closing: false,
            }),
            Err(error) if error.raw_os_error() == Some(ERROR_PRIVILEGE_NOT_HELD.cast_signed()) => return None,
            // Mostly, nobody is logged on there yet.
            Err(error) => debug!(session = id, %error, "A session has no user"),
        }
    }
    Some(sessions)
}

/// The console's session comes first, by a question of its own: Wine lists none.
fn ids() -> Vec<u32> {
    // SAFETY: takes no arguments.
    let console = unsafe { WTSGetActiveConsoleSessionId() };
    let mut ids = vec![console];
    let (mut first, mut count) = (null_mut(), 0);
    // SAFETY: the system writes where its list is, and how long.
    let listed = unsafe { WTSEnumerateSessionsW(WTS_CURRENT_SERVER_HANDLE, 0, 1, &raw mut first, &raw mut count) };
    if listed != 0 && !first.is_null() {
        // SAFETY: the system says that so many are there.
        ids.extend(unsafe { slice::from_raw_parts(first, count as usize) }.iter().map(|session| session.SessionId));
        // SAFETY: the system allocated the list for this call alone.
        unsafe { WTSFreeMemory(first.cast()) };
    }
    ids.retain(|id| ![SERVICES, NO_SESSION].contains(id));
    ids.sort_unstable();
    ids.dedup();
    ids
}
