//! A package for macOS: an archive of a description for the Installer and, in a folder, the component with its files,
//! scripts and lists.
//!
//! It is not signed: that is done with the user's certificate, by Apple's `productsign` or by `rcodesign` on any system,
//! whose many dependencies no build of Deskbell should have. docs/deploy/macos.md says how.

mod bom;
mod cpio;
mod xar;

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    path::Path,
};

use flate2::{Compression, GzBuilder, write::ZlibEncoder};

use self::xar::Member;
use crate::{customer::Customer, package::Package};

/// The component's name for `pkgutil`.
pub const IDENTIFIER: &str = "org.deskbell.agent";
const OLDEST: &str = "13.0";

const DIRECTORY: u32 = 0o040_000;
const REGULAR: u32 = 0o100_000;
/// macOS's groups by number.
const WHEEL: u32 = 0;
const ADMIN: u32 = 80;

/// A path of an archive; the owner is root.
struct Node<'a> {
    /// `.`, or a path that begins with it.
    path: String,
    /// Kind and permissions, as `stat` has them.
    mode: u32,
    group: u32,
    /// None for a folder.
    content: Option<&'a [u8]>,
}

/// The package and its file name, with the settings of one customer or of nobody.
pub fn pkg(package: &Package, customer: Option<&Customer>) -> anyhow::Result<(String, Vec<u8>)> {
    let payload = payload(package);
    let [preinstall, postinstall] = [include_str!("../macos/preinstall"), include_str!("../macos/postinstall")]
        .map(|script| script.replace("@version@", &package.version));
    let mut scripts = vec![folder(".".to_owned())];
    scripts.extend([("preinstall", &preinstall), ("postinstall", &postinstall)].map(|(name, script)| Node {
        path: format!("./{name}"),
        mode: REGULAR | 0o755,
        group: WHEEL,
        content: Some(script.as_bytes()),
    }));
    let settings = customer.map(Customer::files).unwrap_or_default();
    scripts.extend(settings.iter().map(|(name, text)| Node {
        path: format!("./{name}"),
        mode: REGULAR | 0o600,
        group: WHEEL,
        content: Some(text.as_bytes()),
    }));

    let kilobytes = package.installed_size().div_ceil(1024);
    let moment = package.moment;
    let member = |path: &str, content| Member { path: path.to_owned(), content };
    let members = [
        member("Distribution", distribution(&package.version, kilobytes).into_bytes()),
        member("agent.pkg/Bom", bom::bom(&payload, moment)?),
        member("agent.pkg/PackageInfo", package_info(&package.version, kilobytes, payload.len()).into_bytes()),
        member("agent.pkg/Payload", gzip(&cpio::cpio(&payload, moment), moment)?),
        member("agent.pkg/Scripts", gzip(&cpio::cpio(&scripts, moment), moment)?),
    ];
    let name = format!("{}-{}.pkg", package.product.name(), package.version);
    Ok((name, xar::xar(&members, "2026-01-01T00:00:00")?))
}

/// The files and all folders above them, each before what is in it.
fn payload(package: &Package) -> Vec<Node<'_>> {
    let files = package.files.iter().map(|file| Node {
        path: format!(".{}", file.item.path),
        mode: REGULAR | file.item.mode,
        group: WHEEL,
        content: Some(&file.bytes),
    });
    let above = package.files.iter().flat_map(|file| Path::new(file.item.path).ancestors().skip(1));
    let above: BTreeSet<_> =
        above.map(|path| format!(".{}", path.display()).trim_end_matches('/').to_owned()).collect();
    let mut nodes: Vec<_> = above.into_iter().map(folder).chain(files).collect();
    nodes.sort_by(|one, other| one.path.split('/').cmp(other.path.split('/')));
    nodes
}

/// A folder with the permissions that macOS gives it, where it is the system's.
fn folder<'a>(path: String) -> Node<'a> {
    let (mode, group) = if path == "./Applications" { (0o775, ADMIN) } else { (0o755, WHEEL) };
    Node { path, mode: DIRECTORY | mode, group, content: None }
}

fn package_info(version: &str, kilobytes: usize, files: usize) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <pkg-info format-version=\"2\" identifier=\"{IDENTIFIER}\" version=\"{version}\" install-location=\"/\" \
         auth=\"root\" overwrite-permissions=\"false\" relocatable=\"false\" postinstall-action=\"none\">\n\
         \x20   <payload numberOfFiles=\"{files}\" installKBytes=\"{kilobytes}\"/>\n\
         \x20   <scripts>\n\
         \x20       <preinstall file=\"./preinstall\"/>\n\
         \x20       <postinstall file=\"./postinstall\"/>\n\
         \x20   </scripts>\n\
         </pkg-info>\n"
    )
}

/// What the Installer shows and checks.
fn distribution(version: &str, kilobytes: usize) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <installer-gui-script minSpecVersion=\"2\">\n\
         \x20   <title>Deskbell</title>\n\
         \x20   <options customize=\"never\" require-scripts=\"false\" rootVolumeOnly=\"true\" hostArchitectures=\"arm64,x86_64\"/>\n\
         \x20   <allowed-os-versions><os-version min=\"{OLDEST}\"/></allowed-os-versions>\n\
         \x20   <choices-outline><line choice=\"agent\"/></choices-outline>\n\
         \x20   <choice id=\"agent\" title=\"Deskbell\"><pkg-ref id=\"{IDENTIFIER}\"/></choice>\n\
         \x20   <pkg-ref id=\"{IDENTIFIER}\" version=\"{version}\" installKBytes=\"{kilobytes}\">#agent.pkg</pkg-ref>\n\
         </installer-gui-script>\n"
    )
}

fn gzip(content: &[u8], moment: u32) -> io::Result<Vec<u8>> {
    let mut compressed = GzBuilder::new().mtime(moment).write(Vec::new(), Compression::best());
    compressed.write_all(content)?;
    compressed.finish()
}

fn zlib(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut compressed = ZlibEncoder::new(Vec::new(), Compression::best());
    compressed.write_all(content)?;
    compressed.finish()
}
