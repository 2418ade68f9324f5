//! What an action can ask and tell the installation that it is a part of.
#![expect(unsafe_code, reason = "Windows Installer's functions take pointers")]

use std::io;

use windows_sys::Win32::System::ApplicationInstallationAndServicing::{
    INSTALLMESSAGE_ERROR, INSTALLMESSAGE_INFO, MSIHANDLE, MsiCloseHandle, MsiCreateRecord, MsiGetPropertyW,
    MsiProcessMessage, MsiRecordSetStringW,
};

/// The installation.
pub(crate) struct Session(MSIHANDLE);

impl From<u32> for Session {
    fn from(handle: u32) -> Self {
        Self(handle)
    }
}

impl Session {
    /// What the package gave to this action.
    pub(crate) fn data(&self) -> io::Result<String> {
        let name = wide("CustomActionData");
        let mut size = 0;
        // SAFETY: the name ends in a zero; with a size of 0 nothing is written into the text, which is there.
        let mut text = vec![0; 1];
        unsafe { MsiGetPropertyW(self.0, name.as_ptr(), text.as_mut_ptr(), &raw mut size) };
        size += 1;
        text.resize(size as usize, 0);
        // SAFETY: the text is as long as the size says.
        let code = unsafe { MsiGetPropertyW(self.0, name.as_ptr(), text.as_mut_ptr(), &raw mut size) };
        if code != 0 {
            return Err(io::Error::from_raw_os_error(code.cast_signed()));
        }
        Ok(String::from_utf16_lossy(&text[..size as usize]))
    }

    /// A line of the log.
    pub(crate) fn log(&self, words: &str) {
        self.say(INSTALLMESSAGE_INFO, words);
    }

    /// Why the installation fails: a line of the log, and a message where somebody looks.
    pub(crate) fn complain(&self, words: &str) {
        self.say(INSTALLMESSAGE_ERROR, words);
    }

    fn say(&self, kind: i32, words: &str) {
        let words = wide(&format!("Deskbell: {words}"));
        // SAFETY: the text ends in a zero and lives until the message was taken; the record is closed once.
        unsafe {
            let record = MsiCreateRecord(0);
            MsiRecordSetStringW(record, 0, words.as_ptr());
            MsiProcessMessage(self.0, kind, record);
            MsiCloseHandle(record);
        }
    }
}

fn wide(text: &str) -> Vec<u16> {
    text.encode_utf16().chain([0]).collect()
}
