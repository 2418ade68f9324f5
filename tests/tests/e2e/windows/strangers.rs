//! What other programs of the computer may do, and what they may not.

use deskbell_protocol::TrayState;
use deskbell_tests::support::{
    deadline::PATIENT,
    wine::{DESK, PROGRAMS},
};

use serde_json::json;

use super::computer::{WindowsComputer, until_status};
use crate::desk::{portal_only, shown};

const PIPE: &str = r"\\.\pipe\deskbell-agent";
const ICON: &str = r"HKCU\Control Panel\NotifyIconSettings\4711";
const OTHER_ICON: &str = r"HKCU\Control Panel\NotifyIconSettings\1";
const PROMOTED: &str = "IsPromoted";

/// Under Wine: a pipe that another account made first is neither served through nor spoken to, and the service says so and
/// ends at once. Wine has no second account: the service's pipe is the system's by its descriptor, and one that was made
/// without a descriptor has no owner at all, which is refused like a wrong one. It also makes a second instance of
/// somebody else's pipe where Windows refuses (`FILE_FLAG_FIRST_PIPE_INSTANCE`): the service looks itself, too.
#[tokio::test(flavor = "multi_thread")]
async fn windows_a_pipe_that_another_account_made_is_refused() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let wine = &computer.wine;
    wine.done("sc", &["stop", "deskbell-agent"]).await?;
    let stranger = wine.start_desk(&["serve", PIPE])?;
    stranger.line(PATIENT, "the stranger's pipe", |line| (line.trim() == "made").then_some(())).await?;

    let ended = wine.agent(&["run"]).await?;
    assert_eq!(ended.code, 1, "{ended:?}");
    assert!(ended.stderr.contains(&format!("another program has made the pipe {PIPE}")), "{ended:?}");
    wine.run("sc", &["start", "deskbell-agent"]).await?;
    wine.until("the service to end", async || {
        let state = wine.done("sc", &["query", "deskbell-agent"]).await?;
        anyhow::ensure!(state.contains("STOPPED"), "{state}");
        Ok(Some(()))
    })
    .await?;
    let refused = wine.agent(&["status"]).await?;
    assert!(refused.code == 1 && refused.stdout.is_empty(), "{refused:?}");
    stranger.line(PATIENT, "that it heard nothing", |line| (line.trim() == "heard 0").then_some(())).await?;

    wine.start_service().await?;
    computer.until_tray(TrayState::Visible).await
}

/// AGT-08, under Wine, which has no overflow: with what Windows 11 writes into the registry about it, the icon is reported
/// to be there, and in view as soon as the person has brought it out. Where the policy says so, an icon that nobody chose a
/// place for is brought into view; where the person chose, it stays, and another program's icon is let alone.
#[tokio::test(flavor = "multi_thread")]
async fn windows_an_icon_in_the_overflow_is_reported() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let wine = &computer.wine;
    computer.until_tray(TrayState::Visible).await?;

    wine.set_value(OTHER_ICON, "ExecutablePath", &format!(r"{DESK}\desk.exe")).await?;
    wine.set_value(ICON, "ExecutablePath", &format!(r"{PROGRAMS}\deskbell-tray.exe")).await?;
    // A key that was not there tells nobody that it comes; a new task bar makes the tray look.
    wine.kill("deskbell-tray.exe")?;
    computer.until_tray(TrayState::Overflow).await?;

    assert_eq!(wine.value(ICON, PROMOTED).await?, None, "no policy asks for it");

    let policy = shown(portal_only());
    let save = |settings| computer.msp.api.save_policy_with(computer.msp.policy, &policy, settings);
    save(json!({"keep_in_view": true})).await?;
    computer.until_tray(TrayState::Visible).await?;
    assert_eq!(wine.value(ICON, PROMOTED).await?.as_deref(), Some("0x1"));
    assert_eq!(wine.value(OTHER_ICON, PROMOTED).await?, None);

    wine.set_number(ICON, PROMOTED, 0).await?;
    computer.until_tray(TrayState::Overflow).await?;
    let first = wine.process("deskbell-tray.exe");
    wine.kill("deskbell-tray.exe")?;
    computer.until_another_tray(first).await?;
    computer.until_tray(TrayState::Overflow).await?;
    assert_eq!(wine.value(ICON, PROMOTED).await?.as_deref(), Some("0x0"), "the person chose");

    save(json!({})).await?;
    wine.set_number(ICON, PROMOTED, 1).await?;
    computer.until_tray(TrayState::Visible).await?;
    let seen = async || {
        let sessions = computer.msp.api.asset(computer.asset).await?.sessions;
        Ok(sessions.iter().any(|session| session.tray == TrayState::Visible).then_some(()))
    };
    wine.until("the server to know", seen).await?;
    until_status(wine, "the service", |status| status.last_error.is_none()).await.map(drop)
}
