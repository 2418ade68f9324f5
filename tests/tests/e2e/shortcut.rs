//! The keyboard shortcut that a policy sets, pressed on a real X display.

use deskbell_protocol::{ShortcutState, ipc::Status};
use deskbell_tests::support::{
    bus::Bus,
    deadline::SOON,
    keyboard::{ShortcutHolder, press},
    recorded_browser::RecordedBrowser,
    screen::Screen,
    tray_host::TrayHost,
};
use serde_json::{Value, json};

use crate::desk::{Computer, Msp, portal_only, shown};

async fn save(msp: &Msp, settings: Value) -> anyhow::Result<()> {
    msp.api.save_policy_with(msp.policy, &shown(portal_only()), settings).await
}

async fn until_shortcut(computer: &Computer, state: Option<ShortcutState>) -> anyhow::Result<()> {
    let holds = |status: &Status| matches!(status.sessions.as_slice(), [session] if session.shortcut == state);
    computer
        .agent
        .until_status(&computer.service, SOON, &format!("a shortcut that is {state:?}"), holds)
        .await
        .map(drop)
}

/// AGT-21: pressed, the shortcut opens the form; a saved policy changes it at once; while the tray is hidden, other
/// programs can have it.
#[tokio::test(flavor = "multi_thread")]
async fn the_shortcut_opens_the_form_and_follows_the_policy() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let (bus, screen, mut browser) = (Bus::start().await?, Screen::start().await?, RecordedBrowser::new()?);
    let _host = TrayHost::start(bus.address()).await?;
    let _tray = computer.agent.start_tray_on(&bus, &browser, &screen)?;
    until_shortcut(&computer, None).await?;

    save(&msp, json!({"shortcut": "Ctrl+F12"})).await?;
    until_shortcut(&computer, Some(ShortcutState::Ready)).await?;
    press(&screen, "ctrl+F12").await?;
    assert!(browser.next(SOON).await?.contains("/launch/"));
    assert!(ShortcutHolder::take(&screen).is_err(), "the tray does not have its shortcut");

    save(&msp, json!({"shortcut": "Ctrl+Shift+H"})).await?;
    // The keys are free as soon as the tray has others.
    let holder = computer.agent.until_status(&computer.service, SOON, "the other shortcut", |status| {
        status.sessions.iter().any(|session| session.shortcut == Some(ShortcutState::Ready))
            && ShortcutHolder::take(&screen).is_ok()
    });
    holder.await?;
    press(&screen, "ctrl+shift+h").await?;
    assert!(browser.next(SOON).await?.contains("/launch/"));

    save(&msp, json!({"shortcut": "Ctrl+F12"})).await?;
    until_shortcut(&computer, Some(ShortcutState::Ready)).await?;
    save(&msp, json!({"shortcut": "Ctrl+F12", "hide_tray": true})).await?;
    until_shortcut(&computer, None).await?;
    ShortcutHolder::take(&screen)?;
    Ok(())
}

/// AGT-21: a shortcut of another program stays that program's, and `status` says so for each session.
#[tokio::test(flavor = "multi_thread")]
async fn a_shortcut_that_another_program_has_is_said_in_status() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    save(&msp, json!({"shortcut": "Ctrl+F12"})).await?;
    let computer = msp.computer().await?;
    let (bus, screen, mut browser) = (Bus::start().await?, Screen::start().await?, RecordedBrowser::new()?);
    let _host = TrayHost::start(bus.address()).await?;
    let _holder = ShortcutHolder::take(&screen)?;
    let _tray = computer.agent.start_tray_on(&bus, &browser, &screen)?;

    until_shortcut(&computer, Some(ShortcutState::Taken)).await?;
    let text = computer.agent.run(&["status"]).await?;
    assert!(text.stdout.contains("keyboard shortcut taken by another program"), "{text:?}");
    let json = computer.agent.run(&["status", "--json"]).await?.json()?;
    assert_eq!(json["sessions"][0]["shortcut"], json!("taken"));

    save(&msp, json!({"shortcut": "Alt+F11"})).await?;
    until_shortcut(&computer, Some(ShortcutState::Ready)).await?;
    press(&screen, "alt+F11").await?;
    assert!(browser.next(SOON).await?.contains("/launch/"));
    Ok(())
}

/// AGT-21: where there is no X display, `status` says that there is no shortcut to be had.
#[tokio::test(flavor = "multi_thread")]
async fn without_an_x_display_status_says_that_there_is_no_shortcut() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    save(&msp, json!({"shortcut": "Ctrl+F12"})).await?;
    let computer = msp.computer().await?;
    let _session = computer.session().await?;

    until_shortcut(&computer, Some(ShortcutState::Unavailable)).await?;
    let text = computer.agent.run(&["status"]).await?;
    assert!(text.stdout.contains("keyboard shortcut not available on this desktop"), "{text:?}");
    Ok(())
}
