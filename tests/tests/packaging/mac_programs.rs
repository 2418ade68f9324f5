//! The programs for macOS, as `cargo build-all --quick` links them, looked at by LLVM's tools: nothing here can run them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    process::Command,
};

use anyhow::{Context, ensure};
use deskbell_installer::build::{Purpose, Target, Workspace};
use deskbell_tests::support::programs::workspace;

use crate::made::run;

const ARCHITECTURES: [&str; 2] = ["arm64", "x86_64"];

/// What `llvm-objdump` says about one architecture of a program.
fn objdump(program: &str, architecture: &str, question: &[&str]) -> anyhow::Result<String> {
    let mut command = Command::new("llvm-objdump");
    command.args(["--macho", "--arch", architecture]).args(question).arg(path(program)?);
    run(&mut command)
}

fn path(program: &str) -> anyhow::Result<PathBuf> {
    let path = Workspace::at(workspace(), Purpose::Trying)?.programs(Target::Macos).join(program);
    ensure!(path.is_file(), "{} is not there: run `cargo build-all --quick --target macos`", path.display());
    Ok(path)
}

/// Each program of each architecture.
fn all() -> impl Iterator<Item = (&'static str, &'static str)> {
    Target::Macos.programs().iter().flat_map(|program| ARCHITECTURES.map(|architecture| (*program, architecture)))
}

/// The names that a program takes of each library.
fn taken(program: &str, architecture: &str) -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let tables = objdump(program, architecture, &["--bind", "--lazy-bind", "--weak-bind"])?;
    let mut taken: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    for line in tables.lines().filter(|line| line.contains(" 0x")) {
        let words: Vec<_> = line.trim_end_matches(" (weak import)").split_whitespace().collect();
        let [.., library, name] = *words else { continue };
        taken.entry(library.to_owned()).or_default().insert(name.to_owned());
    }
    Ok(taken)
}

/// The names that somebody's list has for a library, by the library's short name.
fn listed() -> anyhow::Result<BTreeMap<String, BTreeSet<String>>> {
    let mut listed: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
    let mut library = String::new();
    for line in fs::read_to_string(workspace().join("installer/src/build/mac_libraries.txt"))?.lines() {
        match line.strip_prefix("    ") {
            Some(name) => {
                listed.entry(library.clone()).or_default().insert(name.to_owned());
            }
            None => {
                library = line.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default().into();
            }
        }
    }
    // Zig's list, made from Apple's.
    let zig =
        run(Command::new("find").arg(workspace().join("target")).args(["-maxdepth", "9", "-name", "libSystem.tbd"]))?;
    let zig = fs::read_to_string(zig.lines().next().context("Zig's libSystem.tbd")?)?;
    let names =
        zig.split([' ', ',', '\n', '[', ']', '\'']).filter(|word| word.starts_with('_') || *word == "dyld_stub_binder");
    listed.insert("libSystem".to_owned(), names.map(str::to_owned).collect());
    Ok(listed)
}

/// Linked for macOS: two architectures in one file, for every Mac with macOS 13, signed at least ad hoc, without which
/// Apple's processors run nothing.
#[test]
fn a_program_for_macos_is_for_both_architectures_and_macos_13() -> anyhow::Result<()> {
    for program in Target::Macos.programs() {
        let table = run(Command::new("llvm-objdump").args(["--macho", "--universal-headers"]).arg(path(program)?))?;
        let architectures: Vec<_> = table.lines().filter_map(|line| line.strip_prefix("architecture ")).collect();
        assert_eq!(architectures, ARCHITECTURES, "{program}");
    }
    for (program, architecture) in all() {
        let commands = objdump(program, architecture, &["--private-headers"])?;
        let commands: Vec<_> =
            commands.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
        let mut promised = vec!["cmd LC_BUILD_VERSION", "platform macos", "minos 13.0", "cmd LC_MAIN"];
        promised.extend((architecture == "arm64").then_some("cmd LC_CODE_SIGNATURE"));
        for promise in promised {
            ensure!(commands.iter().any(|line| line == promise), "{program}, {architecture}: no {promise}");
        }
    }
    Ok(())
}

/// Linked for macOS: every library is one of the system's, and every name is one that it has.
#[test]
fn a_program_for_macos_takes_only_known_names_of_known_libraries() -> anyhow::Result<()> {
    let listed = listed()?;
    for (program, architecture) in all() {
        let libraries = objdump(program, architecture, &["--dylibs-used"])?;
        for library in libraries.lines().skip(1).filter_map(|line| line.split_whitespace().next()) {
            let is_the_systems = ["/usr/lib/", "/System/Library/Frameworks/"].iter().any(|at| library.starts_with(at));
            ensure!(is_the_systems, "{program}, {architecture}: {library}");
        }
        let taken = taken(program, architecture)?;
        ensure!(taken.len() > 3, "{program}, {architecture} was not understood: {taken:?}");
        for (library, names) in taken {
            let known = listed.get(&library).with_context(|| format!("{program}, {architecture}: {library}"))?;
            let unknown: Vec<_> = names.difference(known).collect();
            ensure!(unknown.is_empty(), "{program}, {architecture}: {library} has no {unknown:?}");
        }
    }
    Ok(())
}

/// What a row needs of macOS is in the program that needs it.
fn is_linked(program: &str, library: &str, names: &[&str]) -> anyhow::Result<()> {
    for architecture in ARCHITECTURES {
        let taken = taken(program, architecture)?;
        let of_library = taken.get(library).with_context(|| format!("{program}, {architecture}: no {library}"))?;
        for name in names {
            ensure!(of_library.contains(*name), "{program}, {architecture}: {library} without {name}");
        }
    }
    Ok(())
}

/// AGT-01, linked for macOS: the service asks the system for its sessions, and the kernel for that of a tray.
#[test]
fn the_service_for_macos_asks_for_sessions() -> anyhow::Result<()> {
    is_linked(
        "deskbell-agent",
        "SystemConfiguration",
        &["_SCDynamicStoreSetNotificationKeys", "_SCDynamicStoreCopyValue"],
    )?;
    is_linked("deskbell-agent", "libbsm", &["_audit_token_to_asid"])?;
    is_linked("deskbell-agent", "libSystem", &["_getsockopt", "_getpeereid"])
}

/// AGT-12, linked for macOS: the service asks the firmware who this computer is.
#[test]
fn the_service_for_macos_asks_the_firmware() -> anyhow::Result<()> {
    is_linked("deskbell-agent", "IOKit", &["_IORegistryEntryCreateCFProperty", "_IOServiceGetMatchingService"])
}

/// AGT-14, linked for macOS: the system's proxy and its trusted certificates count.
#[test]
fn the_service_for_macos_asks_for_proxy_and_trust() -> anyhow::Result<()> {
    is_linked("deskbell-agent", "SystemConfiguration", &["_SCDynamicStoreCopyProxies"])?;
    is_linked("deskbell-agent", "Security", &["_SecTrustEvaluateWithError"])
}

/// AGT-21, linked for macOS: the tray takes the keys.
#[test]
fn the_tray_for_macos_takes_a_shortcut() -> anyhow::Result<()> {
    is_linked("deskbell-tray", "Carbon", &["_RegisterEventHotKey", "_UnregisterEventHotKey"])
}
