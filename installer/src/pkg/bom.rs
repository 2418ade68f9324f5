//! The "bill of materials" of a macOS package: every path with its permissions, size and checksum, from which the
//! system's receipt is made.
//!
//! The format is not documented; this writes what <https://github.com/hogliux/bomutils> found out about it: numbered
//! blocks, a table of where each is, and names for some of them. A tree of up to 510 paths fits into one block.

use std::collections::BTreeMap;

use anyhow::ensure;

use super::Node;

/// How large the block of a tree's paths is said to be, as in packages by Apple's tools.
const TREE_BLOCK_BYTES: usize = 4096;
/// Where blocks begin: after the header.
const HEADER_BYTES: usize = 512;

/// The list of `nodes`, whose folders come before what is in them.
pub(super) fn bom(nodes: &[Node<'_>], moment: u32) -> anyhow::Result<Vec<u8>> {
    let mut blocks = Blocks::default();
    let count = u32::try_from(nodes.len())?;
    let info = blocks.add(words(&[1, count + 1, 0]));

    let mut ids = BTreeMap::new();
    let mut leaf = Vec::new();
    for (id, node) in (1_u32..).zip(nodes) {
        let (parent, name) = node.path.rsplit_once('/').unwrap_or(("", &node.path));
        let parent = ids.get(parent).copied().unwrap_or(0);
        ids.insert(node.path.as_str(), id);
        let record = blocks.add(record(node, moment)?);
        let index = blocks.add(words(&[id, record]));
        let file = blocks.add([&words(&[parent]), name.as_bytes(), &[0]].concat());
        leaf.extend(words(&[index, file]));
    }
    let paths = blocks.add_tree(count, leaf, TREE_BLOCK_BYTES)?;
    let hard_links = blocks.add_tree(0, Vec::new(), TREE_BLOCK_BYTES)?;
    let view = blocks.add_tree(0, Vec::new(), 128)?;
    let view = blocks.add([words(&[1, view, 0]), vec![0]].concat());
    let large_files = blocks.add_tree(0, Vec::new(), TREE_BLOCK_BYTES)?;
    let names =
        [("BomInfo", info), ("Paths", paths), ("HLIndex", hard_links), ("VIndex", view), ("Size64", large_files)];
    blocks.finish(&names)
}

/// What is at a path.
fn record(node: &Node<'_>, moment: u32) -> anyhow::Result<Vec<u8>> {
    let (kind, content) = node.content.map_or((2, [].as_slice()), |content| (1, content));
    let size = u32::try_from(content.len())?;
    let checksum = if node.content.is_some() { posix_checksum(content) } else { 0 };
    let mode = u16::try_from(node.mode)?;
    // The architectures that a program may have, which only Apple's tools look into.
    let architectures = 15_u16;
    Ok([
        &[kind, 1][..],
        &architectures.to_be_bytes(),
        &mode.to_be_bytes(),
        &words(&[0, node.group, moment, size]),
        &[1],
        &words(&[checksum, 0]),
    ]
    .concat())
}

/// The blocks, of which the first is empty.
#[derive(Default)]
struct Blocks(Vec<Vec<u8>>);

impl Blocks {
    /// Returns the new block's number.
    fn add(&mut self, block: Vec<u8>) -> u32 {
        self.0.push(block);
        u32::try_from(self.0.len()).expect("a package has few files")
    }

    /// A tree with everything in one leaf.
    fn add_tree(&mut self, count: u32, entries: Vec<u8>, block_bytes: usize) -> anyhow::Result<u32> {
        let is_leaf_and_count = (1 << 16) | count;
        let mut leaf = [words(&[is_leaf_and_count, 0, 0]), entries].concat();
        ensure!(leaf.len() <= block_bytes, "{count} paths are too many for one package");
        leaf.resize(block_bytes, 0);
        let leaf = self.add(leaf);
        let block_bytes = u32::try_from(block_bytes)?;
        Ok(self.add([b"tree".as_slice(), &words(&[1, leaf, block_bytes, count]), &[0]].concat()))
    }

    fn finish(self, names: &[(&str, u32)]) -> anyhow::Result<Vec<u8>> {
        let mut body = Vec::new();
        // The empty block's place and length come first.
        let mut table = words(&[u32::try_from(self.0.len() + 1)?, 0, 0]);
        for block in &self.0 {
            table.extend(words(&[u32::try_from(HEADER_BYTES + body.len())?, u32::try_from(block.len())?]));
            body.extend(block);
        }
        // No block is free, though two are said to be.
        table.extend(words(&[0; 5]));
        let mut variables = words(&[u32::try_from(names.len())?]);
        for (name, block) in names {
            variables.extend(words(&[*block]));
            variables.push(u8::try_from(name.len())?);
            variables.extend(name.as_bytes());
        }
        let [table_start, variables_start] =
            [HEADER_BYTES + body.len(), HEADER_BYTES + body.len() + table.len()].map(u32::try_from);
        let mut bom = b"BOMStore".to_vec();
        bom.extend(words(&[1, u32::try_from(self.0.len())?, table_start?, u32::try_from(table.len())?]));
        bom.extend(words(&[variables_start?, u32::try_from(variables.len())?]));
        bom.resize(HEADER_BYTES, 0);
        Ok([bom, body, table, variables].concat())
    }
}

fn words(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

/// What the program `cksum` prints.
fn posix_checksum(content: &[u8]) -> u32 {
    let length = content.len().to_le_bytes();
    let length = length.iter().take(length.iter().rposition(|byte| *byte != 0).map_or(0, |last| last + 1));
    let update = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ (u32::from(*byte) << 24), |sum, _| {
            let carry = if sum >> 31 == 1 { 0x04C1_1DB7 } else { 0 };
            sum << 1 ^ carry
        })
    };
    !content.iter().chain(length).fold(0, update)
}

#[cfg(test)]
mod tests {
    use super::posix_checksum;

    #[test]
    fn the_checksum_is_that_of_cksum() {
        assert_eq!(posix_checksum(b""), 4_294_967_295);
        assert_eq!(posix_checksum(b"hello\n"), 3_015_617_425);
    }
}
