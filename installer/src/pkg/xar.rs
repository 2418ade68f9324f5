//! The outermost layer of a macOS package: a compressed table of contents in XML, then the files one after the other.
//! <https://github.com/apple-oss-distributions/xar>

use std::fmt::Write as _;

use sha1::{Digest as _, Sha1};

use super::zlib;

/// A file of the archive.
pub(super) struct Member {
    /// Its name, or the names of a folder and a file in it.
    pub(super) path: String,
    pub(super) content: Vec<u8>,
}

const HASH_BYTES: usize = 20;

/// `members` as an archive. A folder's members stand next to each other.
pub(super) fn xar(members: &[Member], created: &str) -> anyhow::Result<Vec<u8>> {
    let mut heap = Vec::new();
    let mut files = String::new();
    let mut folder = "";
    let mut id = 0..;
    for member in members {
        let (parent, name) = member.path.rsplit_once('/').unwrap_or(("", &member.path));
        if parent != folder {
            let open = if parent.is_empty() { String::new() } else { start("directory", parent, &mut id) };
            let close = if folder.is_empty() { "" } else { "</file>" };
            write!(files, "{close}{open}")?;
            folder = parent;
        }
        let (offset, size) = (HASH_BYTES + heap.len(), member.content.len());
        let hash = hexadecimal(&Sha1::digest(&member.content));
        write!(
            files,
            "{}<data><length>{size}</length><offset>{offset}</offset><size>{size}</size>\
             <encoding style=\"application/octet-stream\"/>\
             <extracted-checksum style=\"sha1\">{hash}</extracted-checksum>\
             <archived-checksum style=\"sha1\">{hash}</archived-checksum></data></file>",
            start("file", name, &mut id)
        )?;
        heap.extend(&member.content);
    }
    let close = if folder.is_empty() { "" } else { "</file>" };
    let toc = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><xar><toc><creation-time>{created}</creation-time>\
         <checksum style=\"sha1\"><offset>0</offset><size>{HASH_BYTES}</size></checksum>{files}{close}</toc></xar>\n"
    );
    let compressed = zlib(toc.as_bytes())?;
    // Size of this header, version 1; the last number says that the table is hashed by SHA-1.
    let mut archive = [b"xar!".as_slice(), &28_u16.to_be_bytes(), &1_u16.to_be_bytes()].concat();
    archive.extend((compressed.len() as u64).to_be_bytes());
    archive.extend((toc.len() as u64).to_be_bytes());
    archive.extend(1_u32.to_be_bytes());
    let hash = Sha1::digest(&compressed);
    Ok([archive, compressed, hash.to_vec(), heap].concat())
}

fn start(kind: &str, name: &str, id: &mut impl Iterator<Item = u32>) -> String {
    let id = id.next().unwrap_or_default() + 1;
    format!("<file id=\"{id}\"><name>{name}</name><type>{kind}</type>")
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
