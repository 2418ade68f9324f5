//! What other programs of the computer may do, and what they may not.

use deskbell_protocol::TrayState;
use deskbell_tests::support::{
    deadline::PATIENT,
    wine::{DESK, PROGRAMS},
};

use super::computer::{WindowsComputer, until_status};

const PIPE: &str = r"\\.\pipe\deskbell-agent";
const ICON: &str = r"HKCU\Control Panel\NotifyIconSettings\4711";

/// Under Wine: a pipe that another account made first is not spoken to. Wine
/// has no second account: the service's pipe is the system's by its descriptor, and one that was made without a descriptor
/// has no owner at all, which is refused like a wrong one.
#[tokio::test(flavor = "multi_thread")]
async fn windows_a_pipe_that_another_account_made_is_refused() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let wine = &computer.wine;
    wine.done("sc", &["stop", "deskbell-agent"]).await?;
    let stranger = wine.start_desk(&["serve", PIPE])?;
    stranger.line(PATIENT, "the stranger's pipe", |line| (line.trim() == "made").then_some(())).await?;

    let refused = wine.agent(&["status"]).await?;
    assert!(refused.code == 1 && refused.stdout.is_empty(), "{refused:?}");
    stranger.line(PATIENT, "that it heard nothing", |line| (line.trim() == "heard 0").then_some(())).await?;

    wine.start_service().await?;
    computer.until_tray(TrayState::Visible).await
}

/// AGT-08, under Wine, which has no overflow: with what Windows 11 writes into the registry about it, the icon is reported
/// to be there, and in view as soon as the person has brought it out.
#[tokio::test(flavor = "multi_thread")]
async fn windows_an_icon_in_the_overflow_is_reported() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let wine = &computer.wine;
    computer.until_tray(TrayState::Visible).await?;

    wine.set_value(r"HKCU\Control Panel\NotifyIconSettings\1", "ExecutablePath", &format!(r"{DESK}\desk.exe")).await?;
    wine.set_value(ICON, "ExecutablePath", &format!(r"{PROGRAMS}\deskbell-tray.exe")).await?;
    // A key that was not there tells nobody that it comes; a new task bar makes the tray look.
    wine.kill("deskbell-tray.exe")?;
    computer.until_tray(TrayState::Overflow).await?;

    wine.done("reg", &["add", ICON, "/v", "IsPromoted", "/t", "REG_DWORD", "/d", "1", "/f"]).await?;
    computer.until_tray(TrayState::Visible).await?;
    let seen = async || {
        let sessions = computer.msp.api.asset(computer.asset).await?.sessions;
        Ok(sessions.iter().any(|session| session.tray == TrayState::Visible).then_some(()))
    };
    wine.until("the server to know", seen).await?;
    until_status(wine, "the service", |status| status.last_error.is_none()).await.map(drop)
}
