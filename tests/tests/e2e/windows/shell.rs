//! The shell, which has the task bar, ends and starts again.

use deskbell_protocol::TrayState;

use super::computer::WindowsComputer;

/// Under Wine: the shell is killed and started 20 times; while there is no task bar the tray says so, and each time
/// the icon is on the screen again. A tray that starts before the shell has its icon as soon as that is there.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_icon_comes_back_each_time_the_shell_does() -> anyhow::Result<()> {
    let mut computer = WindowsComputer::new().await?;
    computer.until_bell().await?;
    for _ in 0..20 {
        computer.wine.kill_shell().await?;
        computer.until_tray(TrayState::NoTrayHost).await?;
        computer.wine.start_shell().await?;
        computer.until_bell().await?;
        computer.until_tray(TrayState::Visible).await?;
        assert_eq!(computer.icons().await?, 1);
    }

    computer.wine.kill_shell().await?;
    let first = computer.wine.process("deskbell-tray.exe");
    computer.wine.kill("deskbell-tray.exe")?;
    computer.until_another_tray(first).await?;
    computer.until_tray(TrayState::NoTrayHost).await?;
    computer.wine.start_shell().await?;
    computer.until_bell().await?;
    computer.until_tray(TrayState::Visible).await
}
