//! "Get IT help" in the applications menu.

use std::{fs, path::PathBuf, process::Command};

use anyhow::{Context, ensure};
use deskbell_tests::support::{
    deadline::{PATIENT, SOON},
    notifications::Notifications,
    programs::workspace,
};

use crate::desk::{Msp, PHONE, PORTAL};

const EMAIL: &str = "help@harbor-it.example";

/// AGT-18: the launcher does what the first portal entry does; with the server away the person reads phone and e-mail.
#[tokio::test(flavor = "multi_thread")]
async fn the_launcher_opens_the_portal_or_says_whom_to_call() -> anyhow::Result<()> {
    let mut msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let notifications = Notifications::start(&session.bus).await?;
    let entry = fs::read_to_string(shipped("deskbell-help.desktop"))?;
    let command = entry.lines().find_map(|line| line.strip_prefix("Exec=deskbell-agent ")).context("no command")?;

    let mut launcher = computer.agent.launcher(command, &session.bus, &session.browser)?;
    assert_eq!(launcher.ended().await?, 0);
    assert!(session.browser.next(SOON).await?.contains("/launch/"));

    msp.server.stop().await?;
    let mut launcher = computer.agent.launcher(command, &session.bus, &session.browser)?;
    assert_eq!(launcher.ended().await?, 4);
    notifications.until(SOON, &[PHONE, EMAIL]).await
}

/// AGT-18: a click in the tray that comes to nothing, here the eleventh in a minute, tells phone and e-mail.
#[tokio::test(flavor = "multi_thread")]
async fn a_click_too_many_says_whom_to_call() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    let notifications = Notifications::start(&session.bus).await?;

    // Ten clicks a minute are sent on; the eleventh is answered on the spot, with the same words for whom to call.
    for _ in 0..11 {
        session.host.click(&[PORTAL]).await?;
    }
    notifications.until(PATIENT, &[PHONE, EMAIL]).await
}

/// AGT-18: the launchers that packages ship are valid by the desktop's own check.
#[test]
fn the_shipped_launchers_are_valid() -> anyhow::Result<()> {
    for file in ["deskbell-help.desktop", "deskbell-tray.desktop"] {
        let checked = Command::new("desktop-file-validate").arg(shipped(file)).output().context("is it installed?")?;
        let words = String::from_utf8_lossy(&checked.stdout).into_owned();
        ensure!(checked.status.success() && words.is_empty(), "{file}: {words}");
    }
    Ok(())
}

fn shipped(file: &str) -> PathBuf {
    workspace().join("installer/linux/agent").join(file)
}
