//! The last policy that arrived, for starts with the server away (AGT-06).

use std::path::Path;

use anyhow::Context as _;
use deskbell_protocol::{PolicyAnswer, UnixMillis};
use serde::{Deserialize, Serialize};

use crate::durable_file;

/// A policy in force.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CachedPolicy {
    /// The policy with this computer's values.
    pub answer: PolicyAnswer,
    /// What the server calls it.
    pub etag: String,
    /// When it arrived.
    pub since: UnixMillis,
}

/// The policy at `path`. One that cannot be read counts as none: the server sends it again.
pub fn load(path: &Path) -> Option<CachedPolicy> {
    let read = || -> anyhow::Result<Option<CachedPolicy>> {
        let text = durable_file::read(path)?;
        Ok(text.map(|text| serde_json::from_str(&text)).transpose()?)
    };
    read().unwrap_or_else(|error| {
        tracing::warn!(error = %error, "The cached policy cannot be read; waiting for the server's");
        None
    })
}

/// Saves `policy`, and returns when it is on the disk.
pub fn save(path: &Path, policy: &CachedPolicy) -> anyhow::Result<()> {
    let text = serde_json::to_string(policy).context("writing the policy as JSON")?;
    durable_file::replace_private(path, text.as_bytes()).with_context(|| format!("writing {}", path.display()))
}

#[cfg(test)]
mod tests {
    use deskbell_protocol::{Policy, Values};

    use super::*;

    #[test]
    fn a_saved_policy_comes_back_and_a_damaged_one_counts_as_none() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("policy.json");
        let answer = PolicyAnswer { policy: Policy::silent(), values: Values::default() };
        let policy = CachedPolicy { answer, etag: "\"1\"".into(), since: 5 };
        save(&path, &policy).expect("saved");
        assert_eq!(load(&path), Some(policy));

        std::fs::write(&path, "{").expect("written");
        assert_eq!(load(&path), None);
    }
}
