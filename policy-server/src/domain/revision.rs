//! What a server has to read again of what it holds in memory, from the revisions that were written since it looked last.

use std::collections::BTreeSet;

use strum::{EnumString, IntoStaticStr};

use super::ids::AssetId;

/// What was changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum RevisionKind {
    /// The MSP, an organization, a folder, a policy, or where one is attached.
    Tree,
    /// The MSP's name and colors.
    Look,
    /// One asset, its assignment or its end user's name.
    Asset,
}

/// One change. Numbers follow each other without a gap, in the order of their commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// Its place.
    pub number: i64,
    /// What was changed.
    pub kind: RevisionKind,
    /// Which asset, where it is one.
    pub asset: Option<AssetId>,
}

/// What has to be read again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Stale {
    /// All of it: what was written meanwhile is no longer known.
    Everything,
    /// These parts.
    Parts(StaleParts),
}

/// Parts of what is in memory.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StaleParts {
    /// The policy tree.
    pub tree: bool,
    /// The MSP's name and colors.
    pub look: bool,
    /// These assets.
    pub assets: BTreeSet<AssetId>,
}

/// What has to be read again by whoever has read everything up to revision `seen`. `since` are the revisions from that one
/// on, itself included.
pub fn stale(seen: i64, since: &[Revision]) -> Stale {
    let first = since.first().map_or(0, |revision| revision.number);
    // Before the first revision there is none.
    if first != seen && (seen, first) != (0, 1) {
        return Stale::Everything;
    }
    let mut parts = StaleParts::default();
    for revision in since.iter().filter(|revision| revision.number > seen) {
        match revision.kind {
            RevisionKind::Tree => parts.tree = true,
            RevisionKind::Look => parts.look = true,
            RevisionKind::Asset => parts.assets.extend(revision.asset),
        }
    }
    Stale::Parts(parts)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn asset(n: u128) -> AssetId {
        AssetId(Uuid::from_u128(n))
    }

    fn revision(number: i64, kind: RevisionKind) -> Revision {
        Revision { number, kind, asset: None }
    }

    fn of_asset(number: i64, n: u128) -> Revision {
        Revision { number, kind: RevisionKind::Asset, asset: Some(asset(n)) }
    }

    #[test]
    fn what_was_written_since_is_read_again_once_and_nothing_else() {
        let since = [revision(7, RevisionKind::Tree), of_asset(8, 1), of_asset(9, 2), of_asset(10, 1)];
        let parts = StaleParts { assets: [asset(1), asset(2)].into(), ..StaleParts::default() };
        assert_eq!(stale(7, &since), Stale::Parts(parts));
        assert_eq!(stale(7, &since[..1]), Stale::Parts(StaleParts::default()));
        let since = [of_asset(1, 1), revision(2, RevisionKind::Look), revision(3, RevisionKind::Tree)];
        let parts = StaleParts { tree: true, look: true, assets: [asset(1)].into() };
        assert_eq!(stale(0, &since), Stale::Parts(parts));
        assert_eq!(stale(0, &[]), Stale::Parts(StaleParts::default()));
    }

    #[test]
    fn whoever_was_away_for_too_long_reads_everything() {
        let later = [revision(100, RevisionKind::Look)];
        assert_eq!(stale(7, &later), Stale::Everything, "some between are no longer kept");
        assert_eq!(stale(0, &later), Stale::Everything);
        assert_eq!(stale(7, &[]), Stale::Everything, "the database is another one by now");
    }
}
