//! Programs that are replaced by newer ones while they run.

use std::fs;

use anyhow::{Context, ensure};
use deskbell_protocol::TrayState::Visible;
use deskbell_tests::support::{child::ChildProcess, deadline::PATIENT, person::InstalledPrograms, tray_host::Icon};

use crate::{
    desk::PORTAL,
    log_ons::{Desktop, LoggedOn, system_bus_variable},
    sessions::child_of,
};

/// As long as the version that is built.
const NEWER: &str = "9.9.9";

/// The programs are replaced on the disk and the service is restarted while the server is away: identity and cached policy
/// are kept, and the tray of every session comes back from the new program.
#[tokio::test(flavor = "multi_thread")]
async fn after_an_upgrade_every_tray_comes_back_from_the_new_program() -> anyhow::Result<()> {
    let programs = InstalledPrograms::copy()?;
    let mut world = LoggedOn::new(Some(&programs)).await?;
    let mut desktops = Vec::new();
    for session in ["c1", "c2"] {
        world.logind.begin(session, "user", "x11").await?;
        desktops.push(Desktop::start(&world.computer).await?);
    }
    world.until(vec![Visible, Visible]).await?;
    let identity = world.computer.agent.root().join("state/identity.json");
    let (before, icons) = (fs::read(&identity)?, [desktops[0].host.shown(), desktops[1].host.shown()]);

    programs.upgrade(NEWER)?;
    world.msp.server.stop().await?;
    world.computer.service.stop().await?;
    let wrapper = ["env", &system_bus_variable(&world.system_bus)];
    world.computer.service = world.computer.agent.start_service_through(&wrapper)?;

    let shows_cached = |icons: &[Icon]| matches!(icons, [icon] if icon.menu.text().contains("Offline since"));
    for (desktop, old) in desktops.iter().zip(&icons) {
        let is_new = |icons: &[Icon]| shows_cached(icons) && icons[0].service != old[0].service;
        desktop.host.until(PATIENT, "a new icon with the cached menu", is_new).await?;
        ensure_new_program(&desktop.tray)?;
    }
    let status = world.computer.agent.status().await?;
    assert_eq!((status.version.as_str(), status.asset_id), (NEWER, Some(world.computer.asset)));
    assert_eq!(fs::read(&identity)?, before);

    world.msp.server.come_back()?;
    for desktop in &desktops {
        desktop.host.until_menu(PATIENT, PORTAL).await?;
    }
    world.until(vec![Visible, Visible]).await?;
    assert_eq!(world.msp.api.assets().await?.len(), 1);
    Ok(())
}

/// The kernel names a program whose file was replaced as deleted.
fn ensure_new_program(tray: &ChildProcess) -> anyhow::Result<()> {
    let child = child_of(tray)?.as_raw_nonzero();
    let program = fs::read_link(format!("/proc/{child}/exe")).context("finding the tray's program")?;
    ensure!(!program.to_string_lossy().ends_with("(deleted)"), "the tray still runs {}", program.display());
    Ok(())
}
