//! `backup` and `restore`: the database and the data folder's files, as one folder with a manifest.
//!
//! The server may run while a backup is made. The database is copied first: a file that a row names lies in the data
//! folder before the row does, so it is in the copy, too. Each of the two writes beside its target and renames at the
//! end, so what stands under the target's name is whole.

mod files;
mod manifest;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};

use self::manifest::{File, Manifest};
use crate::{
    attachments::folder::locked_against_removals, config::Config, data_folder::DataFolderLock, store::DatabaseLocation,
};

/// What `restore` does where data is already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Nothing.
    Keep,
    /// Puts the backup in its place.
    Replace,
}

/// Writes a backup into the new folder `target`.
pub async fn backup(config: &Config, target: &Path) -> anyhow::Result<()> {
    ensure!(is_vacant(target)?, "{} is there already and not empty: name a new folder", target.display());
    let unfinished = beside(target, "unfinished")?;
    files::make_anew(&unfinished)?;
    let database = config.database_location()?;
    eprintln!("Copying the database");
    let rows = database.copy_to(&unfinished.join(database.copy_name())).await?;
    let attachments = config.data.folder.join("attachments");
    let _complete = attachments.exists().then(|| locked_against_removals(&attachments)).transpose()?;
    let copied = files::found_below(&config.data.folder, is_left_out)?;
    files::copy_all(&copied, &config.data.folder, &unfinished.join(manifest::FILES))?;
    let manifest = Manifest::of(&unfinished, database.copy_name(), rows)?;
    manifest.write(&unfinished)?;
    put_in_place(&unfinished, target)?;
    println!("{} holds the database and {} files.", target.display(), copied.len());
    Ok(())
}

/// Checks a backup, and puts its data where the configuration says.
pub async fn restore(config: &Config, source: &Path, existing: Existing) -> anyhow::Result<()> {
    let manifest = Manifest::read(source)?;
    let database = config.database_location()?;
    if manifest.database != database.copy_name() {
        bail!("the backup has a {}, and database.url asks for a {}", manifest.database, database.copy_name());
    }
    let folder = &config.data.folder;
    let _alone = folder.exists().then(|| DataFolderLock::of_restore(folder)).transpose()?;
    if existing == Existing::Keep && !(is_vacant(folder)? && database.is_empty().await?) {
        bail!("there is data in {} or in its database: --replace puts the backup in its place", folder.display());
    }
    manifest.check(source)?;
    let unfinished = beside(folder, "unfinished")?;
    files::make_anew(&unfinished)?;
    let copied: Vec<_> = manifest.files.iter().filter_map(File::in_data_folder).collect();
    files::copy_all(&copied, &source.join(manifest::FILES), &unfinished)?;
    eprintln!("Restoring the database");
    let restored = match &database {
        DatabaseLocation::Sqlite(file) => {
            DatabaseLocation::Sqlite(unfinished.join(file.file_name().context("a file's name")?))
        }
        DatabaseLocation::Postgres(url) => DatabaseLocation::Postgres(url.clone()),
    };
    restored.replace_by(&source.join(&manifest.database), &manifest.rows).await?;
    files::sync_all(&unfinished)?;
    put_in_place(&unfinished, folder)?;
    println!("{} holds the data of {}.", folder.display(), source.display());
    Ok(())
}

/// SQLite's files are copied by SQLite; what is still being received is no part of a ticket.
fn is_left_out(file: &Path) -> bool {
    file.starts_with("attachments/tmp") || file.to_str().is_some_and(|name| name.starts_with("deskbell.sqlite"))
}

/// Nothing is there, or an empty folder.
fn is_vacant(folder: &Path) -> anyhow::Result<bool> {
    match fs::read_dir(folder) {
        Ok(mut entries) => Ok(entries.next().is_none()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(true),
        Err(error) => Err(error).with_context(|| format!("reading {}", folder.display())),
    }
}

fn beside(folder: &Path, suffix: &str) -> anyhow::Result<PathBuf> {
    let name = folder.file_name().with_context(|| format!("{} is no name of a folder", folder.display()))?;
    let mut name = name.to_owned();
    name.push(format!(".{suffix}"));
    Ok(folder.with_file_name(name))
}

/// Gives a finished folder its name. What had the name before goes last.
fn put_in_place(finished: &Path, target: &Path) -> anyhow::Result<()> {
    let naming = || format!("renaming {} to {}", finished.display(), target.display());
    let before = beside(target, "replaced")?;
    if target.exists() {
        fs::rename(target, &before).with_context(naming)?;
    }
    if let Err(error) = fs::rename(finished, target) {
        fs::rename(&before, target).ok();
        return Err(error).with_context(naming);
    }
    files::sync(target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new(".")))?;
    if before.exists() {
        fs::remove_dir_all(&before).with_context(|| format!("removing {}", before.display()))?;
    }
    Ok(())
}
