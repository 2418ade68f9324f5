//! A universal binary: a table of what it holds, then a program for each architecture.

use std::{fs, path::Path};

use anyhow::{Context as _, ensure};
use goblin::mach::{MachO, fat::FAT_MAGIC};

/// Apple's alignment for programs of both architectures, as a power of two.
const ALIGNMENT: u32 = 14;

/// Writes what is in `slices` into one file at `into`.
pub(super) fn join(slices: &[impl AsRef<Path>], into: &Path) -> anyhow::Result<()> {
    let programs = slices.iter().map(|slice| {
        let slice = slice.as_ref();
        fs::read(slice).with_context(|| format!("reading {}", slice.display()))
    });
    let universal = universal(&programs.collect::<anyhow::Result<Vec<_>>>()?)?;
    // The permissions come along.
    fs::copy(slices.first().context("nothing to join")?, into)?;
    fs::write(into, universal).with_context(|| format!("writing {}", into.display()))
}

fn universal(programs: &[Vec<u8>]) -> anyhow::Result<Vec<u8>> {
    let mut table = [FAT_MAGIC, u32::try_from(programs.len())?].map(u32::to_be_bytes).concat();
    let mut body = Vec::new();
    let start = 1 << ALIGNMENT;
    for program in programs {
        let header = MachO::parse(program, 0).context("not a program for macOS")?.header;
        body.resize(body.len().next_multiple_of(start), 0);
        let [offset, size] = [start + body.len(), program.len()].map(u32::try_from);
        let row = [header.cputype(), header.cpusubtype(), offset?, size?, ALIGNMENT];
        table.extend(row.map(u32::to_be_bytes).concat());
        body.extend(program);
    }
    ensure!(table.len() <= start, "too many programs for one file");
    table.resize(start, 0);
    Ok([table, body].concat())
}
