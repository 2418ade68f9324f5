//! Who may do what with an object: security descriptors, as SDDL writes them (MS-DTYP §2.5.1), and owners.
#![expect(unsafe_code, reason = "the system's calls for security descriptors")]

use std::{
    fs::File,
    io,
    os::windows::io::AsRawHandle,
    path::{Path, PathBuf},
    ptr::{null, null_mut},
};

use tokio::net::windows::named_pipe::{NamedPipeServer, ServerOptions};
use windows_sys::Win32::{
    Foundation::{ERROR_SUCCESS, LocalFree, S_OK, TRUE},
    Security::{
        ACL,
        Authorization::{
            ConvertSidToStringSidW, ConvertStringSecurityDescriptorToSecurityDescriptorW, GetNamedSecurityInfoW,
            GetSecurityInfo, SDDL_REVISION_1, SE_FILE_OBJECT, SE_KERNEL_OBJECT, SetNamedSecurityInfoW, SetSecurityInfo,
        },
        DACL_SECURITY_INFORMATION, GetSecurityDescriptorDacl, OWNER_SECURITY_INFORMATION,
        PROTECTED_DACL_SECURITY_INFORMATION, PSECURITY_DESCRIPTOR, PSID, SECURITY_ATTRIBUTES,
    },
    Storage::FileSystem::CreateDirectoryW,
    System::{
        Com::CoTaskMemFree,
        Pipes::{GetNamedPipeClientProcessId, WaitNamedPipeW},
    },
    UI::Shell::{FOLDERID_ProgramData, KF_FLAG_DEFAULT, SHGetKnownFolderPath},
};

use crate::platform::windows::wide;

/// A list of who may do what that takes nothing over from the folder around the object.
const OWN_LIST: u32 = DACL_SECURITY_INFORMATION | PROTECTED_DACL_SECURITY_INFORMATION;

const PIPE_WAIT_MILLIS: u32 = 2000;
/// As little as can be asked for.
const NO_WAIT_MILLIS: u32 = 1;

/// A security descriptor.
#[derive(Debug)]
pub(super) struct Descriptor(PSECURITY_DESCRIPTOR);

// SAFETY: nothing changes a descriptor between its making and its end, so threads can share it.
unsafe impl Send for Descriptor {}
// SAFETY: as above.
unsafe impl Sync for Descriptor {}

impl Descriptor {
    /// The descriptor that `sddl` writes.
    pub(super) fn parse(sddl: &str) -> io::Result<Self> {
        let mut descriptor = null_mut();
        // SAFETY: the text ends with a zero; the system allocates the descriptor, which `drop` frees.
        let made = unsafe {
            ConvertStringSecurityDescriptorToSecurityDescriptorW(
                wide(sddl).as_ptr(),
                SDDL_REVISION_1,
                &raw mut descriptor,
                null_mut(),
            )
        };
        if made == 0 { Err(io::Error::last_os_error()) } else { Ok(Self(descriptor)) }
    }

    /// What a call that makes an object takes, for as long as this descriptor is there.
    pub(super) fn attributes(&self) -> SECURITY_ATTRIBUTES {
        let length = u32::try_from(size_of::<SECURITY_ATTRIBUTES>()).expect("a few bytes");
        SECURITY_ATTRIBUTES { nLength: length, lpSecurityDescriptor: self.0, bInheritHandle: 0 }
    }

    fn list(&self) -> io::Result<*const ACL> {
        let (mut is_there, mut list, mut is_default) = (0, null_mut(), 0);
        // SAFETY: the descriptor is whole; the list that is found lies within it.
        let found = unsafe { GetSecurityDescriptorDacl(self.0, &raw mut is_there, &raw mut list, &raw mut is_default) };
        if found == 0 || is_there == 0 { Err(io::Error::last_os_error()) } else { Ok(list) }
    }
}

impl Drop for Descriptor {
    fn drop(&mut self) {
        // SAFETY: the system allocated it for this value alone.
        unsafe { LocalFree(self.0) };
    }
}

/// The folder of all programs' data, as the system knows it: whoever starts a program chooses what is in its environment.
pub(super) fn program_data() -> PathBuf {
    let mut text = null_mut();
    // SAFETY: the system writes where it put the path, which ends with a zero and is ours to free.
    let path = unsafe {
        let found =
            SHGetKnownFolderPath(&FOLDERID_ProgramData, KF_FLAG_DEFAULT.cast_unsigned(), null_mut(), &raw mut text);
        let path = (found == S_OK).then(|| text_at(text));
        CoTaskMemFree(text.cast_const().cast());
        path
    };
    path.map_or_else(|| PathBuf::from(r"C:\ProgramData"), PathBuf::from)
}

