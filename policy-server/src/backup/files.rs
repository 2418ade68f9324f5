//! Folders of files: found, copied, brought to the disk.

use std::{
    fs,
    os::unix::fs::DirBuilderExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::Context as _;

/// How often a long copy says how far it is.
const PROGRESS: Duration = Duration::from_secs(1);

/// Makes an empty folder for its owner alone; what an earlier try left there is removed.
pub(super) fn make_anew(folder: &Path) -> anyhow::Result<()> {
    let naming = || format!("making {}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(naming)?;
    }
    make(folder).with_context(naming)
}

/// The paths below `folder` of the regular files in it, but for those that `except` names.
pub(super) fn found_below(folder: &Path, except: fn(&Path) -> bool) -> anyhow::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        let naming = || format!("reading {}", next.display());
        for entry in fs::read_dir(&next).with_context(naming)? {
            let entry = entry.with_context(naming)?;
            let kind = entry.file_type().with_context(naming)?;
            let below = entry.path().strip_prefix(folder)?.to_owned();
            if kind.is_dir() {
                folders.push(entry.path());
            } else if kind.is_file() && !except(&below) {
                found.push(below);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// Copies files from one folder to the same places below another.
pub(super) fn copy_all(files: &[PathBuf], from: &Path, to: &Path) -> anyhow::Result<()> {
    make(to).with_context(|| format!("making {}", to.display()))?;
    let mut told = Instant::now();
    for (number, file) in files.iter().enumerate() {
        if told.elapsed() >= PROGRESS {
            told = Instant::now();
            eprintln!("Copied {number} of {} files", files.len());
        }
        let (source, target) = (from.join(file), to.join(file));
        let naming = || format!("copying {} to {}", source.display(), target.display());
        target.parent().map_or(Ok(()), make).with_context(naming)?;
        fs::copy(&source, &target).with_context(naming)?;
    }
    Ok(())
}

/// Brings a folder and everything in it to the disk.
pub(super) fn sync_all(folder: &Path) -> anyhow::Result<()> {
    for file in found_below(folder, |_| false)? {
        let file = folder.join(file);
        sync(&file)?;
        file.parent().map_or(Ok(()), sync)?;
    }
    sync(folder)
}

/// Brings a file, or a folder's list of names, to the disk.
pub(super) fn sync(path: &Path) -> anyhow::Result<()> {
    let file = fs::File::open(path).with_context(|| format!("opening {}", path.display()))?;
    file.sync_all().with_context(|| format!("writing {} to the disk", path.display()))
}

fn make(folder: &Path) -> std::io::Result<()> {
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}
