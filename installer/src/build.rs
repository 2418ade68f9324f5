//! `cargo build-all`: every program for every system, each in `target/dist/<triple>/`.
//!
//! Where a toolchain has a target's standard library, it builds; else Debian's, which has the library's source, builds
//! that once as well. What links for macOS is Zig, whose package brings along the system's headers.

mod imports;
mod mac_libraries;
mod macos;
mod toolchain;
mod universal;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, ensure};
use clap::ValueEnum;

pub use self::imports::{Limits, check, glibc_version, imports};
use self::toolchain::Toolchain;
use crate::contents::System;

/// A system to build for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Linux, of this computer's architecture.
    Linux,
    /// 64-bit Windows.
    Windows,
    /// macOS, both architectures in one file.
    Macos,
}

impl Target {
    /// What this computer builds: on Linux, everything; elsewhere what runs there.
    pub fn of_this_computer() -> &'static [Self] {
        match std::env::consts::OS {
            "windows" => &[Self::Windows],
            "macos" => &[Self::Macos],
            _ => &[Self::Linux, Self::Windows, Self::Macos],
        }
    }

    /// The folder below `target/dist`.
    pub fn folder(self) -> &'static str {
        match self {
            Self::Linux if cfg!(target_arch = "aarch64") => "aarch64-unknown-linux-gnu",
            Self::Linux => "x86_64-unknown-linux-gnu",
            Self::Windows if cfg!(windows) => "x86_64-pc-windows-msvc",
            Self::Windows => "x86_64-pc-windows-gnu",
            Self::Macos => "universal-apple-darwin",
        }
    }

    /// The packages that run on the system.
    fn packages(self) -> &'static [&'static str] {
        match self {
            Self::Linux => &["deskbell-agent", "deskbell-server"],
            Self::Windows => &["deskbell-agent", "deskbell-setup-action"],
            Self::Macos => &["deskbell-agent"],
        }
    }

    /// The names of the programs' files.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Linux => &["deskbell-agent", "deskbell-tray", "deskbell-server"],
            Self::Windows => &["deskbell-agent.exe", "deskbell-tray.exe", "deskbell_setup_action.dll"],
            Self::Macos => &["deskbell-agent", "deskbell-tray"],
        }
    }
}

impl From<System> for Target {
    fn from(system: System) -> Self {
        match system {
            System::Linux => Self::Linux,
            System::Macos => Self::Macos,
            System::Windows => Self::Windows,
        }
    }
}

/// What a build is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Programs for packages: small and fast, slow to build.
    Shipping,
    /// Programs that show that they link: quick to build.
    Trying,
}

/// Where the source is and what was built goes.
#[derive(Debug)]
pub struct Workspace {
    folder: PathBuf,
    purpose: Purpose,
}

impl Workspace {
    /// The workspace whose root is `folder`.
    pub fn at(folder: &Path, purpose: Purpose) -> anyhow::Result<Self> {
        ensure!(folder.join("Cargo.lock").is_file(), "{} holds no Cargo.lock: name the workspace", folder.display());
        let folder = folder.canonicalize().with_context(|| format!("looking for {}", folder.display()))?;
        Ok(Self { folder, purpose })
    }

    /// What is built for `target`.
    pub fn programs(&self, target: Target) -> PathBuf {
        self.dist(target.folder())
    }

    fn dist(&self, triple: &str) -> PathBuf {
        let folder = match self.purpose {
            Purpose::Shipping => "target/dist",
            Purpose::Trying => "target/tried",
        };
        self.folder.join(folder).join(triple)
    }

    /// Cargo's files for builds of this kind, apart from those of everyday work.
    fn cargo_files(&self) -> PathBuf {
        self.folder.join("target/build-all")
    }
}

/// Builds for `targets` and checks what came of it.
pub fn build(workspace: &Workspace, targets: &[Target]) -> anyhow::Result<()> {
    for &target in targets {
        let built = match target {
            Target::Linux | Target::Windows => build_triple(workspace, target, target.folder()),
            Target::Macos => build_universal(workspace),
        };
        built.with_context(|| format!("building for {}", target.folder()))?;
        for program in target.programs() {
            println!("{}", check(target, workspace.purpose, &workspace.programs(target).join(program))?);
        }
    }
    Ok(())
}

fn build_triple(workspace: &Workspace, target: Target, triple: &str) -> anyhow::Result<()> {
    let files = workspace.cargo_files();
    for package in target.packages() {
        let mut cargo = Toolchain::for_triple(triple)?.cargo_build(triple);
        cargo.current_dir(&workspace.folder).arg("--target-dir").arg(&files);
        cargo.args(["--package", package]);
        match workspace.purpose {
            Purpose::Shipping => cargo.args(["--profile", profile(package)]),
            Purpose::Trying => cargo.env("CARGO_PROFILE_DEV_PANIC", "abort").env("CARGO_PROFILE_DEV_DEBUG", "none"),
        };
        if target == Target::Macos && !cfg!(target_os = "macos") {
            macos::link_with_zig(&mut cargo, workspace, triple)?;
        }
        toolchain::run(&mut cargo)?;
    }
    let dist = workspace.dist(triple);
    fs::create_dir_all(&dist)?;
    for program in target.programs() {
        let profile = match workspace.purpose {
            Purpose::Shipping => profile(program),
            Purpose::Trying => "debug",
        };
        let built = files.join(triple).join(profile).join(program);
        fs::copy(&built, dist.join(program)).with_context(|| format!("copying {}", built.display()))?;
    }
    Ok(())
}

/// How a package and its programs are built: what runs on every computer to be small, the server to be fast.
fn profile(name: &str) -> &'static str {
    if name == "deskbell-server" { "dist" } else { "dist-agent" }
}

fn build_universal(workspace: &Workspace) -> anyhow::Result<()> {
    for triple in macos::TRIPLES {
        build_triple(workspace, Target::Macos, triple)?;
    }
    let dist = workspace.programs(Target::Macos);
    fs::create_dir_all(&dist)?;
    for program in Target::Macos.programs() {
        let slices = macos::TRIPLES.map(|triple| workspace.dist(triple).join(program));
        universal::join(&slices, &dist.join(program))?;
    }
    Ok(())
}
