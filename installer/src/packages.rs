//! `cargo packages`: every package of what was built, or of what somebody signed, into one folder.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap::ValueEnum;

use crate::{
    build::Target,
    contents::{Product, System},
    customer::Customer,
    deb::deb,
    msi::{SETUP_ACTION, msi},
    package::{Package, read_program},
    pkg::pkg,
    rpm::rpm,
};

/// The moment that every file bears where `SOURCE_DATE_EPOCH` names no other: 2026-01-01.
pub const MOMENT: u32 = 1_767_225_600;

/// A kind of package.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Debian, Ubuntu.
    Deb,
    /// Fedora, RHEL, SUSE.
    Rpm,
    /// macOS.
    Pkg,
    /// Windows.
    Msi,
}

impl Format {
    fn system(self) -> System {
        match self {
            Self::Deb | Self::Rpm => System::Linux,
            Self::Pkg => System::Macos,
            Self::Msi => System::Windows,
        }
    }

    fn products(self) -> &'static [Product] {
        match self {
            Self::Deb | Self::Rpm => &[Product::Agent, Product::Server],
            Self::Pkg | Self::Msi => &[Product::Agent],
        }
    }
}

/// What to make of which programs.
pub struct Order<'a> {
    /// Which kinds.
    pub formats: &'a [Format],
    /// Of what.
    pub products: &'a [Product],
    /// A folder with programs in a folder for each target, as in `target/dist`.
    pub binaries: &'a Path,
    /// Where packages go.
    pub output: &'a Path,
    /// Three numbers.
    pub version: &'a str,
    /// What every file bears as its time.
    pub moment: u32,
    /// For whom alone, where not for everybody; packages for Linux are always for everybody.
    pub customer: Option<&'a Customer>,
}

/// Makes them, and returns where they are.
pub fn make(order: &Order<'_>) -> anyhow::Result<Vec<PathBuf>> {
    fs::create_dir_all(order.output).with_context(|| format!("making {}", order.output.display()))?;
    let mut made = Vec::new();
    for &format in order.formats {
        let system = format.system();
        let binaries = order.binaries.join(Target::from(system).folder());
        for &product in format.products().iter().filter(|product| order.products.contains(product)) {
            let package = Package::read(product, system, &binaries, order.version, order.moment)?;
            let (name, bytes) = match format {
                Format::Deb => deb(&package),
                Format::Rpm => rpm(&package),
                Format::Pkg => pkg(&package, order.customer),
                Format::Msi => msi(&package, order.customer, &read_program(&binaries, SETUP_ACTION)?),
            }
            .with_context(|| format!("making {}'s {format:?}", product.name()))?;
            let path = order.output.join(name);
            fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
            made.push(path);
        }
    }
    Ok(made)
}
