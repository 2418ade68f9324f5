//! What deb and rpm have in common: their scripts, and what the programs need of a distribution.

use anyhow::Context as _;

use crate::{
    build::{glibc_version, imports},
    contents::Product,
    package::{Package, linux_architecture},
};

const SERVICE: &str = include_str!("../linux/service.sh");

/// What a package's programs need of a distribution.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Needs {
    /// The oldest glibc that all of the programs start with.
    pub(crate) glibc: (u32, u32),
    /// Whether GCC's runtime must be there.
    pub(crate) libgcc: bool,
    /// The processor, as (Debian, rpm) name it.
    pub(crate) architecture: (&'static str, &'static str),
}

impl Needs {
    pub(crate) fn of(package: &Package) -> anyhow::Result<Self> {
        let each = package.programs().map(|program| {
            Ok(Self {
                glibc: glibc_version(&program.bytes)?,
                libgcc: imports(&program.bytes)?.contains("libgcc_s.so.1"),
                architecture: linux_architecture(&program.bytes)?,
            })
        });
        let each = each.collect::<anyhow::Result<Vec<_>>>()?;
        each.into_iter()
            .reduce(|all, one| Self { glibc: all.glibc.max(one.glibc), libgcc: all.libgcc | one.libgcc, ..all })
            .context("no programs")
    }
}

/// The script that a package manager runs: `steps`, with what they call before them.
pub(crate) fn script(package: &Package, steps: &str) -> String {
    let own = match package.product {
        Product::Agent => include_str!("../linux/agent/package.sh"),
        Product::Server => include_str!("../linux/server/package.sh"),
    };
    format!("#!/bin/sh\nset -e\nversion={}\n\n{own}\n{SERVICE}\n{steps}", package.version)
}
