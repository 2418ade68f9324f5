//! The rpm, read by rpm and installed by it in a small system.

use std::{fs, process::Command};

use anyhow::ensure;
use deskbell_installer::{
    contents::{Product, System},
    packages::Format,
};

use crate::{
    listing::{listed, promised},
    made::{Made, NEW, OLD, run},
    root::Root,
};

#[test]
fn an_rpm_brings_what_the_list_says() -> anyhow::Result<()> {
    let made = Made::small(Format::Rpm, &[Product::Agent, Product::Server])?;
    for product in [Product::Agent, Product::Server] {
        let package = made.package(product.name())?;
        let lines = run(Command::new("rpm").args(["--query", "--list", "--verbose", "--package"]).arg(package))?;
        assert_eq!(listed(&lines, 2, 3), promised(product, System::Linux));
        let checked = run(Command::new("rpm").arg("--checksig").arg(package))?;
        ensure!(checked.trim_end().ends_with("digests OK"), "{checked}");
    }
    Ok(())
}

/// AGT-16: nobody is logged on, no network is there, no service manager runs. An upgrade keeps the identity.
#[test]
fn in_a_root_the_agents_rpm_comes_upgrades_and_goes() -> anyhow::Result<()> {
    let [old, new] = [OLD, NEW].map(|version| Made::real(Format::Rpm, Product::Agent, version));
    let (old, new) = (old?, new?);
    let root = Root::new()?;
    let before = root.traces()?;
    let rpm = |action: &str| rpm_in(&root, action);
    let (old, new) = (old.package("deskbell-agent")?, new.package("deskbell-agent")?);

    run(rpm("--install").arg(old))?;
    ensure!(root.is_enabled("deskbell-agent.service"), "the service does not start with the computer");
    ensure!(root.run("deskbell-agent", &["--version"])?.starts_with("deskbell-agent "), "the program does not run");
    run(rpm("--verify").arg("deskbell-agent"))?;

    root.write("/var/lib/deskbell-agent/identity.json", "who this computer is")?;
    run(rpm("--upgrade").arg(new))?;
    ensure!(root.is_enabled("deskbell-agent.service"), "the old version took the service along");
    ensure!(root.path("/usr/bin/deskbell-tray").is_file(), "the old version took the new one's programs along");
    let downgrade = run(rpm("--upgrade").arg(old)).expect_err("an older version was installed over a newer one");
    ensure!(downgrade.to_string().contains(&format!("deskbell-agent-{NEW}-1")), "{downgrade:#}");

    run(rpm("--erase").arg("deskbell-agent"))?;
    ensure!(root.path("/var/lib/deskbell-agent/identity.json").is_file(), "removing lost the identity");
    fs::remove_dir_all(root.path("/var/lib/deskbell-agent"))?;
    assert_eq!(root.traces()?, before);
    Ok(())
}

/// An upgrade keeps configuration and data; so does removing, since rpm has no purge.
#[test]
fn in_a_root_the_servers_rpm_comes_and_goes() -> anyhow::Result<()> {
    let [old, new] = [OLD, NEW].map(|version| Made::small_of(Format::Rpm, Product::Server, version));
    let (old, new) = (old?, new?);
    let root = Root::new()?;
    let before = root.traces()?;
    let rpm = |action: &str| rpm_in(&root, action);
    let (old, new) = (old.package("deskbell-server")?, new.package("deskbell-server")?);

    run(rpm("--install").arg(old))?;
    ensure!(root.is_enabled("deskbell-server.service"), "the service does not start with the computer");
    run(rpm("--verify").arg("deskbell-server"))?;
    let [user, group] = ["-u", "-g"].map(|what| root.run("id", &[what, "deskbell"]));
    let (user, group) = (user?.trim().parse::<u32>()?, group?.trim().parse::<u32>()?);
    assert_eq!(root.access("/etc/deskbell/server.toml")?, (0o640, 0, group));
    assert_eq!(root.access("/var/lib/deskbell-server")?, (0o700, user, group));

    root.write("/etc/deskbell/server.toml", "public_url = \"https://help.example\"\n")?;
    root.write("/var/lib/deskbell-server/deskbell.key", "the server's key")?;
    run(rpm("--upgrade").arg(new))?;
    ensure!(root.is_enabled("deskbell-server.service"), "the old version took the service along");
    let configuration = || fs::read_to_string(root.path("/etc/deskbell/server.toml"));
    ensure!(configuration()?.contains("help.example"), "the upgrade lost the configuration");
    let downgrade = run(rpm("--upgrade").arg(old)).expect_err("an older version was installed over a newer one");
    ensure!(downgrade.to_string().contains(&format!("deskbell-server-{NEW}-1")), "{downgrade:#}");

    run(rpm("--erase").arg("deskbell-server"))?;
    ensure!(!root.path("/usr/bin/deskbell-server").exists(), "the program is still there");
    ensure!(configuration()?.contains("help.example"), "removing lost the configuration");
    ensure!(root.path("/var/lib/deskbell-server/deskbell.key").is_file(), "removing lost the data");
    fs::remove_dir_all(root.path("/var/lib/deskbell-server"))?;
    fs::remove_dir_all(root.path("/etc/deskbell"))?;
    assert_eq!(root.traces()?, before);
    Ok(())
}

/// rpm, acting there; it knows nothing of what dpkg installed, such as the C library.
fn rpm_in(root: &Root, action: &str) -> Command {
    // As on any computer, /proc is there: systemd's tools want it.
    let enter = "mount -t proc proc \"$0/proc\" && exec rpm --root \"$0\" \"$@\"";
    let mut rpm = Command::new("unshare");
    rpm.args(["--mount", "sh", "-c", enter]).arg(root.path("")).args(["--nodeps", "--verbose", action]);
    rpm
}
