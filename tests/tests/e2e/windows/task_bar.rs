//! What the task bar shows of a policy, with the server and without.

use std::fs;

use anyhow::Context;
use deskbell_tests::support::{programs::workspace, wine::Wine};
use serde_json::{Value, json};

use super::computer::WindowsComputer;
use crate::{
    desk::{PHONE, PORTAL, menu, shown},
    icons::square,
};

/// Red, green, blue of Deskbell's own bell.
const BELL: [u8; 3] = [37, 99, 235];
const RED: [u8; 3] = [255, 0, 0];
const GREEN: [u8; 3] = [0, 255, 0];
/// What a person chooses for the task bar's colors.
const COLORS: &str = r"HKCU\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";
const LIGHT: &str = "SystemUsesLightTheme";

/// AGT-03, AGT-06, AGT-19, under Wine: icon, name and order of a saved policy are in the task bar at once, the dark icon
/// where the task bar is dark. Switched on while the server is away, the computer has the whole menu, which says since when
/// it is offline, and whom to call; the icon and its tooltip are the policy's. In the place of a damaged icon is Deskbell's
/// own until the server is back.
#[tokio::test(flavor = "multi_thread")]
async fn windows_the_task_bar_shows_the_policy_also_after_a_start_without_the_server() -> anyhow::Result<()> {
    let wine = Wine::start().await?;
    // A key that was not there tells nobody that it comes.
    wine.set_number(COLORS, LIGHT, 1).await?;
    let mut computer = WindowsComputer::on(wine).await?;
    until_icon(&computer, BELL).await?;
    assert_eq!(computer.wine.tooltip().await?, "Harbor IT");
    // Nobody compares the picture: docs/pictures has one to look at.
    computer.wine.picture(&workspace().join("target/wine/tooltip.png")).await?;

    let hash = computer.msp.api.upload_icon(square(RED)?).await?;
    let dark = computer.msp.api.upload_icon(square(GREEN)?).await?;
    let settings = json!({"icons": {"light": hash, "dark": dark}, "brand_name": "Lindgren Desk"});
    save(&computer, ["handbook", "portal"], &settings).await?;
    computer.until_menu("the saved order", |menu| menu == format!("Handbook\n{PORTAL}")).await?;
    until_icon(&computer, RED).await?;
    assert_eq!(computer.wine.tooltip().await?, "Lindgren Desk");
    save(&computer, ["portal", "handbook"], &settings).await?;
    computer.until_menu("the other order", |menu| menu == format!("{PORTAL}\nHandbook")).await?;
    for (light, color) in [(0, GREEN), (1, RED)] {
        computer.wine.set_number(COLORS, LIGHT, light).await?;
        until_icon(&computer, color).await?;
    }

    computer.msp.server.stop().await?;
    computer.wine.restart().await?;
    let call = format!("Call {PHONE}");
    let offline = format!("{PORTAL}\n{call}\nWrite to help@harbor-it.example\nHandbook\n\nOffline since ");
    computer.until_menu("the kept menu", |menu| menu.starts_with(&offline)).await?;
    until_icon(&computer, RED).await?;
    assert_eq!(computer.wine.tooltip().await?, "Lindgren Desk");
    assert_eq!(computer.wine.choose(&call).await?, "tel:+15550100");

    computer.wine.done("sc", &["stop", "deskbell-agent"]).await?;
    let kept = computer.wine.path(r"C:\ProgramData\Deskbell\state\icons").join(&hash);
    let whole = fs::read(&kept).context("the kept icon")?;
    fs::write(&kept, &whole[..whole.len() / 2])?;
    computer.wine.kill("deskbell-tray.exe")?;
    computer.wine.start_service().await?;
    until_icon(&computer, BELL).await?;
    computer.msp.server.come_back()?;
    until_icon(&computer, RED).await?;
    computer.until_menu("the whole menu", |menu| menu == format!("{PORTAL}\nHandbook")).await
}

async fn save(computer: &WindowsComputer, order: [&str; 2], settings: &Value) -> anyhow::Result<()> {
    let entry = |id: &str| match id {
        "portal" => json!({"id": id, "type": "portal", "label": {"text": PORTAL}}),
        _ => json!({"id": id, "type": "link", "label": {"text": "Handbook"}, "url": "https://handbook.example/"}),
    };
    let entries = menu(&order.map(entry).to_vec().into());
    computer.msp.api.save_policy_with(computer.msp.policy, &shown(entries), settings.clone()).await
}

async fn until_icon(computer: &WindowsComputer, color: [u8; 3]) -> anyhow::Result<()> {
    let seen = async || {
        let found = computer.wine.icon_color().await?;
        anyhow::ensure!(found == color, "it is {found:?}");
        Ok(Some(()))
    };
    computer.wine.until(&format!("an icon whose middle is {color:?}"), seen).await
}
