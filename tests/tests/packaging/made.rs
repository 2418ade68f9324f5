//! Packages of the programs that this workspace's tests run, made once for this process.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use anyhow::{Context, ensure};
use deskbell_installer::{
    build::Target,
    contents::Product,
    customer::Customer,
    packages::{self, Format, MOMENT, Order},
};
use deskbell_tests::support::programs::{Programs, workspace};
use tempfile::TempDir;

/// Programs that are installed and run.
static REAL: OnceLock<TempDir> = OnceLock::new();
/// Those for Windows.
static WINDOWS: OnceLock<TempDir> = OnceLock::new();
/// Small ones, for tests that look at packages from outside.
static SMALL: OnceLock<TempDir> = OnceLock::new();

/// What is installed first, and what it is upgraded to.
pub(crate) const OLD: &str = "1.2.3";
/// Newer than [`OLD`], though it comes before in the alphabet.
pub(crate) const NEW: &str = "1.10.0";

/// Packages in a folder that lives as long as this value.
pub(crate) struct Made {
    folder: TempDir,
    packages: Vec<PathBuf>,
}

impl Made {
    /// Packages of this kind, with the programs that the tests of this workspace run.
    pub(crate) fn real(format: Format, product: Product, version: &str) -> anyhow::Result<Self> {
        Self::of(real_programs()?, format, &[product], version)
    }

    /// The same with small programs, which are quickly packed.
    pub(crate) fn small(format: Format, products: &[Product]) -> anyhow::Result<Self> {
        Self::of(small_programs()?, format, products, OLD)
    }

    /// One of a version, with programs that nobody runs.
    pub(crate) fn small_of(format: Format, product: Product, version: &str) -> anyhow::Result<Self> {
        Self::of(small_programs()?, format, &[product], version)
    }

    /// The MSI with the agent that `cargo build-all --quick` built.
    pub(crate) fn windows(version: &str) -> anyhow::Result<Self> {
        Self::of(windows_programs()?, Format::Msi, &[Product::Agent], version)
    }

    /// The same for one customer alone.
    pub(crate) fn for_customer(format: Format, customer: &Customer) -> anyhow::Result<Self> {
        Self::with(small_programs()?, format, &[Product::Agent], OLD, Some(customer))
    }

    fn of(binaries: &Path, format: Format, products: &[Product], version: &str) -> anyhow::Result<Self> {
        Self::with(binaries, format, products, version, None)
    }

    fn with(
        binaries: &Path,
        format: Format,
        products: &[Product],
        version: &str,
        customer: Option<&Customer>,
    ) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        let (formats, output) = (&[format], folder.path());
        let order = Order { formats, products, binaries, output, version, moment: MOMENT, customer };
        let packages = packages::make(&order)?;
        Ok(Self { folder, packages })
    }

    /// The one whose file name begins with `name`.
    pub(crate) fn package(&self, name: &str) -> anyhow::Result<&Path> {
        let is_it = |path: &&PathBuf| path.file_name().is_some_and(|file| file.to_string_lossy().starts_with(name));
        let found = self.packages.iter().find(is_it);
        found.map(PathBuf::as_path).with_context(|| format!("no {name} in {}", self.folder.path().display()))
    }

    /// All of them, as (file name, bytes).
    pub(crate) fn bytes(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let named = |path: &PathBuf| path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        self.packages.iter().map(|path| Ok((named(path), fs::read(path)?))).collect()
    }
}

/// A folder as `cargo build-all` leaves it, with programs without debug information.
fn real_programs() -> anyhow::Result<&'static Path> {
    let programs = Programs::built()?;
    folder_once(&REAL, |folder| {
        for program in [&programs.agent, &programs.tray, &programs.server] {
            let stripped = folder.join(Target::Linux.folder()).join(program.file_name().context("a program")?);
            run(Command::new("strip").arg("-o").arg(stripped).arg(program))?;
        }
        Ok(())
    })
}

fn small_programs() -> anyhow::Result<&'static Path> {
    folder_once(&SMALL, |folder| {
        for program in Target::Linux.programs() {
            fs::copy("/usr/bin/true", folder.join(Target::Linux.folder()).join(program))?;
        }
        for target in [Target::Macos, Target::Windows] {
            for program in target.programs() {
                fs::write(folder.join(target.folder()).join(program), program)?;
            }
        }
        Ok(())
    })
}

fn windows_programs() -> anyhow::Result<&'static Path> {
    let built = workspace().join("target/tried/x86_64-pc-windows-gnu");
    folder_once(&WINDOWS, |folder| {
        for program in Target::Windows.programs() {
            let (from, to) = (built.join(program), folder.join(Target::Windows.folder()).join(program));
            run(Command::new("x86_64-w64-mingw32-strip").arg("-o").arg(to).arg(&from)).with_context(|| {
                format!("{} is not there: run `cargo build-all --quick --target windows`", from.display())
            })?;
        }
        Ok(())
    })
}

fn folder_once(
    folder: &'static OnceLock<TempDir>,
    fill: impl FnOnce(&Path) -> anyhow::Result<()>,
) -> anyhow::Result<&'static Path> {
    if folder.get().is_none() {
        let new = tempfile::tempdir()?;
        for target in [Target::Linux, Target::Macos, Target::Windows] {
            fs::create_dir(new.path().join(target.folder()))?;
        }
        fill(new.path())?;
        // Another test may have been quicker.
        let _ = folder.set(new);
    }
    folder.get().map(TempDir::path).context("a folder")
}

/// What a command that must succeed prints.
pub(crate) fn run(command: &mut Command) -> anyhow::Result<String> {
    let output = command.output().with_context(|| format!("starting {command:?}"))?;
    let words = String::from_utf8_lossy(&output.stdout).into_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "{command:?}: {}\n{words}{complaint}", output.status);
    Ok(words)
}

/// The same input gives the same bytes.
#[test]
fn packages_made_twice_are_the_same() -> anyhow::Result<()> {
    for format in [Format::Deb, Format::Rpm, Format::Pkg, Format::Msi] {
        let make = || Made::small(format, &[Product::Agent, Product::Server])?.bytes();
        for ((name, first), (_, second)) in make()?.into_iter().zip(make()?) {
            ensure!(first == second, "{name} differs");
        }
    }
    Ok(())
}
