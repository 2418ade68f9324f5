//! The shell, which has the task bar, ends and starts again.

use deskbell_protocol::TrayState;
use deskbell_tests::support::{chance, child::ChildProcess, deadline::PATIENT, wine::Wine};

use super::computer::WindowsComputer;

/// AGT-07, under Wine: a tray that starts before the shell says that there is no task bar, and gives its icon to the shell as
/// soon as that is there; so it does each time after the shell was killed, 5 times, or 100 with full counts. Wine's own shell
/// takes the whole desktop with it and does not come back: these are the test's own.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_icon_comes_back_each_time_the_shell_does() -> anyhow::Result<()> {
    let computer = WindowsComputer::on(Wine::start_drawing_nothing().await?).await?;
    computer.until_tray(TrayState::NoTrayHost).await?;
    for _ in 0..chance::rounds() / 10 {
        let shell = start_shell(&computer).await?;
        computer.until_tray(TrayState::Visible).await?;
        assert_eq!(computer.icons().await?, 1);
        shell.kill().await?;
        computer.until_tray(TrayState::NoTrayHost).await?;
    }

    let first = computer.wine.process("deskbell-tray.exe");
    computer.wine.kill("deskbell-tray.exe")?;
    computer.until_another_tray(first).await?;
    computer.until_tray(TrayState::NoTrayHost).await?;
    let _shell = start_shell(&computer).await?;
    computer.until_tray(TrayState::Visible).await
}

/// A shell that was given the icon.
async fn start_shell(computer: &WindowsComputer) -> anyhow::Result<ChildProcess> {
    let shell = computer.wine.start_desk(&["shell"])?;
    shell.line(PATIENT, "the icon", |line| (line.trim() == "icon").then_some(())).await?;
    Ok(shell)
}
