//! Linking for macOS elsewhere: by the `cc` of Zig, a package of `PyPI`, against stubs that say where the system's frameworks
//! are on a Mac and what of them is used: another name does not link. What comes out is linked, and has not run.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context as _, bail};

use super::{
    Workspace,
    mac_libraries::{self, Library},
    toolchain::run,
};

/// Both halves of a universal binary.
pub(super) const TRIPLES: [&str; 2] = ["aarch64-apple-darwin", "x86_64-apple-darwin"];
/// The oldest macOS that the programs start on.
pub(super) const OLDEST: &str = "13.0";
/// The version of the package `ziglang`.
const ZIG: &str = "0.15.2";

/// Has `cargo` link, and compile C, for `triple` by Zig.
pub(super) fn link_with_zig(cargo: &mut Command, workspace: &Workspace, triple: &str) -> anyhow::Result<()> {
    let python = zig(workspace)?;
    let sdk = workspace.cargo_files().join("macos-sdk");
    write_stubs(&sdk)?;
    let compiler = workspace.cargo_files().join(format!("{triple}-cc"));
    write_program(&compiler, &compiler_script(&python, &sdk, triple))?;
    let [upper, lower] = [triple.to_uppercase().replace('-', "_"), triple.replace('-', "_")];
    cargo
        .env(format!("CARGO_TARGET_{upper}_LINKER"), &compiler)
        .env(format!("CC_{lower}"), &compiler)
        .env(format!("AR_{lower}"), "llvm-ar")
        .env("SDKROOT", &sdk)
        .env("MACOSX_DEPLOYMENT_TARGET", OLDEST)
        // Apple's `strip` is not here.
        .env("CARGO_PROFILE_DIST_AGENT_STRIP", "none")
        .env("CARGO_PROFILE_DEV_STRIP", "none");
    Ok(())
}

/// The Python that has Zig, installed where it is not yet.
fn zig(workspace: &Workspace) -> anyhow::Result<PathBuf> {
    let folder = workspace.folder.join(format!("target/ziglang-{ZIG}"));
    let python = folder.join("bin/python");
    if !folder.join("installed").is_file() {
        run(Command::new("virtualenv").arg("--quiet").arg(&folder)).context("`apt-get install virtualenv`")?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        run(Command::new(&python).args(pip).arg(format!("ziglang=={ZIG}")))?;
        fs::write(folder.join("installed"), ZIG)?;
    }
    Ok(python)
}

/// One text file a library, as Apple's own developer kit has them, with the names that are used.
fn write_stubs(sdk: &Path) -> anyhow::Result<()> {
    for library in mac_libraries::all().iter().filter(|library| library.path != mac_libraries::SYSTEM) {
        let stub = sdk.join(stub_path(library.path)?);
        fs::create_dir_all(stub.parent().unwrap_or(sdk))?;
        fs::write(&stub, stub_text(library)).with_context(|| format!("writing {}", stub.display()))?;
    }
    Ok(())
}

/// Where the linker looks for what is at `library` on a Mac.
fn stub_path(library: &str) -> anyhow::Result<PathBuf> {
    let name = library.rsplit('/').next().unwrap_or_default();
    if let Some(name) = name.strip_suffix(".dylib") {
        // `libobjc.A.dylib` is asked for as `objc`.
        let name = name.split('.').next().unwrap_or(name);
        return Ok(format!("usr/lib/{name}.tbd").into());
    }
    if library.contains(".framework/") {
        return Ok(format!("System/Library/Frameworks/{name}.framework/{name}.tbd").into());
    }
    bail!("{library} is neither a library nor a framework")
}

fn stub_text(Library { path, names }: &Library) -> String {
    let names = names.join(", ");
    format!(
        "--- !tapi-tbd\n\
         tbd-version: 4\n\
         targets: [ x86_64-macos, arm64-macos ]\n\
         install-name: '{path}'\n\
         exports:\n  - targets: [ x86_64-macos, arm64-macos ]\n    symbols: [ {names} ]\n\
         ...\n"
    )
}

/// A C compiler and linker for `triple`. Arguments of Apple's that Zig does not know are left out, and one with which it would
/// leave out its own runtime. `CoreServices` has what tao takes by way of Carbon, which passes it on.
fn compiler_script(python: &Path, sdk: &Path, triple: &str) -> String {
    let (architecture, _) = triple.split_once('-').unwrap_or((triple, ""));
    let sdk = sdk.display();
    format!(
        "#!/bin/sh\n\
         # Made by `cargo build-all`.\n\
         links=yes\n\
         for argument; do\n\
         \x20   shift\n\
         \x20   case $leave_out$argument in\n\
         \x20       next*) leave_out= && continue ;;\n\
         \x20       -arch | -target | -isysroot) leave_out=next && continue ;;\n\
         \x20       --target=* | -mmacosx-version-min=* | -nodefaultlibs) continue ;;\n\
         \x20       -c | -E) links= ;;\n\
         \x20   esac\n\
         \x20   set -- \"$@\" \"$argument\"\n\
         done\n\
         set -- -target {architecture}-macos.{OLDEST} \"$@\"\n\
         [ -z \"$links\" ] || set -- \"$@\" -Wl,-s -framework CoreServices \\\n\
         \x20   -F'{sdk}/System/Library/Frameworks' -L'{sdk}/usr/lib'\n\
         exec '{}' -m ziglang cc \"$@\"\n",
        python.display()
    )
}

fn write_program(path: &Path, text: &str) -> anyhow::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    fs::write(path, text).with_context(|| format!("writing {}", path.display()))?;
    #[cfg(unix)]
    fs::set_permissions(path, std::os::unix::fs::PermissionsExt::from_mode(0o755))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stub_stands_where_the_linker_looks() {
        let path = |library| stub_path(library).expect("a stub").display().to_string();
        let app_kit = "/System/Library/Frameworks/AppKit.framework/Versions/C/AppKit";
        assert_eq!(path(app_kit), "System/Library/Frameworks/AppKit.framework/AppKit.tbd");
        assert_eq!(path("/usr/lib/libobjc.A.dylib"), "usr/lib/libobjc.tbd");
        assert!(stub_path("AppKit").is_err());
    }
}
