//! `manifest.json`: what is in a backup, so that a damaged one is known before anything is touched.

use std::{
    fs,
    io::Read as _,
    path::{Component, Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use serde::{Deserialize, Serialize};

use super::files;
use crate::{secrets::Sha256Sum, store::copies::Counts};

const NAME: &str = "manifest.json";
/// The folder of a backup with the data folder's files.
pub(super) const FILES: &str = "files";
const FORMAT: u32 = 1;
const PROGRESS: Duration = Duration::from_secs(1);

/// What is in a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    format: u32,
    /// Of the server that made it.
    version: String,
    /// The name of the database's copy.
    pub database: String,
    /// How many rows each table has.
    pub rows: Counts,
    /// Every file but the manifest.
    pub files: Vec<File>,
}

/// A file of a backup.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    path: PathBuf,
    bytes: u64,
    sha256: String,
}

impl Manifest {
    /// Of the files that lie in `folder`, brought to the disk.
    pub(super) fn of(folder: &Path, database: &str, rows: Counts) -> anyhow::Result<Self> {
        let mut files = Vec::new();
        for path in files::found_below(folder, |_| false)? {
            let (bytes, sha256) = sum(&folder.join(&path))?;
            files.push(File { path, bytes, sha256 });
        }
        let version = env!("CARGO_PKG_VERSION").to_owned();
        Ok(Self { format: FORMAT, version, database: database.to_owned(), rows, files })
    }

    /// Writes it, and brings all of the backup to the disk.
    pub(super) fn write(&self, folder: &Path) -> anyhow::Result<()> {
        let text = serde_json::to_string_pretty(self).context("writing the manifest")?;
        fs::write(folder.join(NAME), text).with_context(|| format!("writing {}", folder.join(NAME).display()))?;
        files::sync_all(folder)
    }

    pub(super) fn read(folder: &Path) -> anyhow::Result<Self> {
        let file = folder.join(NAME);
        let naming = || format!("reading {}", file.display());
        let manifest: Self = serde_json::from_slice(&fs::read(&file).with_context(naming)?).with_context(naming)?;
        if manifest.format != FORMAT {
            bail!("{} has the format {}, and this server reads {FORMAT}", file.display(), manifest.format);
        }
        for File { path, .. } in &manifest.files {
            let plain = path.components().all(|part| matches!(part, Component::Normal(_)));
            ensure!(plain, "{} names a path outside of the backup: {}", file.display(), path.display());
        }
        Ok(manifest)
    }

    /// Compares every file with what was written down when the backup was made.
    pub(super) fn check(&self, folder: &Path) -> anyhow::Result<()> {
        let mut told = Instant::now();
        for (number, expected) in self.files.iter().enumerate() {
            if told.elapsed() >= PROGRESS {
                told = Instant::now();
                eprintln!("Checked {number} of {} files", self.files.len());
            }
            let file = folder.join(&expected.path);
            let (bytes, sha256) = sum(&file)?;
            if bytes != expected.bytes || sha256 != expected.sha256 {
                bail!("{} is damaged: it is not the file that the backup was made with", file.display());
            }
        }
        let whole = self.files.iter().any(|file| file.path == Path::new(&self.database));
        ensure!(whole, "{} names no file {}", folder.join(NAME).display(), self.database);
        Ok(())
    }
}

impl File {
    /// Its place below the data folder, if that is where it belongs.
    pub(super) fn in_data_folder(&self) -> Option<PathBuf> {
        self.path.strip_prefix(FILES).ok().map(Path::to_owned)
    }
}

/// Size and SHA-256 of a file.
fn sum(file: &Path) -> anyhow::Result<(u64, String)> {
    let naming = || format!("reading {}", file.display());
    let mut reader = fs::File::open(file).with_context(naming)?;
    let (mut bytes, mut sum, mut buffer) = (0, Sha256Sum::default(), vec![0; 1 << 16]);
    loop {
        match reader.read(&mut buffer).with_context(naming)? {
            0 => return Ok((bytes, sum.hexadecimal())),
            read => {
                sum.add(&buffer[..read]);
                bytes += read as u64;
            }
        }
    }
}
