//! A package for Debian and what descends from it: an archive of a version, a control archive and the files.

use std::{
    collections::BTreeSet,
    io::{self, Write as _},
    path::Path,
};

use flate2::{Compression, GzBuilder, write::GzEncoder};

use crate::{
    contents::Product,
    linux::{Needs, script},
    package::Package,
};

const MAINTAINER_SCRIPTS: [(&str, &str); 4] = [
    ("preinst", include_str!("../linux/deb/preinst")),
    ("postinst", include_str!("../linux/deb/postinst")),
    ("prerm", include_str!("../linux/deb/prerm")),
    ("postrm", include_str!("../linux/deb/postrm")),
];

/// The package and its file name.
pub fn deb(package: &Package) -> anyhow::Result<(String, Vec<u8>)> {
    let needs = Needs::of(package)?;
    let mut control = Archive::new(package.moment);
    control.file("./control", 0o644, control_file(package, &needs).as_bytes())?;
    control.file("./conffiles", 0o644, conffiles(package).as_bytes())?;
    for (name, steps) in MAINTAINER_SCRIPTS {
        control.file(&format!("./{name}"), 0o755, script(package, steps).as_bytes())?;
    }

    let mut data = Archive::new(package.moment);
    for folder in folders(package) {
        data.folder(&folder)?;
    }
    for file in &package.files {
        data.file(&format!(".{}", file.item.path), file.item.mode, &file.bytes)?;
    }

    let members =
        [("debian-binary", b"2.0\n".to_vec()), ("control.tar.gz", control.finish()?), ("data.tar.gz", data.finish()?)];
    let name = format!("{}_{}_{}.deb", package.product.name(), package.version, needs.architecture.0);
    Ok((name, ar(&members, package.moment)?))
}

fn control_file(package: &Package, needs: &Needs) -> String {
    let (major, minor) = needs.glibc;
    let libgcc = if needs.libgcc { ", libgcc-s1" } else { "" };
    let (besides, description) = match package.product {
        Product::Agent => (
            "",
            "The service keeps this computer's help menu, which the IT provider sets by policy; the tray\n \
             shows it in each user's session and opens the provider's portal.",
        ),
        Product::Server => (
            ", systemd | systemd-standalone-sysusers, systemd | systemd-standalone-tmpfiles",
            "Holds policies, computers, end users and tickets of a managed service provider, with a console\n \
             for staff, a portal for end users and an API.",
        ),
    };
    format!(
        "Package: {name}\n\
         Version: {version}\n\
         Architecture: {architecture}\n\
         Maintainer: Deskbell <deskbell@localhost>\n\
         Installed-Size: {kilobytes}\n\
         Depends: libc6 (>= {major}.{minor}){libgcc}{besides}\n\
         Recommends: ca-certificates\n\
         Section: admin\n\
         Priority: optional\n\
         Description: {summary}\n {description}\n",
        name = package.product.name(),
        version = package.version,
        architecture = needs.architecture.0,
        kilobytes = package.installed_size().div_ceil(1024),
        summary = package.product.summary(),
    )
}

fn conffiles(package: &Package) -> String {
    let configuration = package.files.iter().filter(|file| file.item.is_configuration);
    configuration.flat_map(|file| [file.item.path, "\n"]).collect()
}

/// Every folder on the way to a file; dpkg removes those that nothing else uses.
fn folders(package: &Package) -> BTreeSet<String> {
    let above = package.files.iter().flat_map(|file| Path::new(file.item.path).ancestors().skip(1));
    above.map(|folder| format!(".{}", folder.display()).trim_end_matches('/').to_owned()).collect()
}

/// A compressed tar archive whose content is all that its bytes depend on.
struct Archive {
    tar: tar::Builder<GzEncoder<Vec<u8>>>,
    moment: u32,
}

impl Archive {
    fn new(moment: u32) -> Self {
        let compressed = GzBuilder::new().mtime(moment).write(Vec::new(), Compression::best());
        Self { tar: tar::Builder::new(compressed), moment }
    }

    fn file(&mut self, path: &str, mode: u32, content: &[u8]) -> io::Result<()> {
        self.entry(path, mode, tar::EntryType::Regular, content)
    }

    fn folder(&mut self, path: &str) -> io::Result<()> {
        self.entry(&format!("{path}/"), 0o755, tar::EntryType::Directory, &[])
    }

    fn entry(&mut self, path: &str, mode: u32, kind: tar::EntryType, content: &[u8]) -> io::Result<()> {
        let mut header = tar::Header::new_gnu();
        // Set by hand: tar's own setters drop the leading "./" that dpkg's archives have.
        header.as_old_mut().name[..path.len()].copy_from_slice(path.as_bytes());
        header.set_entry_type(kind);
        header.set_mode(mode);
        header.set_size(content.len() as u64);
        header.set_mtime(self.moment.into());
        header.set_uid(0);
        header.set_gid(0);
        header.set_username("root")?;
        header.set_groupname("root")?;
        header.set_cksum();
        self.tar.append(&header, content)
    }

    fn finish(self) -> io::Result<Vec<u8>> {
        self.tar.into_inner()?.finish()
    }
}

/// The outermost archive: a line for each member, then its content.
fn ar(members: &[(&str, Vec<u8>)], moment: u32) -> io::Result<Vec<u8>> {
    let mut archive = b"!<arch>\n".to_vec();
    for (name, content) in members {
        writeln!(archive, "{name:<16}{moment:<12}{:<6}{:<6}{:<8}{:<10}`", 0, 0, "100644", content.len())?;
        archive.extend(content);
        archive.resize(archive.len().next_multiple_of(2), b'\n');
    }
    Ok(archive)
}
