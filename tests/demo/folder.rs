//! The demo's folder: marked as such, so that nothing else is ever wiped, with notes for scripts.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};
use deskbell_protocol::AssetId;
use serde::{Deserialize, Serialize};
use tempfile::NamedTempFile;
use url::Url;

/// The file that says that a folder is a demo's.
const MARKER: &str = ".deskbell-demo";

/// Where the notes are.
const NOTES: &str = "demo.json";

/// A folder that belongs to the demo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DemoFolder {
    /// The folder.
    pub(crate) path: PathBuf,
}

/// What scripts beside the demo need, and what the next start must know. Only its owner can read it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// Where the server is.
    pub(crate) server_url: Url,
    /// Where its API is.
    pub(crate) api_url: Url,
    /// A token for the API.
    pub(crate) api_token: String,
    /// What `--root` of the agent's programs takes.
    pub(crate) agent_root: PathBuf,
    /// This computer; absent until it is enrolled and assigned.
    pub(crate) asset_id: Option<AssetId>,
}

impl DemoFolder {
    /// The folder at `path`: an earlier demo's, or a new one.
    pub(crate) fn open(path: &Path) -> anyhow::Result<Self> {
        let made = || format!("making {}", path.display());
        if !is_empty(path)? && !path.join(MARKER).exists() {
            bail!("{} is not empty and not a demo's folder; choose another one with --data", path.display());
        }
        fs::create_dir_all(path).with_context(made)?;
        fs::write(path.join(MARKER), "Made by `cargo demo`, which may wipe this folder.\n").with_context(made)?;
        Ok(Self { path: fs::canonicalize(path).with_context(made)? })
    }

    /// The folder at `path`, emptied. Refuses to touch anything that is not a demo's.
    pub(crate) fn wiped(path: &Path) -> anyhow::Result<Self> {
        let folder = Self::open(path)?;
        fs::remove_dir_all(&folder.path).with_context(|| format!("wiping {}", path.display()))?;
        Self::open(path)
    }

    /// The server's part.
    pub(crate) fn server(&self) -> PathBuf {
        self.path.join("server")
    }

    /// The agent's part.
    pub(crate) fn agent(&self) -> PathBuf {
        self.path.join("agent")
    }

    /// Where the notes are.
    pub(crate) fn notes_path(&self) -> PathBuf {
        self.path.join(NOTES)
    }

    /// The notes of an earlier start.
    pub(crate) fn notes(&self) -> anyhow::Result<Option<Notes>> {
        let path = self.notes_path();
        if !path.exists() {
            return Ok(None);
        }
        let text = fs::read_to_string(&path).with_context(|| format!("reading {}", path.display()))?;
        serde_json::from_str(&text).with_context(|| format!("reading {}", path.display())).map(Some)
    }

    /// Keeps notes, readable for their owner only.
    pub(crate) fn keep(&self, notes: &Notes) -> anyhow::Result<()> {
        let written = || format!("writing {}", self.notes_path().display());
        // A temporary file is made with mode 0600.
        let mut file = NamedTempFile::new_in(&self.path).with_context(written)?;
        serde_json::to_writer_pretty(&mut file, notes).with_context(written)?;
        file.write_all(b"\n").with_context(written)?;
        file.persist(self.notes_path()).with_context(written)?;
        Ok(())
    }
}

fn is_empty(path: &Path) -> anyhow::Result<bool> {
    if !path.exists() {
        return Ok(true);
    }
    let mut listing = fs::read_dir(path).with_context(|| format!("listing {}", path.display()))?;
    Ok(listing.next().is_none())
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    #[test]
    fn only_a_demo_folder_is_wiped() {
        let elsewhere = tempfile::tempdir().expect("a folder");
        fs::write(elsewhere.path().join("thesis.txt"), "x").expect("a file");
        assert!(DemoFolder::wiped(elsewhere.path()).is_err());
        assert!(DemoFolder::open(elsewhere.path()).is_err());
        assert!(elsewhere.path().join("thesis.txt").exists());
    }

    #[test]
    fn a_demo_folder_is_wiped_and_marked_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let demo = DemoFolder::open(&folder.path().join("demo")).expect("a demo's folder");
        fs::write(demo.path.join("left"), "x").expect("a file");

        let demo = DemoFolder::wiped(&demo.path).expect("wiped");

        assert!(!demo.path.join("left").exists() && demo.path.join(MARKER).exists());
    }

    /// S23: the token in the notes is nobody else's.
    #[test]
    fn notes_are_for_their_owner_only() {
        let folder = tempfile::tempdir().expect("a folder");
        let demo = DemoFolder::open(folder.path()).expect("a demo's folder");
        let url: Url = "http://localhost:7080".parse().expect("a URL");
        let notes = Notes {
            server_url: url.clone(),
            api_url: url,
            api_token: "secret".into(),
            agent_root: demo.agent(),
            asset_id: None,
        };

        demo.keep(&notes).expect("kept");

        let mode = fs::metadata(demo.notes_path()).expect("notes").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        assert_eq!(demo.notes().expect("notes"), Some(notes));
    }
}
