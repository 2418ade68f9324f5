//! Which cargo builds for a target.

use std::{
    env,
    ffi::OsString,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail, ensure};

/// Where Debian's packages `rustc-web` and `cargo-web` have their programs.
const DEBIAN: &str = "/usr/bin";

/// What builds for a target.
pub(super) enum Toolchain {
    /// One that has the target's standard library.
    Ready(OsString),
    /// Debian's, which has the standard library's source and builds it.
    BuildsStd,
}

impl Toolchain {
    pub(super) fn for_triple(triple: &str) -> anyhow::Result<Self> {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let rustc = Path::new(&cargo).with_file_name("rustc");
        let rustc = if rustc.is_file() { rustc } else { "rustc".into() };
        if library_folder(&rustc, triple).is_some_and(|folder| folder.is_dir()) {
            return Ok(Self::Ready(cargo));
        }
        let debian = Path::new(DEBIAN).join("rustc");
        let source = library_folder(&debian, triple)
            .and_then(|folder| Some(folder.ancestors().nth(2)?.join("src/rust/library/std/Cargo.toml")));
        if source.is_some_and(|manifest| manifest.is_file()) {
            return Ok(Self::BuildsStd);
        }
        bail!(
            "{} cannot build for {triple}. `rustup target add {triple}`, or on Debian \
             `apt-get install rustc-web cargo-web rust-web-src gcc-mingw-w64-x86-64 virtualenv`",
            rustc.display()
        )
    }

    /// A command that builds what is shipped, for `triple`, from the versions in `Cargo.lock`.
    pub(super) fn cargo_build(&self, triple: &str) -> Command {
        let mut cargo = match self {
            Self::Ready(cargo) => Command::new(cargo),
            Self::BuildsStd => {
                let mut cargo = Command::new(Path::new(DEBIAN).join("cargo"));
                let path = env::var_os("PATH").unwrap_or_default();
                let folders = [PathBuf::from(DEBIAN)].into_iter().chain(env::split_paths(&path));
                cargo.env("PATH", env::join_paths(folders).unwrap_or_else(|_| DEBIAN.into()));
                // The switch that builds the standard library is not part of a stable cargo.
                cargo.env("RUSTC_BOOTSTRAP", "1").args(["-Z", "build-std=std,panic_abort"]);
                cargo.env_remove("RUSTC").env_remove("CARGO");
                cargo
            }
        };
        cargo.args(["build", "--locked", "--target", triple]);
        cargo
    }
}

/// Where `rustc` has, or would have, the standard library for `triple`; it knows no other compiler's folder.
fn library_folder(rustc: &Path, triple: &str) -> Option<PathBuf> {
    let output = Command::new(rustc).args(["--print", "target-libdir", "--target", triple]).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().into())
}

/// Runs a command that must succeed.
pub(super) fn run(command: &mut Command) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let status = command.status().with_context(|| format!("starting {program}"))?;
    ensure!(status.success(), "{program} failed ({status})");
    Ok(())
}
