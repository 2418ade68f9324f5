//! Folders and permissions.

use std::{
    fs::{self, DirBuilder, File, OpenOptions, Permissions},
    io,
    os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, PermissionsExt as _},
    path::{Path, PathBuf},
};

/// Where an agent listens that keeps all its files below `root`.
pub fn socket_below(root: &Path) -> PathBuf {
    root.join("agent.sock")
}

/// Makes sure that the folder at `path` is there and that only its owner can enter it.
pub fn prepare_state_folder(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)?;
    if fs::metadata(path)?.permissions().mode() & 0o777 == 0o700 {
        return Ok(());
    }
    fs::set_permissions(path, Permissions::from_mode(0o700))
}

/// Creates an empty file that only its owner can read.
pub fn create_private_file(path: &Path) -> io::Result<File> {
    create(path, 0o600)
}

/// Creates an empty file that everybody can read.
pub fn create_public_file(path: &Path) -> io::Result<File> {
    create(path, 0o644)
}

/// Returns when a renamed file's new name is on the disk.
pub fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn create(path: &Path, mode: u32) -> io::Result<File> {
    let file = OpenOptions::new().write(true).create(true).truncate(true).mode(mode).open(path)?;
    file.set_permissions(Permissions::from_mode(mode))?;
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_private_file_and_the_state_folder_are_closed_to_others() {
        let folder = tempfile::tempdir().expect("a folder");
        let state = folder.path().join("state");
        fs::create_dir(&state).expect("a folder");

        prepare_state_folder(&state).expect("prepared");
        let file = create_private_file(&state.join("identity.json")).expect("created");

        assert_eq!(fs::metadata(&state).expect("there").permissions().mode() & 0o777, 0o700);
        assert_eq!(file.metadata().expect("there").permissions().mode() & 0o777, 0o600);
    }
}
