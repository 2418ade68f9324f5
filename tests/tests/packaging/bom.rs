//! Reads a macOS package's bill of materials, apart from the code that writes it.

use std::collections::BTreeMap;

use anyhow::{Context, ensure};

/// What a bill says of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Recorded {
    pub(crate) size: u32,
    pub(crate) checksum: u32,
}

/// Every path, from the package's root.
pub(crate) fn paths(bom: &[u8]) -> anyhow::Result<BTreeMap<String, Recorded>> {
    ensure!(bom.starts_with(b"BOMStore"), "no bill of materials");
    let (table, variables) = (word(bom, 16)?, word(bom, 24)?);
    let block = |number: u32| {
        let entry = table as usize + 4 + 8 * number as usize;
        let start = word(bom, entry)? as usize;
        bom.get(start..start + word(bom, entry + 4)? as usize).context("a block")
    };

    let mut tree = None;
    let mut at = variables as usize + 4;
    for _ in 0..word(bom, variables as usize)? {
        let length = usize::from(*bom.get(at + 4).context("a name")?);
        if bom.get(at + 5..at + 5 + length) == Some(b"Paths") {
            tree = Some(block(word(bom, at)?)?);
        }
        at += 5 + length;
    }
    let tree = tree.context("no paths")?;
    let leaf = block(word(tree, 8)?)?;

    let mut names: BTreeMap<u32, String> = BTreeMap::new();
    let mut paths = BTreeMap::new();
    for entry in 0..word(tree, 16)? as usize {
        let [index, file] = [word(leaf, 12 + 8 * entry)?, word(leaf, 16 + 8 * entry)?].map(block);
        let (index, file) = (index?, file?);
        let name = String::from_utf8_lossy(file.get(4..file.len() - 1).context("a name")?).into_owned();
        let path = names.get(&word(file, 0)?).map_or(name.clone(), |parent| format!("{parent}/{name}"));
        let record = block(word(index, 4)?)?;
        paths.insert(path.clone(), Recorded { size: word(record, 18)?, checksum: word(record, 23)? });
        names.insert(word(index, 0)?, path);
    }
    Ok(paths)
}

fn word(bytes: &[u8], at: usize) -> anyhow::Result<u32> {
    let bytes = bytes.get(at..at + 4).context("too short")?;
    Ok(u32::from_be_bytes(bytes.try_into()?))
}
