//! What goes into a package, read and ready: the list with its bytes, the version, the moment that all of it bears.

use std::{fs, path::Path};

use anyhow::{Context as _, bail};

use crate::contents::{Content, Item, Product, System, contents};

/// What a package is made of. The same value gives the same bytes.
#[derive(Debug, Clone)]
pub struct Package {
    /// What it installs.
    pub product: Product,
    /// Three numbers, as `1.2.3`.
    pub version: String,
    /// The seconds since 1970 that every file in it bears, since the moment of a build says nothing.
    pub moment: u32,
    /// What it brings, by path.
    pub files: Vec<File>,
}

/// An installed file and its content.
#[derive(Debug, Clone)]
pub struct File {
    /// Where it goes.
    pub item: Item,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Package {
    /// `product` for `system`, with the programs in `binaries`.
    pub fn read(product: Product, system: System, binaries: &Path, version: &str, moment: u32) -> anyhow::Result<Self> {
        let items = contents(product, system).iter();
        let files = items.map(|item| Ok(File { item: *item, bytes: bytes(item, binaries)? }));
        Ok(Self { product, version: version.to_owned(), moment, files: files.collect::<anyhow::Result<_>>()? })
    }

    /// Its programs.
    pub fn programs(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| matches!(file.item.content, Content::Program(_)))
    }

    /// How many bytes it puts on a disk.
    pub fn installed_size(&self) -> usize {
        self.files.iter().map(|file| file.bytes.len()).sum()
    }
}

fn bytes(item: &Item, binaries: &Path) -> anyhow::Result<Vec<u8>> {
    match item.content {
        Content::Text(text) => Ok(text.as_bytes().to_vec()),
        Content::Program(name) => read_program(binaries, name),
    }
}

/// What `cargo build-all` made, or somebody signed.
pub(crate) fn read_program(binaries: &Path, name: &str) -> anyhow::Result<Vec<u8>> {
    let program = binaries.join(name);
    fs::read(&program).with_context(|| {
        format!("{} is not there: `cargo build-all`, or --binaries with what you signed", program.display())
    })
}

/// The processor that a program for Linux runs on, as (Debian, rpm) name it.
pub fn linux_architecture(program: &[u8]) -> anyhow::Result<(&'static str, &'static str)> {
    use goblin::elf::header::{EM_AARCH64, EM_X86_64};

    match goblin::elf::Elf::parse(program).context("not a program for Linux")?.header.e_machine {
        EM_X86_64 => Ok(("amd64", "x86_64")),
        EM_AARCH64 => Ok(("arm64", "aarch64")),
        other => bail!("no package is made for processor {other}"),
    }
}
