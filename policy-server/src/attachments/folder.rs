//! `attachments/` in the data folder: each content once, under its hash; what is being received, in `tmp/`.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
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

    fn place(&self, sha256: &str) -> PathBuf {
        let (folder, name) = sha256.split_at_checked(2).unwrap_or(("", sha256));
        self.folder.join(folder).join(name)
    }

    fn tmp(&self) -> PathBuf {
        self.folder.join("tmp")
    }
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