/// Makes the folder at `path`, from its first moment on as `descriptor` says.
pub(super) fn create_folder(path: &Path, descriptor: &Descriptor) -> io::Result<()> {
    let attributes = descriptor.attributes();
    // SAFETY: path and attributes live longer than the call.
    let made = unsafe { CreateDirectoryW(wide(path).as_ptr(), &raw const attributes) };
    if made == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Gives the folder at `path`, and what takes over from it, the list of `descriptor`.
pub(super) fn restrict_folder(path: &Path, descriptor: &Descriptor) -> io::Result<()> {
    let list = descriptor.list()?;
    // SAFETY: path and list live longer than the call, which copies the list.
    done(unsafe {
        SetNamedSecurityInfoW(wide(path).as_ptr(), SE_FILE_OBJECT, OWN_LIST, null_mut(), null_mut(), list, null())
    })
}

/// Gives `file` the list of `descriptor`. It must be open for that (`WRITE_DAC`).
pub(super) fn restrict_file(file: &File, descriptor: &Descriptor) -> io::Result<()> {
    let list = descriptor.list()?;
    // SAFETY: the handle is open, and the list lives longer than the call, which copies it.
    done(unsafe {
        SetSecurityInfo(file.as_raw_handle(), SE_FILE_OBJECT, OWN_LIST, null_mut(), null_mut(), list, null())
    })
}

/// The SID of who owns what is at `path`.
pub(super) fn owner_of_path(path: &Path) -> io::Result<String> {
    let path = wide(path);
    // SAFETY: see `owner`.
    owner(|owner, descriptor| unsafe {
        let what = OWNER_SECURITY_INFORMATION;
        GetNamedSecurityInfoW(
            path.as_ptr(),
            SE_FILE_OBJECT,
            what,
            owner,
            null_mut(),
            null_mut(),
            null_mut(),
            descriptor,
        )
    })
}

/// The SID of who owns what is open as `object`.
pub(super) fn owner_of(object: &impl AsRawHandle) -> io::Result<String> {
    let handle = object.as_raw_handle();
    // SAFETY: see `owner`.
    owner(|owner, descriptor| unsafe {
        let what = OWNER_SECURITY_INFORMATION;
        GetSecurityInfo(handle, SE_KERNEL_OBJECT, what, owner, null_mut(), null_mut(), null_mut(), descriptor)
    })
}

/// Makes an instance of the pipe at `path` for one client.
pub(super) fn create_pipe(
    options: &mut ServerOptions,
    path: &Path,
    descriptor: &Descriptor,
) -> io::Result<NamedPipeServer> {
    let mut attributes = descriptor.attributes();
    // SAFETY: the attributes live longer than the call.
    unsafe { options.create_with_security_attributes_raw(path, (&raw mut attributes).cast()) }
}

/// Waits a moment for an instance of the pipe at `path` that has no client yet.
pub(super) fn wait_for_pipe(path: &Path) -> io::Result<()> {
    // SAFETY: the path ends with a zero.
    let came = unsafe { WaitNamedPipeW(wide(path).as_ptr(), PIPE_WAIT_MILLIS) };
    if came == 0 { Err(io::Error::last_os_error()) } else { Ok(()) }
}

/// Whether somebody has made a pipe at `path`.
pub(super) fn is_pipe_there(path: &Path) -> bool {
    // SAFETY: the path ends with a zero.
    let is_free = unsafe { WaitNamedPipeW(wide(path).as_ptr(), NO_WAIT_MILLIS) } != 0;
    is_free || io::Error::last_os_error().kind() != io::ErrorKind::NotFound
}

/// The number of the process that made the connection.
pub(super) fn client_process(pipe: &NamedPipeServer) -> Option<i32> {
    let mut id = 0;
    // SAFETY: the pipe is open.
    let found = unsafe { GetNamedPipeClientProcessId(pipe.as_raw_handle(), &raw mut id) };
    if found == 0 { None } else { i32::try_from(id).ok() }
}

/// The SID that `call` finds, which puts it into a descriptor that must be freed.
fn owner(call: impl FnOnce(*mut PSID, *mut PSECURITY_DESCRIPTOR) -> u32) -> io::Result<String> {
    let (mut owner, mut descriptor) = (null_mut(), null_mut());
    done(call(&raw mut owner, &raw mut descriptor))?;
    let descriptor = Descriptor(descriptor);
    // SAFETY: the SID lies within the descriptor, which is still there.
    let text = unsafe { sid_text(owner) };
    drop(descriptor);
    text
}

/// A SID as people write it, such as `S-1-5-18`.
///
/// # Safety
///
/// `sid` points to a SID.
pub(super) unsafe fn sid_text(sid: PSID) -> io::Result<String> {
    let mut text = null_mut();
    // SAFETY: the caller vouches for the SID.
    if unsafe { ConvertSidToStringSidW(sid, &raw mut text) } != TRUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the system wrote a text that ends with a zero.
    let read = unsafe { text_at(text) };
    // SAFETY: the system allocated the text for this call alone.
    unsafe { LocalFree(text.cast()) };
    Ok(read)
}

/// # Safety
///
/// `start` is where a text starts that ends with a zero.
unsafe fn text_at(start: *const u16) -> String {
    // SAFETY: the caller vouches for what is read up to the zero.
    let units = unsafe { (0..).map(|at| *start.add(at)).take_while(|unit| *unit != 0).collect::<Vec<_>>() };
    String::from_utf16_lossy(&units)
}

fn done(code: u32) -> io::Result<()> {
    if code == ERROR_SUCCESS { Ok(()) } else { Err(io::Error::from_raw_os_error(code.cast_signed())) }
}
