//! Starting the tray in somebody's session, as that person.
#![expect(unsafe_code, reason = "the system's calls for processes in other sessions")]

use std::{
    io,
    os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle},
    ptr::{null, null_mut},
};

use windows_sys::Win32::System::{
    Environment::{CreateEnvironmentBlock, DestroyEnvironmentBlock},
    Threading::{CREATE_UNICODE_ENVIRONMENT, CreateProcessAsUserW, PROCESS_INFORMATION, STARTUPINFOW},
};

use crate::platform::windows::{account::Token, wide};

/// What starts the tray in the session with that name.
pub const TRAY_STARTER: Option<fn(&str) -> io::Result<()>> = Some(start_tray);

/// Starts the tray that is installed beside this program, in the session with this name.
fn start_tray(session: &str) -> io::Result<()> {
    let session = session.parse().map_err(|_| io::Error::from(io::ErrorKind::NotFound))?;
    let token = Token::of_session(session)?;
    let program = std::env::current_exe()?.with_file_name("deskbell-tray.exe");
    let mut command = wide(format!("\"{}\"", program.display()));
    let mut desktop = wide(r"winsta0\default");
    let environment = Environment::of(&token)?;
    let startup = STARTUPINFOW {
        cb: u32::try_from(size_of::<STARTUPINFOW>()).expect("a few bytes"),
        lpDesktop: desktop.as_mut_ptr(),
        ..STARTUPINFOW::default()
    };
    let mut started = PROCESS_INFORMATION::default();
    // SAFETY: all that is pointed to lives longer than the call, and every text ends with a zero.
    let made = unsafe {
        CreateProcessAsUserW(
            token.as_raw_handle(),
            wide(&program).as_ptr(),
            command.as_mut_ptr(),
            null(),
            null(),
            0,
            CREATE_UNICODE_ENVIRONMENT,
            environment.0,
            null(),
            &raw const startup,
            &raw mut started,
        )
    };
    if made == 0 {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the call that succeeded opened both for us.
    drop(unsafe { [started.hProcess, started.hThread].map(|handle| OwnedHandle::from_raw_handle(handle)) });
    Ok(())
}

/// The variables that a person's programs start with.
struct Environment(*mut core::ffi::c_void);

impl Environment {
    fn of(token: &Token) -> io::Result<Self> {
        let mut block = null_mut();
        // SAFETY: the token is open; the system writes where the block is.
        let made = unsafe { CreateEnvironmentBlock(&raw mut block, token.as_raw_handle(), 0) };
        if made == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(block)) }
    }
}

impl Drop for Environment {
    fn drop(&mut self) {
        // SAFETY: the system made it for this value alone.
        unsafe { DestroyEnvironmentBlock(self.0) };
    }
}
