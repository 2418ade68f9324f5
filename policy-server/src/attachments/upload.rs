//! A file on its way in: written and hashed piece by piece, gone again unless it is kept.

use std::fs::File;

use anyhow::Context as _;
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

use crate::{domain::attachment::media_type, secrets::hexadecimal};

/// How many of the first bytes tell a media type.
const HEAD_BYTES: usize = 16;

/// A file that is being received.
#[derive(Debug)]
pub struct Upload {
    file: tokio::fs::File,
    path: TempPath,
    hash: Sha256,
    size: u64,
    head: Vec<u8>,
}

/// A file that is on the disk and has no place yet. Dropped, it is gone.
#[derive(Debug)]
pub struct ReceivedFile {
    /// SHA-256 of the content.
    pub sha256: String,
    /// How large it is, in bytes.
    pub size: u64,
    /// What its first bytes say that it is.
    pub media_type: &'static str,
    pub(super) path: TempPath,
    /// Holds the lock.
    _file: File,
}

impl Upload {
    pub(super) fn new(file: File, path: TempPath) -> Self {
        Self { file: file.into(), path, hash: Sha256::new(), size: 0, head: Vec::new() }
    }

    /// How much has come.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Takes the next piece.
    pub async fn write(&mut self, piece: &[u8]) -> anyhow::Result<()> {
        let wanted = HEAD_BYTES.saturating_sub(self.head.len()).min(piece.len());
        self.head.extend_from_slice(&piece[..wanted]);
        self.hash.update(piece);
        self.size += piece.len() as u64;
        self.file.write_all(piece).await.context("writing a received file")
    }

    /// Ends with everything on the disk.
    pub async fn finish(mut self) -> anyhow::Result<ReceivedFile> {
        self.file.flush().await.context("writing a received file")?;
        self.file.sync_all().await.context("writing a received file")?;
        Ok(ReceivedFile {
            sha256: hexadecimal(&self.hash.finalize()),
            size: self.size,
            media_type: media_type(&self.head),
            path: self.path,
            _file: self.file.into_std().await,
        })
    }
}
