//! The agent for Windows, as a service of a Wine computer with a task bar. Wine has one session and one account: what
//! depends on several is tested as logic (`service/trays.rs`, `service/tray_starts.rs`).

mod authority;
mod clones;
mod command_line;
mod computer;
mod portal;
mod proxy;
mod secrets;
mod shell;
mod shortcut;
mod strangers;
mod task_bar;

use deskbell_protocol::TrayState;
use deskbell_tests::support::{
    browser::{Browser, BrowserOptions},
    programs::workspace,
    wine::WindowsItem,
};

use self::computer::WindowsComputer;
use crate::{
    desk::{PORTAL, portal_only, shown},
    form,
    menu::every_type,
};

/// The one account that Wine has.
const WINE_ACCOUNT: &str = "S-1-5-21-0-0-0-1000";

/// AGT-04, AGT-05, SYN-44, under Wine: the service that the service manager starts enrolls over
/// TLS, with the address that is managed centrally and the certificates that Windows trusts. The tray's real menu has
/// every type of entry in the saved order; what is chosen there opens in the browser; the form becomes a ticket of the
/// account that the kernel named.
#[tokio::test(flavor = "multi_thread")]
async fn windows_a_click_in_the_task_bar_becomes_a_ticket() -> anyhow::Result<()> {
    let computer = WindowsComputer::new().await?;
    let (wine, msp) = (&computer.wine, &computer.msp);
    computer.until_tray(TrayState::Visible).await?;

    msp.save_menu(every_type()).await?;
    let expected = [
        (0, "information", "PC-042 && Lindgren Bakery: a_b"),
        (0, "separator", ""),
        (0, "action", PORTAL),
        (0, "action", "Handbook"),
        (0, "submenu", "More"),
        (1, "action", "Ring Jane Doe's help"),
        (1, "submenu", "Deeper"),
        (2, "action", "Write"),
        (1, "action", "Copy computer details"),
    ];
    let expected = expected.map(|(depth, kind, text)| (depth, kind.to_owned(), text.to_owned()));
    let plain = |line: WindowsItem| (line.depth, line.kind, line.text);
    wine.until("the whole menu", async || {
        let menu = wine.menu().await?.into_iter().map(plain).collect::<Vec<_>>();
        anyhow::ensure!(menu == expected, "it is {menu:?}");
        Ok(Some(()))
    })
    .await?;
    // Nobody compares the picture: docs/pictures has one to look at.
    wine.picture(&workspace().join("target/wine/task-bar.png")).await?;

    assert_eq!(wine.choose("Handbook").await?, "https://handbook.example/?who=Jane%20Doe&pc=PC-042");
    assert_eq!(wine.choose("Ring Jane Doe's help").await?, "tel:+15550100");
    assert_eq!(wine.choose("Write").await?, "mailto:help@harbor-it.example?subject=PC-042");
    let link = wine.choose(PORTAL).await?;
    assert!(link.starts_with(&format!("{}launch/", msp.server.url)) && link.starts_with("https://"), "{link}");
    let browser = Browser::start(&BrowserOptions { trusts_everybody: true, ..BrowserOptions::default() }).await?;
    browser.open(&link).await?;
    assert_eq!(browser.text(".who").await?, "Reporting as Jane Doe for PC-042");
    form::send(&browser, "The scanner does not answer.").await?;
    let number = browser.text(".number").await?;
    browser.stop().await?;
    let tickets = msp.api.tickets().await?;
    let [ticket] = tickets.as_slice() else { anyhow::bail!("one click made {} tickets", tickets.len()) };
    assert_eq!((ticket.number.to_string(), ticket.asset_id), (number, Some(computer.asset)));
    let os_user = ticket.os_user.as_ref().map(|user| user.id.as_str());
    assert_eq!((ticket.source.as_str(), os_user), ("tray", Some(WINE_ACCOUNT)));

    let before = wine.browsed().len();
    let opened = wine.agent(&["open"]).await?;
    assert_eq!(opened.code, 0, "{opened:?}");
    let by_launcher = wine.until("the launcher's link", async || Ok(wine.browsed().get(before).cloned())).await?;
    assert!(by_launcher.contains("/launch/"), "{by_launcher}");
    let doctor = wine.agent(&["doctor"]).await?;
    assert_eq!(doctor.code, 0, "{doctor:?}");
    Ok(())
}

/// AGT-02, AGT-03, under Wine: hidden by policy the icon is gone and comes back live; with the server away the
/// menu says so; service and tray come back after they were killed, without a second icon; without a service, the launcher
/// says so in a window.
#[tokio::test(flavor = "multi_thread")]
async fn windows_service_and_tray_survive_what_happens_to_them() -> anyhow::Result<()> {
    let mut computer = WindowsComputer::new().await?;
    computer.until_tray(TrayState::Visible).await?;

    let hidden = deskbell_tests::support::api::PolicyDraft { hide_tray: true, ..shown(portal_only()) };
    computer.msp.api.save_policy(computer.msp.policy, &hidden).await?;
    computer.until_tray(TrayState::Hidden).await?;
    assert_eq!(computer.icons().await?, 0);
    computer.msp.save_menu(portal_only()).await?;
    computer.until_tray(TrayState::Visible).await?;
    assert_eq!(computer.icons().await?, 1);

    let first = computer.wine.process("deskbell-tray.exe");
    computer.wine.kill("deskbell-tray.exe")?;
    computer.until_another_tray(first).await?;
    computer.until_tray(TrayState::Visible).await?;
    assert_eq!(computer.icons().await?, 1);

    let tray = computer.wine.process("deskbell-tray.exe");
    computer.wine.kill("deskbell-agent.exe")?;
    assert_eq!(computer.icons().await?, 1, "the icon stays while the service is away");
    computer.wine.start_service().await?;
    computer.until_tray(TrayState::Visible).await?;
    assert_eq!(computer.wine.process("deskbell-tray.exe"), tray, "the tray that was there goes on");

    computer.msp.server.stop().await?;
    computer.until_menu("the line that the server is away", |menu| menu.contains("Offline since")).await?;
    computer.msp.server.come_back()?;
    computer.until_menu("the whole menu", |menu| menu == PORTAL).await?;

    computer.wine.done("sc", &["stop", "deskbell-agent"]).await?;
    let mut launcher = computer.wine.start_agent(&["open"])?;
    let words = async || Ok(computer.wine.windows().await?.contains("\t#32770\tDeskbell\t").then_some(()));
    computer.wine.until("words to the person who has no terminal", words).await?;
    computer.wine.press("Return").await?;
    assert_eq!(launcher.ended().await?, 1);
    computer.wine.start_service().await?;
    computer.until_tray(TrayState::Visible).await?;
    assert_eq!(computer.msp.api.assets().await?.len(), 1, "it is the same computer");
    Ok(())
}
