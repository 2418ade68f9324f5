//! The server's own key: what must be shown or used again is derived from it, so nothing of it stands in the database.

use std::{fs, io, path::Path};

use anyhow::{Context as _, ensure};
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use crate::secrets;

/// The key's file in the data folder. Several servers on one database need the same one.
pub const FILE: &str = "deskbell.key";
const LENGTH: usize = 32;

/// 256 random bits.
pub struct ServerKey([u8; LENGTH]);

impl ServerKey {
    /// Reads the key of a data folder, or makes it.
    pub fn open(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(FILE);
        match fs::read(&file) {
            Ok(bytes) => Self::from_bytes(&bytes).with_context(|| format!("reading {}", file.display())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Self::make(folder, &file).with_context(|| format!("making {}", file.display()))
            }
            Err(error) => Err(error).with_context(|| format!("reading {}", file.display())),
        }
    }

    /// What the key makes of a purpose and a message; worth nothing for any other (RFC 2104).
    pub fn derive(&self, purpose: &str, message: &str) -> [u8; 32] {
        self.mac(purpose, message).finalize().into_bytes().into()
    }

    /// Whether these bytes are what it makes of them, compared in constant time.
    pub fn has_derived(&self, purpose: &str, message: &str, bytes: &[u8]) -> bool {
        self.mac(purpose, message).verify_slice(bytes).is_ok()
    }

    /// Whether these bytes, 128 bits at least, begin what it makes of them, compared in constant time.
    pub fn has_derived_beginning(&self, purpose: &str, message: &str, bytes: &[u8]) -> bool {
        bytes.len() >= 16 && self.mac(purpose, message).verify_truncated_left(bytes).is_ok()
    }

    fn mac(&self, purpose: &str, message: &str) -> Hmac<Sha256> {
        let mut mac = Hmac::<Sha256>::new(&self.block());
        mac.update(purpose.as_bytes());
        mac.update(b"\0");
        mac.update(message.as_bytes());
        mac
    }

    /// The key filled up with zeros to HMAC's block (RFC 2104 §2).
    fn block(&self) -> hmac::digest::Key<Hmac<Sha256>> {
        let mut block = hmac::digest::Key::<Hmac<Sha256>>::default();
        block[..LENGTH].copy_from_slice(&self.0);
        block
    }

    fn from_bytes(bytes: &[u8]) -> anyhow::Result<Self> {
        ensure!(bytes.len() == LENGTH, "it must have {LENGTH} bytes, and has {}", bytes.len());
        let mut key = [0; LENGTH];
        key.copy_from_slice(bytes);
        Ok(Self(key))
    }

    /// Two programs that start at once make one key: whoever comes second finds the other's.
    fn make(folder: &Path, file: &Path) -> anyhow::Result<Self> {
        let key = secrets::random::<LENGTH>()?;
        let mut written = tempfile::NamedTempFile::new_in(folder)?;
        io::Write::write_all(&mut written, &key)?;
        written.as_file().sync_all()?;
        match written.persist_noclobber(file) {
            Ok(_) => {
                fs::File::open(folder)?.sync_all()?;
                Ok(Self(key))
            }
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Self::from_bytes(&fs::read(file)?),
            Err(error) => Err(error.error.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn the_key_stays_and_only_the_server_can_read_it() {
        let folder = tempfile::tempdir().expect("a folder");
        let first = ServerKey::open(folder.path()).expect("made").derive("a", "b");
        assert_eq!(ServerKey::open(folder.path()).expect("read").derive("a", "b"), first);
        let mode = fs::metadata(folder.path().join(FILE)).expect("there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    #[test]
    fn what_is_derived_differs_by_purpose_and_message() {
        let key = ServerKey([7; LENGTH]);
        assert_ne!(key.derive("a", "b"), key.derive("a", "c"));
        assert_ne!(key.derive("a", "b"), key.derive("ab", ""));
        assert!(key.has_derived("a", "b", &key.derive("a", "b")));
        assert!(!key.has_derived("a", "c", &key.derive("a", "b")) && !key.has_derived("a", "b", &[]));
    }

    #[test]
    fn a_damaged_key_is_named() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::write(folder.path().join(FILE), b"short").expect("written");
        let error = ServerKey::open(folder.path()).err().expect("refused");
        assert!(format!("{error:#}").contains("deskbell.key: it must have 32 bytes"), "{error:#}");
    }
}
