//! Files that are either the old or the new content after a crash, never half of one.

use std::{
    fs::{self, File},
    io::{self, Read as _, Write as _},
    path::{Path, PathBuf},
};

use crate::platform;

/// The most that any file of the agent may hold, in bytes.
const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024;

/// Replaces the file at `path` by one that only its owner may read, and returns when it is on the disk.
pub fn replace_private(path: &Path, contents: &[u8]) -> io::Result<()> {
    replace(path, contents, platform::create_private_file)
}

/// Replaces the file at `path` by one that everybody may read, and returns when it is on the disk.
pub fn replace_public(path: &Path, contents: &[u8]) -> io::Result<()> {
    replace(path, contents, platform::create_public_file)
}

/// What is in the file at `path`; `None` when there is no such file.
pub fn read(path: &Path) -> io::Result<Option<String>> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(error) if is_absent(&error) => return Ok(None),
        Err(error) => return Err(error),
    };
    let mut text = String::new();
    if file.take(MAX_FILE_BYTES + 1).read_to_string(&mut text)? as u64 > MAX_FILE_BYTES {
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, "the file is larger than 4 MB"));
    }
    Ok(Some(text))
}

/// Removes the file at `path`, if there is one.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(()),
    }
}

/// A file where a folder belongs has nothing in it either.
fn is_absent(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
}

fn replace(path: &Path, contents: &[u8], create: fn(&Path) -> io::Result<File>) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = temporary(path);
    let written = create(&temporary).and_then(|mut file| {
        file.write_all(contents)?;
        file.sync_all()?;
        fs::rename(&temporary, path)
    });
    if let Err(error) = written {
        // What is left of a full disk's file must not stay; the error that counts is the first one.
        let _ = fs::remove_file(&temporary);
        return Err(error);
    }
    platform::sync_folder(folder)
}

fn temporary(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(".new");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_new_content_takes_the_place_of_the_old() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        replace_private(&path, b"old").expect("written");

        replace_private(&path, b"new").expect("written");

        assert_eq!(read(&path).expect("read").as_deref(), Some("new"));
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1, "a temporary file stayed");
    }

    #[test]
    fn a_failed_write_leaves_the_old_content_and_no_temporary_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("file");
        fs::create_dir_all(path.join("in the way")).expect("a folder");

        assert!(replace_private(&path, b"new").is_err());

        assert!(path.join("in the way").exists());
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1, "a temporary file stayed");
    }

    #[test]
    fn a_missing_file_is_no_error() {
        let folder = tempfile::tempdir().expect("a folder");
        assert_eq!(read(&folder.path().join("absent")).expect("read"), None);
        remove(&folder.path().join("absent")).expect("removed");
    }
}
