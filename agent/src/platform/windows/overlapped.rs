//! A pipe that one thread reads while another writes. Through a plain handle, each would wait for the other.
#![expect(unsafe_code, reason = "the system's calls for input and output that overlap")]

use std::{
    fs::File,
    io::{self, Read, Write},
    os::windows::io::{AsRawHandle as _, FromRawHandle as _, OwnedHandle},
    ptr::{null, null_mut},
    sync::Arc,
};

use windows_sys::Win32::{
    Foundation::{ERROR_BROKEN_PIPE, ERROR_IO_PENDING, HANDLE, TRUE},
    Storage::FileSystem::{ReadFile, WriteFile},
    System::{
        IO::{GetOverlappedResult, OVERLAPPED},
        Threading::CreateEventW,
    },
};

/// One of several values that share a pipe. Each is for one thread at a time.
#[derive(Debug)]
pub struct Stream {
    pipe: Arc<File>,
    /// Tells that this value's reading or writing is done.
    done: OwnedHandle,
}

impl Stream {
    /// A stream of `pipe`, which was opened with `FILE_FLAG_OVERLAPPED`.
    pub(super) fn new(pipe: File) -> io::Result<Self> {
        Ok(Self { pipe: Arc::new(pipe), done: event()? })
    }

    /// Another stream of the same pipe.
    pub fn try_clone(&self) -> io::Result<Self> {
        Ok(Self { pipe: Arc::clone(&self.pipe), done: event()? })
    }

    fn carry_out(&self, call: impl FnOnce(HANDLE, *mut OVERLAPPED) -> i32) -> io::Result<usize> {
        let mut state = OVERLAPPED { hEvent: self.done.as_raw_handle(), ..OVERLAPPED::default() };
        let pipe = self.pipe.as_raw_handle();
        if call(pipe, &raw mut state) == 0 {
            let error = io::Error::last_os_error();
            if error.raw_os_error() != Some(ERROR_IO_PENDING.cast_signed()) {
                return Err(error);
            }
        }
        let mut length = 0;
        // SAFETY: the state lives until this call returns, which is when the system is done with it.
        if unsafe { GetOverlappedResult(pipe, &raw const state, &raw mut length, TRUE) } == 0 {
            return Err(io::Error::last_os_error());
        }
        Ok(length as usize)
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let length = u32::try_from(buffer.len()).unwrap_or(u32::MAX);
        // SAFETY: the buffer is as long as that, and lives until `carry_out` returns, when the system is done with it.
        let read =
            self.carry_out(|pipe, state| unsafe { ReadFile(pipe, buffer.as_mut_ptr(), length, null_mut(), state) });
        match read {
            Err(error) if error.raw_os_error() == Some(ERROR_BROKEN_PIPE.cast_signed()) => Ok(0),
            other => other,
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        // SAFETY: as above.
        self.carry_out(|pipe, state| unsafe { WriteFile(pipe, bytes.as_ptr(), length, null_mut(), state) })
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn event() -> io::Result<OwnedHandle> {
    // SAFETY: an event without a name, which is reset by hand: the system does it when the next call begins.
    let event = unsafe { CreateEventW(null(), TRUE, 0, null()) };
    if event.is_null() {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: it was made for us.
    Ok(unsafe { OwnedHandle::from_raw_handle(event) })
}
