//! `attachments/` in the data folder: each content once, under its hash; what is being received, in `tmp/`.

use std::{
    ffi::OsString,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    time::{Duration, UNIX_EPOCH},
};

use anyhow::Context as _;
use deskbell_protocol::UnixMillis;
use tracing::info;

use super::upload::{ReceivedFile, Upload};

/// The folder of attachments.
#[derive(Debug, Clone)]
pub struct AttachmentFolder {
    folder: PathBuf,
}

impl AttachmentFolder {
    /// Makes the folder where it is missing, and removes what a server that ended while receiving left behind.
    pub fn open(data_folder: &Path) -> anyhow::Result<Self> {
        let opened = Self { folder: data_folder.join("attachments") };
        let tmp = opened.tmp();
        fs::create_dir_all(&tmp).with_context(|| format!("making the folder {}", tmp.display()))?;
        let removed = remove_orphans(&tmp).with_context(|| format!("cleaning the folder {}", tmp.display()))?;
        if removed > 0 {
            info!(removed, "Removed {removed} uploads that were cut off when the server ended");
        }
        Ok(opened)
    }

    /// Begins to receive a file.
    pub async fn begin(&self) -> anyhow::Result<Upload> {
        let tmp = self.tmp();
        let begun = blocking(move || {
            let file = tempfile::NamedTempFile::new_in(&tmp)?;
            // Held until the file has its place: another server on this folder sees that it is no orphan.
            file.as_file().lock()?;
            Ok(file.into_parts())
        });
        let (file, path) = begun.await.context("beginning to receive a file")?;
        Ok(Upload::new(file, path))
    }

    /// Puts a received file in its place, on the disk when this returns. A ticket may name it from then on; a file that
    /// no ticket names does no harm.
    pub async fn keep(&self, file: ReceivedFile) -> anyhow::Result<()> {
        let (folder, place) = (self.folder.clone(), self.place(&file.sha256));
        let kept = blocking(move || {
            // Nobody removes the same content, kept long ago, at this moment.
            let _removals_wait = locked_against_removals(&folder)?;
            let parent = place.parent().unwrap_or(&folder);
            if !parent.is_dir() {
                fs::create_dir_all(parent)?;
                File::open(&folder)?.sync_all()?;
            }
            file.path.persist(&place)?;
            File::open(parent)?.sync_all()
        });
        kept.await.context("keeping a received file")
    }

    /// Opens the content with this hash.
    pub async fn content(&self, sha256: &str) -> anyhow::Result<tokio::fs::File> {
        let place = self.place(sha256);
        tokio::fs::File::open(&place).await.with_context(|| format!("opening the attachment {}", place.display()))
    }

    /// The hashes of the contents that were kept before `moment`.
    pub async fn kept_before(&self, moment: UnixMillis) -> anyhow::Result<Vec<String>> {
        let (folder, tmp) = (self.folder.clone(), self.tmp());
        let found = blocking(move || {
            let mut found = Vec::new();
            for part in fs::read_dir(&folder)? {
                let part = part?;
                if !part.file_type()?.is_dir() || part.path() == tmp {
                    continue;
                }
                for entry in fs::read_dir(part.path())? {
                    let entry = entry?;
                    if written_before(&entry.metadata()?, moment) {
                        // See `place`.
                        let hash = [part.file_name(), entry.file_name()].map(OsString::into_string);
                        found.extend(hash.into_iter().collect::<Result<String, _>>().ok());
                    }
                }
            }
            Ok(found)
        });
        found.await.with_context(|| format!("reading the folder {}", self.folder.display()))
    }

    /// Removes a content that no ticket named and that was kept before `moment`, unless it was kept once more since.
    pub async fn remove_if_kept_before(&self, sha256: &str, moment: UnixMillis) -> anyhow::Result<bool> {
        let (folder, place) = (self.folder.clone(), self.place(sha256));
        let removed = blocking(move || {
            let alone = File::open(&folder)?;
            alone.lock()?;
            let still_old = fs::metadata(&place).is_ok_and(|metadata| written_before(&metadata, moment));
            if still_old {
                fs::remove_file(&place)?;
            }
            Ok(still_old)
        });
        removed.await.context("removing a file that no ticket names")
    }

    fn place(&self, sha256: &str) -> PathBuf {
        let (folder, name) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.folder.join(folder).join(name)
    }

    fn tmp(&self) -> PathBuf {
        self.folder.join("tmp")
    }
}

/// While this is open, no content is removed from the folder of attachments.
pub fn locked_against_removals(folder: &Path) -> io::Result<File> {
    let lock = File::open(folder)?;
    lock.lock_shared()?;
    Ok(lock)
}

fn written_before(metadata: &fs::Metadata, moment: UnixMillis) -> bool {
    let moment = UNIX_EPOCH + Duration::from_millis(u64::try_from(moment).unwrap_or_default());
    metadata.is_file() && metadata.modified().is_ok_and(|written| written < moment)
}

/// Removes the files that no running server holds.
fn remove_orphans(tmp: &Path) -> io::Result<u32> {
    let mut removed = 0;
    for entry in fs::read_dir(tmp)? {
        let path = entry?.path();
        if File::open(&path)?.try_lock().is_ok() {
            fs::remove_file(&path)?;
            removed += 1;
        }
    }
    Ok(removed)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}

#[cfg(test)]
mod tests {
    use super::*;

    const HASH: &str = "abcd";
    const MOMENT: UnixMillis = 1_767_225_600_000;

    fn folder_with_content(written: UnixMillis) -> (tempfile::TempDir, AttachmentFolder) {
        let data = tempfile::tempdir().expect("a folder");
        let folder = AttachmentFolder::open(data.path()).expect("opened");
        fs::create_dir_all(folder.place(HASH).parent().expect("a folder")).expect("made");
        let file = File::create(folder.place(HASH)).expect("made");
        file.set_modified(UNIX_EPOCH + Duration::from_millis(written.unsigned_abs())).expect("its time is set");
        (data, folder)
    }

    #[tokio::test]
    async fn a_content_that_was_kept_again_meanwhile_stays() {
        let (_data, folder) = folder_with_content(MOMENT);
        assert!(!folder.remove_if_kept_before(HASH, MOMENT).await.expect("looked at"));
        assert!(folder.place(HASH).exists());
        assert!(folder.remove_if_kept_before(HASH, MOMENT + 1).await.expect("removed"));
        assert!(!folder.place(HASH).exists());
        assert!(!folder.remove_if_kept_before(HASH, MOMENT + 1).await.expect("gone already"));
    }

    #[tokio::test]
    async fn nothing_is_removed_while_a_content_is_kept() {
        let (_data, folder) = folder_with_content(MOMENT);
        let keeping = locked_against_removals(&folder.folder).expect("locked");
        let mut removal = Box::pin(folder.remove_if_kept_before(HASH, MOMENT + 1));
        assert!(tokio::time::timeout(Duration::from_millis(100), &mut removal).await.is_err(), "it waits");
        assert!(folder.place(HASH).exists());
        drop(keeping);
        assert!(removal.await.expect("removed"));
    }
}
