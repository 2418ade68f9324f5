//! Who uses the data folder: servers beside each other, or a restore alone. The lock is the folder's own, so nothing is left
//! behind when a program is killed.

use std::{
    fs::{File, TryLockError},
    path::Path,
};

use anyhow::{Context as _, bail};

/// Held while a program uses the data folder.
#[derive(Debug)]
pub struct DataFolderLock(#[expect(dead_code, reason = "the open folder is the lock")] File);

impl DataFolderLock {
    /// For a server: others may run beside it.
    pub fn of_server(folder: &Path) -> anyhow::Result<Self> {
        Self::take(folder, File::try_lock_shared, "a restore into this folder is under way")
    }

    /// For a restore: no server may run.
    pub fn of_restore(folder: &Path) -> anyhow::Result<Self> {
        Self::take(folder, File::try_lock, "a server runs on this folder: stop it first")
    }

    fn take(folder: &Path, lock: fn(&File) -> Result<(), TryLockError>, why_not: &'static str) -> anyhow::Result<Self> {
        let naming = || format!("locking the data folder {}", folder.display());
        let opened = File::open(folder).with_context(naming)?;
        match lock(&opened) {
            Ok(()) => Ok(Self(opened)),
            Err(TryLockError::WouldBlock) => bail!("{}: {why_not}", folder.display()),
            Err(TryLockError::Error(error)) => Err(error).with_context(naming),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_run_beside_each_other_and_a_restore_runs_alone() {
        let folder = tempfile::tempdir().expect("a folder");
        let servers = [(); 2].map(|()| DataFolderLock::of_server(folder.path()).expect("locked"));
        assert!(DataFolderLock::of_restore(folder.path()).is_err());

        drop(servers);
        let _restore = DataFolderLock::of_restore(folder.path()).expect("locked");
        assert!(DataFolderLock::of_server(folder.path()).is_err());
    }
}
