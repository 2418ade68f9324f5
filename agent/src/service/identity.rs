//! Who this computer is to the server, and whether it still is the same computer.

use std::{fmt, fmt::Write as _, fs, path::Path};

use anyhow::Context as _;
use deskbell_protocol::AssetId;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::{durable_file, paths::Paths, platform};

/// The agent's identity, kept in `identity.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The asset that this computer is.
    pub asset_id: AssetId,
    /// Proves it to the server.
    pub agent_token: AgentToken,
    /// The computer that was enrolled.
    pub fingerprint: String,
}

/// The agent's secret. Prints as `[hidden]`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct AgentToken(pub String);

impl fmt::Debug for AgentToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[hidden]")
    }
}

/// Which computer this is: a digest that a copied disk does not share. 64 hexadecimal digits.
pub fn machine_fingerprint(paths: &Paths) -> String {
    fingerprint(&platform::machine_marks(&paths.machine))
}

/// The identity of the computer with this `fingerprint`. One of another computer came with a copied disk: it is set
/// aside together with the policy, and this computer enrolls anew (AGT-12).
pub fn load(paths: &Paths, fingerprint: &str) -> anyhow::Result<Option<Identity>> {
    let path = paths.identity();
    let Some(text) = durable_file::read(&path).with_context(|| format!("reading {}", path.display()))? else {
        return Ok(None);
    };
    let identity: Identity = serde_json::from_str(&text)
        .with_context(|| format!("reading {} (restore it, or remove it and enroll again)", path.display()))?;
    if identity.fingerprint == fingerprint {
        return Ok(Some(identity));
    }
    tracing::warn!("The stored identity belongs to another computer; this one enrolls anew");
    let aside = path.with_extension("of-another-computer.json");
    fs::rename(&path, &aside).with_context(|| format!("setting {} aside", path.display()))?;
    durable_file::remove(&paths.policy()).with_context(|| format!("removing {}", paths.policy().display()))?;
    Ok(None)
}

/// Saves `identity`, and returns when it is on the disk.
pub fn save(path: &Path, identity: &Identity) -> anyhow::Result<()> {
    let text = serde_json::to_string_pretty(identity).context("writing the identity as JSON")?;
    durable_file::replace_private(path, text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}

/// Fails where [`save`] would, so that no enrollment is spent on a computer that cannot remember it.
pub fn check_can_save(paths: &Paths) -> anyhow::Result<()> {
    let probe = paths.state.join("probe");
    platform::prepare_state_folder(&paths.state)
        .and_then(|()| durable_file::replace_private(&probe, &[b' '; 4096]))
        .and_then(|()| durable_file::remove(&probe))
        .with_context(|| format!("writing to {}", paths.state.display()))
}

fn fingerprint(marks: &[String]) -> String {
    let mut digest = Sha256::new();
    for mark in marks {
        digest.update((mark.len() as u64).to_be_bytes());
        digest.update(mark);
    }
    digest.finalize().iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn identity(fingerprint: &str) -> Identity {
        Identity {
            asset_id: AssetId("018f0000-0000-7000-8000-000000000001".parse().expect("an id")),
            agent_token: AgentToken("secret".into()),
            fingerprint: fingerprint.to_owned(),
        }
    }

    fn paths(folder: &tempfile::TempDir) -> Paths {
        let paths = Paths::new(Some(folder.path()));
        platform::prepare_state_folder(&paths.state).expect("a folder");
        paths
    }

    #[test]
    fn an_identity_comes_back_on_the_same_computer() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = paths(&folder);
        save(&paths.identity(), &identity("here")).expect("saved");
        assert_eq!(load(&paths, "here").expect("loaded"), Some(identity("here")));
    }

    /// AGT-12: a cloned disk does not act as the computer that it was copied from, and loses nothing.
    #[test]
    fn the_identity_of_another_computer_is_set_aside_with_its_policy() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = paths(&folder);
        save(&paths.identity(), &identity("elsewhere")).expect("saved");
        fs::write(paths.policy(), "{}").expect("written");

        assert_eq!(load(&paths, "here").expect("loaded"), None);

        assert!(!paths.identity().exists() && !paths.policy().exists());
        assert!(paths.state.join("identity.of-another-computer.json").exists());
    }

    #[test]
    fn a_damaged_identity_is_an_error_and_stays() {
        let folder = tempfile::tempdir().expect("a folder");
        let paths = paths(&folder);
        fs::write(paths.identity(), "{").expect("written");
        assert!(load(&paths, "here").is_err());
        assert!(paths.identity().exists());
    }

    #[test]
    fn a_fingerprint_tells_computers_apart_by_each_mark() {
        let marks = |marks: [&str; 3]| fingerprint(&marks.map(str::to_owned));
        assert_eq!(marks(["a", "b", "c"]), marks(["a", "b", "c"]));
        assert_eq!(marks(["a", "b", "c"]).len(), 64);
        for other in [["x", "b", "c"], ["a", "x", "c"], ["a", "b", "x"], ["ab", "", "c"]] {
            assert_ne!(marks(other), marks(["a", "b", "c"]));
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", identity("here")).contains("secret"));
    }
}
