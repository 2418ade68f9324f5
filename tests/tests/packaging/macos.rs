//! The pkg, read by bsdtar and cpio's cousins: nothing here has a Mac.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, ensure};
use deskbell_installer::{
    contents::{Product, System, contents},
    customer::Customer,
    packages::Format,
};
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    bom,
    listing::{listed, promised},
    made::{Made, NEW, OLD, run},
    root::{Root, words},
};

/// A package taken apart.
struct Apart {
    folder: TempDir,
}

impl Apart {
    /// bsdtar compares each file with its checksum.
    fn new(package: &Path) -> anyhow::Result<Self> {
        let folder = tempfile::tempdir()?;
        run(Command::new("bsdtar").arg("-xf").arg(package).arg("-C").arg(folder.path()))?;
        for inner in ["Payload", "Scripts"] {
            let to = folder.path().join(inner.to_lowercase());
            fs::create_dir(&to)?;
            run(Command::new("bsdtar").arg("-xf").arg(folder.path().join("agent.pkg").join(inner)).arg("-C").arg(to))?;
        }
        Ok(Self { folder })
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// A property list, as Python reads it.
    fn plist(&self, path: &str) -> anyhow::Result<Value> {
        let program = "import json, plistlib, sys; print(json.dumps(plistlib.load(open(sys.argv[1], 'rb'))))";
        Ok(serde_json::from_str(&run(Command::new("python3").args(["-c", program]).arg(self.path(path)))?)?)
    }
}

#[test]
fn a_pkg_brings_what_the_list_says() -> anyhow::Result<()> {
    let made = Made::small(Format::Pkg, &[Product::Agent])?;
    let package = made.package("deskbell-agent")?;
    let members = run(Command::new("bsdtar").arg("-tf").arg(package))?;
    let members: Vec<_> = members.lines().map(|line| line.trim_end_matches('/')).collect();
    let inside = ["agent.pkg/Bom", "agent.pkg/PackageInfo", "agent.pkg/Payload", "agent.pkg/Scripts"];
    assert_eq!(members, [&["Distribution"], &inside[..]].concat());
    run(Command::new("7z").arg("t").arg(package))?;

    let apart = Apart::new(package)?;
    let lines = run(Command::new("bsdtar").arg("-tvf").arg(apart.path("agent.pkg/Payload")))?;
    let files = listed(&lines.replace(" 0      0 ", " root wheel "), 2, 3);
    assert_eq!(files, promised(Product::Agent, System::Macos));

    let paths = bom::paths(&fs::read(apart.path("agent.pkg/Bom"))?)?;
    let mut folders = 0;
    for (path, recorded) in &paths {
        let metadata = fs::metadata(apart.path("payload").join(path)).with_context(|| path.clone())?;
        if metadata.is_dir() {
            folders += 1;
            continue;
        }
        let sum = run(Command::new("cksum").arg(apart.path("payload").join(path)))?;
        let sum: Vec<u32> = sum.split(' ').take(2).map(str::parse).collect::<Result<_, _>>()?;
        ensure!([recorded.checksum, recorded.size] == *sum, "{path}: {recorded:?}, {sum:?}");
    }
    assert_eq!(paths.len() - folders, files.len(), "{paths:?}");
    Ok(())
}

#[test]
fn launchd_gets_a_daemon_and_an_agent_for_desktops_alone() -> anyhow::Result<()> {
    let made = Made::small(Format::Pkg, &[Product::Agent])?;
    let apart = Apart::new(made.package("deskbell-agent")?)?;
    let daemon = apart.plist("payload/Library/LaunchDaemons/org.deskbell.agent.plist")?;
    assert_eq!(daemon["ProgramArguments"], serde_json::json!(["/Library/Deskbell/deskbell-agent", "run"]));
    assert_eq!([&daemon["RunAtLoad"], &daemon["KeepAlive"]], [true, true]);
    // Trays of every account enter the socket's folder, and people wait for the service.
    assert_eq!([&daemon["Umask"], &daemon["ProcessType"]], [&Value::Null, &Value::Null]);
    let tray = apart.plist("payload/Library/LaunchAgents/org.deskbell.tray.plist")?;
    assert_eq!(tray["LimitLoadToSessionType"], "Aqua");
    assert_eq!(tray["KeepAlive"], serde_json::json!({"SuccessfulExit": false}));
    Ok(())
}

/// AGT-18, linked for macOS: an application of that name asks the service for the first portal entry. Without the names
/// of architectures, Apple's processors would ask for Rosetta before they ran a script.
#[test]
fn an_application_for_macos_opens_the_form() -> anyhow::Result<()> {
    let made = Made::small(Format::Pkg, &[Product::Agent])?;
    let apart = Apart::new(made.package("deskbell-agent")?)?;
    let help = apart.plist("payload/Applications/Get IT help.app/Contents/Info.plist")?;
    assert_eq!([&help["LSUIElement"], &help["CFBundleExecutable"]], [&Value::from(true), &Value::from("get-help")]);
    assert_eq!(help["LSArchitecturePriority"], serde_json::json!(["arm64", "x86_64"]));
    let script = fs::read_to_string(apart.path("payload/Applications/Get IT help.app/Contents/MacOS/get-help"))?;
    ensure!(script.starts_with("#!/bin/sh\n") && script.contains("/Library/Deskbell/deskbell-agent open"), "{script}");
    Ok(())
}

/// AGT-11: the token comes from a file beside the package, or within the package of one customer.
#[test]
fn in_a_root_the_pkgs_scripts_take_settings_and_refuse_an_older_version() -> anyhow::Result<()> {
    let token = tempfile::NamedTempFile::new()?;
    fs::write(&token, "inside\n")?;
    let customer = Customer::read("https://inside.example", token.path())?;
    for (made, server) in [
        (Made::small(Format::Pkg, &[Product::Agent])?, "beside"),
        (Made::for_customer(Format::Pkg, &customer)?, "inside"),
    ] {
        let root = Root::new()?;
        let apart = Apart::new(made.package("deskbell-agent")?)?;
        run(Command::new("cp").arg("-r").arg(apart.path("scripts")).arg(root.path("/tmp")))?;
        root.write("/tmp/download/agent.toml", "server = \"https://beside.example\"\n")?;
        root.write("/tmp/download/enrollment-token", "beside\n")?;
        root.program("/usr/bin/launchctl", "echo \"$@\" >> /tmp/launchctl")?;
        root.program("/usr/bin/ps", "echo '  501 /System/Library/CoreServices/Dock.app/Contents/MacOS/Dock'")?;
        root.program("/usr/bin/pkgutil", "echo 'version: 1.0.0'")?;
        root.run("/tmp/scripts/preinstall", &["/tmp/download/deskbell.pkg", "/", "/"])?;
        root.run("/tmp/scripts/postinstall", &["/tmp/download/deskbell.pkg", "/", "/"])?;

        let data = "/Library/Application Support/Deskbell";
        let read = |path: &str| fs::read_to_string(root.path(path));
        assert_eq!(read(&format!("{data}/agent.toml"))?, format!("server = \"https://{server}.example\"\n"));
        assert_eq!(read(&format!("{data}/enrollment-token"))?, format!("{server}\n"));
        assert_eq!(root.access(&format!("{data}/enrollment-token"))?, (0o600, 0, 0));
        let launched = read("/tmp/launchctl")?;
        for started in ["bootstrap system /Library/LaunchDaemons/org", "bootstrap gui/501 /Library/LaunchAgents/org"] {
            ensure!(launched.contains(started), "{launched}");
        }

        root.program("/usr/bin/pkgutil", &format!("echo 'version: {NEW}'"))?;
        let older = root.output("/tmp/scripts/preinstall", &["/tmp/download/deskbell.pkg", "/", "/"])?;
        let sentence = format!("Deskbell {NEW} is installed, which is newer than {OLD}");
        ensure!(!older.status.success() && words(&older).contains(&sentence), "{}", words(&older));
    }
    Ok(())
}

#[test]
fn the_uninstaller_knows_every_file() -> anyhow::Result<()> {
    let script = fs::read_to_string(deskbell_tests::support::programs::workspace().join("installer/macos/uninstall"))?;
    let named = |path: &Path| script.contains(&path.display().to_string());
    let missing: BTreeMap<_, _> = contents(Product::Agent, System::Macos)
        .iter()
        .filter(|item| !Path::new(item.path).ancestors().filter(|path| path.components().count() > 2).any(named))
        .map(|item| (item.path, item.mode))
        .collect();
    assert_eq!(missing, BTreeMap::new());
    Ok(())
}
