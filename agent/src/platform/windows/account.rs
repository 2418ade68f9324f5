//! Whose a process, a session or the other end of a pipe is, as the kernel tells: access tokens.
#![expect(unsafe_code, reason = "the system's calls for access tokens")]

use std::{
    io,
    os::windows::io::{AsRawHandle, FromRawHandle as _, OwnedHandle, RawHandle},
    ptr::{null, null_mut},
};

use deskbell_protocol::OsUser;
use windows_sys::Win32::{
    Foundation::{HANDLE, TRUE},
    Security::{
        GetTokenInformation, LookupAccountSidW, RevertToSelf, TOKEN_INFORMATION_CLASS, TOKEN_QUERY, TOKEN_USER,
        TokenSessionId, TokenUser,
    },
    System::{
        Pipes::ImpersonateNamedPipeClient,
        RemoteDesktop::WTSQueryUserToken,
        Threading::{GetCurrentProcess, GetCurrentThread, OpenProcessToken, OpenThreadToken},
    },
};

use crate::platform::windows::access::sid_text;

/// The longest name of an account or a domain, with the zero.
const MAX_NAME_UNITS: usize = 257;
/// More than any `TOKEN_USER` needs: a pointer, a number, and a SID of at most 68 bytes.
const TOKEN_USER_WORDS: usize = 16;

/// Who somebody is.
#[derive(Debug)]
pub(super) struct Token(OwnedHandle);

impl Token {
    /// Who runs this program.
    pub(super) fn own() -> io::Result<Self> {
        // SAFETY: the process is this one; the system writes a handle that is ours to close.
        Self::from(|token| unsafe { OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, token) })
    }

    /// Who made the connection at whose other end `pipe` is. Not whose process has the number that the connection was
    /// made by: that may be another one's by now.
    pub(super) fn of_client(pipe: &impl AsRawHandle) -> io::Result<Self> {
        // SAFETY: the pipe is open.
        if unsafe { ImpersonateNamedPipeClient(pipe.as_raw_handle()) } != TRUE {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the thread is this one; the system writes a handle that is ours to close.
        let token = Self::from(|token| unsafe { OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, token) });
        // SAFETY: takes no arguments.
        if unsafe { RevertToSelf() } != TRUE {
            // This thread would go on with the client's rights.
            std::process::abort();
        }
        token
    }

    /// Who is logged on in the session `id`. For the system's own account only.
    pub(super) fn of_session(id: u32) -> io::Result<Self> {
        // SAFETY: the system writes a handle that is ours to close.
        Self::from(|token| unsafe { WTSQueryUserToken(id, token) })
    }

    fn from(call: impl FnOnce(*mut HANDLE) -> i32) -> io::Result<Self> {
        let mut token = null_mut();
        if call(&raw mut token) == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call that succeeded opened it for us.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(token) }))
    }

    /// The session that it belongs to.
    pub(super) fn session(&self) -> io::Result<u32> {
        let mut session = [0_u32; 1];
        self.read(TokenSessionId, &mut session)?;
        Ok(session[0])
    }

    /// The SID of the account.
    pub(super) fn sid(&self) -> io::Result<String> {
        let user = self.user_words()?;
        // SAFETY: the system wrote a TOKEN_USER there, whose SID lies in the same words.
        unsafe { sid_text((*user.as_ptr().cast::<TOKEN_USER>()).User.Sid) }
    }

    /// The account.
    pub(super) fn user(&self) -> io::Result<OsUser> {
        let user = self.user_words()?;
        // SAFETY: as above.
        let sid = unsafe { (*user.as_ptr().cast::<TOKEN_USER>()).User.Sid };
        // SAFETY: as above.
        let id = unsafe { sid_text(sid)? };
        let (mut name, mut domain) = ([0_u16; MAX_NAME_UNITS], [0_u16; MAX_NAME_UNITS]);
        let length = u32::try_from(MAX_NAME_UNITS).expect("a small number");
        let (mut name_length, mut domain_length, mut kind) = (length, length, 0);
        // SAFETY: the buffers are as long as their lengths say.
        let found = unsafe {
            LookupAccountSidW(
                null(),
                sid,
                name.as_mut_ptr(),
                &raw mut name_length,
                domain.as_mut_ptr(),
                &raw mut domain_length,
                &raw mut kind,
            )
        };
        // An account of a domain whose controller is away may have no name at the moment.
        if found == 0 {
            return Ok(OsUser { name: id.clone(), domain: String::new(), id });
        }
        let text = |units: &[u16], length: u32| String::from_utf16_lossy(&units[..length as usize]);
        Ok(OsUser { name: text(&name, name_length), domain: text(&domain, domain_length), id })
    }

    /// In a box, since what is read points into itself.
    fn user_words(&self) -> io::Result<Box<[u64; TOKEN_USER_WORDS]>> {
        let mut words = Box::new([0_u64; TOKEN_USER_WORDS]);
        self.read(TokenUser, &mut words[..])?;
        Ok(words)
    }

    fn read<T>(&self, what: TOKEN_INFORMATION_CLASS, into: &mut [T]) -> io::Result<()> {
        let size = u32::try_from(size_of_val(into)).expect("a small number");
        let mut written = 0;
        // SAFETY: the system writes at most `size` bytes of plain numbers and pointers.
        let read = unsafe {
            GetTokenInformation(self.0.as_raw_handle(), what, into.as_mut_ptr().cast(), size, &raw mut written)
        };
        if read == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
    }
}

impl AsRawHandle for Token {
    fn as_raw_handle(&self) -> RawHandle {
        self.0.as_raw_handle()
    }
}
