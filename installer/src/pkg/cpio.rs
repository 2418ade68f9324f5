//! The archive inside a macOS package: POSIX cpio ("odc"), with every number in octal.

use super::Node;

/// `nodes`, and the entry that ends an archive.
pub(super) fn cpio(nodes: &[Node<'_>], moment: u32) -> Vec<u8> {
    let mut archive = Vec::new();
    for (inode, node) in (1..).zip(nodes) {
        entry(&mut archive, inode, &node.path, node, moment);
    }
    let end = Node { path: "TRAILER!!!".to_owned(), mode: 0, group: 0, content: None };
    entry(&mut archive, 0, &end.path, &end, 0);
    archive
}

fn entry(archive: &mut Vec<u8>, inode: usize, name: &str, node: &Node<'_>, moment: u32) {
    let content = node.content.unwrap_or_default();
    let (mode, group, name_size, size) = (node.mode, node.group, name.len() + 1, content.len());
    // Magic, device, inode, mode, owner, group, links, device type, time, sizes of name and content.
    let header = format!(
        "070707{:06o}{inode:06o}{mode:06o}{:06o}{group:06o}{:06o}{:06o}{moment:011o}{name_size:06o}{size:011o}",
        0, 0, 1, 0
    );
    archive.extend(header.as_bytes());
    archive.extend(name.as_bytes());
    archive.push(0);
    archive.extend(content);
}
