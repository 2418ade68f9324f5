//! The keyboard shortcut that a policy sets, pressed on a Wine desktop.

use deskbell_protocol::{ShortcutState, ipc::Status};
use deskbell_tests::support::deadline::PATIENT;
use serde_json::{Value, json};

use super::computer::{WindowsComputer, until_status};
use crate::desk::{portal_only, shown};

/// The class of windows that are menus.
const MENU: &str = "\t#32768\t";

/// AGT-21, under Wine: pressed, the shortcut opens the tray's menu on the screen, whose first entry opens the form; while the
/// tray is hidden, another program can have the keys; as long as that has them, `status` says so. The menu opens at the
/// pointer, since Wine does not say where an icon is.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_shortcut_opens_the_menu_and_follows_the_policy() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let wine = &computer.wine;
    save(&computer, json!({"shortcut": "Ctrl+F12"})).await?;
    until_shortcut(&computer, Some(ShortcutState::Ready)).await?;
    assert!(!wine.windows().await?.contains(MENU), "no menu is open");

    wine.press("ctrl+F12").await?;
    wine.until("an open menu", async || Ok(wine.windows().await?.contains(MENU).then_some(()))).await?;
    assert!(wine.browsed().is_empty(), "{:?}", wine.browsed());
    wine.click(530, 313).await?;
    let link = wine.until("the browser to be asked", async || Ok(wine.browsed().first().cloned())).await?;
    assert!(link.starts_with(&format!("{}launch/", computer.msp.server.url)), "{link}");

    save(&computer, json!({"shortcut": "Ctrl+F12", "hide_tray": true})).await?;
    until_shortcut(&computer, None).await?;
    let another = computer.wine.start_desk(&["hold"])?;
    another.line(PATIENT, "the keys", |line| (line.trim() == "held").then_some(())).await?;
    save(&computer, json!({"shortcut": "Ctrl+F12"})).await?;
    until_shortcut(&computer, Some(ShortcutState::Taken)).await?;
    let text = wine.agent(&["status"]).await?;
    assert!(text.stdout.contains("keyboard shortcut taken by another program"), "{text:?}");
    Ok(())
}

async fn save(computer: &WindowsComputer, settings: Value) -> anyhow::Result<()> {
    computer.msp.api.save_policy_with(computer.msp.policy, &shown(portal_only()), settings).await
}

async fn until_shortcut(computer: &WindowsComputer, state: Option<ShortcutState>) -> anyhow::Result<()> {
    let holds = |status: &Status| matches!(status.sessions.as_slice(), [session] if session.shortcut == state);
    until_status(&computer.wine, &format!("a shortcut that is {state:?}"), holds).await.map(drop)
}
