//! The deb, read by dpkg and installed by it in a small Debian.

use std::{fs, process::Command};

use anyhow::ensure;
use deskbell_installer::{
    contents::{Product, System},
    packages::Format,
};

use crate::{
    listing::{listed, promised},
    made::{Made, NEW, OLD, run},
    root::{Root, words},
};

#[test]
fn a_deb_brings_what_the_list_says() -> anyhow::Result<()> {
    let made = Made::small(Format::Deb, &[Product::Agent, Product::Server])?;
    for product in [Product::Agent, Product::Server] {
        let lines = run(Command::new("dpkg-deb").arg("-c").arg(made.package(product.name())?))?;
        assert_eq!(listed(&lines, 1, 2), promised(product, System::Linux));
    }
    Ok(())
}

/// AGT-16: nobody is logged on, no network is there, no service manager runs. An upgrade keeps identity and
/// configuration; purging leaves nothing.
#[test]
fn in_a_root_the_agents_deb_comes_upgrades_and_goes() -> anyhow::Result<()> {
    let [old, new] = [OLD, NEW].map(|version| Made::real(Format::Deb, Product::Agent, version));
    let (old, new) = (old?, new?);
    let root = Root::new()?;
    let before = root.traces()?;
    let (old, new) = (root.bring(old.package("deskbell-agent")?)?, root.bring(new.package("deskbell-agent")?)?);

    root.run("dpkg", &["--install", &old])?;
    ensure!(root.is_enabled("deskbell-agent.service"), "the service does not start with the computer");
    ensure!(root.run("deskbell-agent", &["--version"])?.starts_with("deskbell-agent "), "the program does not run");
    root.run("dpkg", &["--verify", "deskbell-agent"])?;

    root.write("/var/lib/deskbell-agent/identity.json", "who this computer is")?;
    root.write("/etc/deskbell/agent.toml", "server = \"https://help.example\"\n")?;
    root.write("/etc/deskbell/company-ca.pem", "the administrator's")?;
    root.run("systemctl", &["disable", "deskbell-agent.service"])?;
    root.run("dpkg", &["--install", &new])?;
    ensure!(root.path("/var/lib/deskbell-agent/identity.json").is_file(), "the upgrade lost the identity");
    ensure!(!root.is_enabled("deskbell-agent.service"), "the upgrade started what an administrator had switched off");

    let downgrade = root.output("dpkg", &["--install", &old])?;
    ensure!(!downgrade.status.success(), "an older version was installed over a newer one");
    let sentence = format!("{NEW} is installed, which is newer than {OLD}. Remove it first");
    ensure!(words(&downgrade).contains(&sentence), "{}", words(&downgrade));
    ensure!(
        root.run("dpkg-query", &["-W", "-f", "${Version} ${db:Status-Status}", "deskbell-agent"])?
            == format!("{NEW} installed")
    );

    root.run("dpkg", &["--remove", "deskbell-agent"])?;
    ensure!(!root.path("/usr/bin/deskbell-tray").exists(), "the tray is still there");
    ensure!(root.path("/var/lib/deskbell-agent/identity.json").is_file(), "removing lost the identity");
    root.run("dpkg", &["--purge", "deskbell-agent"])?;
    let left = fs::read_dir(root.path("/etc/deskbell"))?.map(|entry| Ok(entry?.file_name()));
    assert_eq!(left.collect::<anyhow::Result<Vec<_>>>()?, ["company-ca.pem"], "what the administrator wrote stays");
    fs::remove_dir_all(root.path("/etc/deskbell"))?;
    assert_eq!(root.traces()?, before);
    Ok(())
}

#[test]
fn in_a_root_the_servers_deb_comes_and_goes() -> anyhow::Result<()> {
    let [old, new] = [OLD, NEW].map(|version| Made::real(Format::Deb, Product::Server, version));
    let (old, new) = (old?, new?);
    let root = Root::new()?;
    let before = root.traces()?;
    let (old, new) = (root.bring(old.package("deskbell-server")?)?, root.bring(new.package("deskbell-server")?)?);

    root.run("dpkg", &["--install", &old])?;
    ensure!(root.is_enabled("deskbell-server.service"), "the service does not start with the computer");
    let [user, group] = ["-u", "-g"].map(|what| root.run("id", &[what, "deskbell"]));
    let (user, group) = (user?.trim().parse::<u32>()?, group?.trim().parse::<u32>()?);
    assert_eq!(root.access("/etc/deskbell/server.toml")?, (0o640, 0, group));
    assert_eq!(root.access("/var/lib/deskbell-server")?, (0o700, user, group));
    let token = ["--user", "deskbell", "--", "deskbell-server", "--config", "/etc/deskbell/server.toml"];
    root.run("runuser", &[&token[..], &["api-token", "create", "automation"]].concat())?;

    root.write("/etc/deskbell/server.toml", "public_url = \"https://help.example\"\n")?;
    root.run("dpkg", &["--install", &new])?;
    let configuration = fs::read_to_string(root.path("/etc/deskbell/server.toml"))?;
    ensure!(configuration.contains("help.example"), "the upgrade lost the configuration: {configuration}");

    root.run("dpkg", &["--remove", "deskbell-server"])?;
    ensure!(root.path("/var/lib/deskbell-server/deskbell.key").is_file(), "removing lost the data");
    root.run("dpkg", &["--purge", "deskbell-server"])?;
    assert_eq!(root.traces()?, before);
    Ok(())
}
