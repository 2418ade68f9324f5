//! The policy's icons on the disk, for starts with the server away: one file each, at most [`MAX_ICON_BYTES`], and none
//! but those of the policy in force.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::{self, File},
    io::{self, Read as _},
    path::Path,
};

use anyhow::{Context as _, ensure};
use deskbell_protocol::{IconHash, Icons, icon::MAX_ICON_BYTES};
use sha2::{Digest as _, Sha256};
use tracing::warn;

use crate::{durable_file, platform};

/// Whether `png` is the icon with this name.
pub fn is_named(png: &[u8], hash: &IconHash) -> bool {
    let digits = Sha256::digest(png).iter().fold(String::new(), |mut digits, byte| {
        let _ = write!(digits, "{byte:02x}");
        digits
    });
    digits == hash.as_str()
}

/// Those of `icons` that are whole in `folder`. The server sends the others again.
pub fn load(folder: &Path, icons: &Icons) -> BTreeMap<IconHash, Vec<u8>> {
    let read = |hash: &IconHash| match read(folder, hash) {
        Ok(png) => Some((hash.clone(), png)),
        Err(error) => {
            warn!("An icon is not in the cache: {error:#}");
            None
        }
    };
    icons.hashes().filter_map(read).collect()
}

/// Keeps `png` as `hash`, and of the other files those of `icons`. Returns when it is on the disk.
pub fn save(folder: &Path, icons: &Icons, hash: &IconHash, png: &[u8]) -> anyhow::Result<()> {
    platform::prepare_state_folder(folder).context("preparing the folder of icons")?;
    remove_others(folder, icons).context("removing icons of an earlier policy")?;
    let path = folder.join(hash.as_str());
    durable_file::replace_private(&path, png).with_context(|| format!("writing {}", path.display()))
}

fn read(folder: &Path, hash: &IconHash) -> anyhow::Result<Vec<u8>> {
    let path = folder.join(hash.as_str());
    let naming = || format!("reading {}", path.display());
    let mut png = Vec::new();
    let file = File::open(&path).with_context(naming)?;
    file.take(MAX_ICON_BYTES as u64 + 1).read_to_end(&mut png).with_context(naming)?;
    ensure!(png.len() <= MAX_ICON_BYTES && is_named(&png, hash), "{} is damaged", path.display());
    Ok(png)
}

fn remove_others(folder: &Path, icons: &Icons) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !icons.hashes().any(|hash| entry.file_name() == hash.as_str()) {
            durable_file::remove(&entry.path())?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// SHA-256 of `abc` (FIPS 180-4).
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    fn icons(light: &str) -> Icons {
        Icons { light: light.parse().expect("a hash"), dark: None }
    }

    #[test]
    fn a_saved_icon_comes_back_and_one_of_an_earlier_policy_is_gone() {
        let folder = tempfile::tempdir().expect("a folder");
        let earlier = icons(&"a".repeat(64));
        save(folder.path(), &earlier, &earlier.light, b"x").expect("saved");

        save(folder.path(), &icons(ABC), &icons(ABC).light, b"abc").expect("saved");

        assert_eq!(load(folder.path(), &icons(ABC)), BTreeMap::from([(icons(ABC).light, b"abc".to_vec())]));
        assert_eq!(fs::read_dir(folder.path()).expect("listed").count(), 1);
    }

    #[test]
    fn a_damaged_or_oversized_file_counts_as_none() {
        let folder = tempfile::tempdir().expect("a folder");
        for contents in [b"abd".to_vec(), Vec::new(), vec![b'x'; MAX_ICON_BYTES + 1]] {
            fs::write(folder.path().join(ABC), contents).expect("written");
            assert!(load(folder.path(), &icons(ABC)).is_empty());
        }
    }
}
