//! One service for each set of files.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::Write as _,
    path::Path,
};

use anyhow::Context as _;

/// Held while a service runs. The system frees it, however the service ends.
#[derive(Debug)]
pub struct InstanceLock(#[expect(dead_code, reason = "the open file is the lock")] File);

/// Another service runs with the same files.
#[derive(Debug, thiserror::Error)]
#[error("a deskbell-agent service runs already ({0} is locked)")]
pub struct AlreadyRunning(String);

impl InstanceLock {
    /// Takes the lock at `path`, and writes this process's number into it.
    pub fn take(path: &Path) -> anyhow::Result<Self> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder).with_context(|| format!("creating {}", folder.display()))?;
        }
        let mut file = open(path).with_context(|| format!("opening {}", path.display()))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(AlreadyRunning(path.display().to_string()).into()),
            Err(TryLockError::Error(error)) => {
                return Err(error).with_context(|| format!("locking {}", path.display()));
            }
        }
        file.set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .with_context(|| format!("writing {}", path.display()))?;
        Ok(Self(file))
    }

    /// Whether a service holds the lock at `path`.
    pub fn is_held(path: &Path) -> bool {
        File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }
}

fn open(path: &Path) -> std::io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lock_is_free_again_when_its_holder_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("run/agent.lock");
        assert!(!InstanceLock::is_held(&path));

        let lock = InstanceLock::take(&path).expect("taken");
        assert!(InstanceLock::is_held(&path));
        let refused = InstanceLock::take(&path).expect_err("held").downcast::<AlreadyRunning>();
        assert!(refused.is_ok());

        drop(lock);
        InstanceLock::take(&path).expect("taken again");
    }
}
