//! The MSP's own icon in the tray.

use std::fs;

use anyhow::Context;
use deskbell_tests::support::{
    agent::Agent,
    bus::Bus,
    child::ChildProcess,
    deadline::{PATIENT, SOON},
    recorded_browser::RecordedBrowser,
    settings_portal::{Colors, SettingsPortal},
    tray_host::{Icon, TrayHost},
};
use png::{ColorType, Encoder};
use serde_json::{Value, json};

use crate::desk::{Msp, portal_only, shown};

/// Opacity, red, green, blue, as a tray host gets them.
pub(crate) const RED: [u8; 4] = [255, 255, 0, 0];
const WHITE: [u8; 4] = [255, 255, 255, 255];
/// The blue of Deskbell's own bell.
const BELL: [u8; 4] = [255, 37, 99, 235];

/// AGT-19: the uploaded pixels and the branding name are in the tray as soon as the policy is saved; they are there after
/// a restart with the server away; a damaged file gives the default icon until the server is back.
#[tokio::test(flavor = "multi_thread")]
async fn the_policys_icon_arrives_live_is_kept_and_is_fetched_again_when_damaged() -> anyhow::Result<()> {
    let mut msp = Msp::new().await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    until_icon(&session.host, BELL).await?;

    let hash = msp.api.upload_icon(square([255, 0, 0])?).await?;
    save(&msp, json!({"icons": {"light": hash}, "brand_name": "Lindgren Desk"})).await?;
    let branded =
        |icons: &[Icon]| matches!(icons, [icon] if middle(icon) == Some(RED) && icon.title == "Lindgren Desk");
    let icons = session.host.until(SOON, "the policy's icon and name", branded).await?;
    assert!(icons[0].tooltip.starts_with("Lindgren Desk"), "{icons:?}");
    assert_eq!((icons[0].pictures[0].width, icons[0].pictures[0].height), (64, 64));

    session.tray.stop().await?;
    computer.service.stop().await?;
    msp.server.stop().await?;
    let service = computer.agent.start_service()?;
    let (host, tray, _bus) = tray(&computer.agent).await?;
    until_icon(&host, RED).await?;

    tray.stop().await?;
    service.stop().await?;
    let kept = computer.agent.root().join("state/icons").join(&hash);
    let half = fs::read(&kept).context("the kept icon")?;
    fs::write(&kept, &half[..half.len() / 2])?;
    let _service = computer.agent.start_service()?;
    let (host, _tray, _bus) = self::tray(&computer.agent).await?;
    until_icon(&host, BELL).await?;

    msp.server.come_back()?;
    host.until(PATIENT, "the icon fetched again", |icons| matches!(icons, [icon] if middle(icon) == Some(RED))).await?;
    save(&msp, json!({"icons": false})).await?;
    until_icon(&host, BELL).await
}

/// AGT-19: the desktop's settings portal tells which of the two is legible, also while the tray runs.
#[tokio::test(flavor = "multi_thread")]
async fn a_dark_desktop_has_the_dark_icon_and_a_light_one_the_light() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    let (light, dark) = (square([255, 0, 0])?, square([255, 255, 255])?);
    let icons = json!({"light": msp.api.upload_icon(light).await?, "dark": msp.api.upload_icon(dark).await?});
    save(&msp, json!({"icons": icons})).await?;
    let computer = msp.computer().await?;
    let (host, _tray, bus) = tray(&computer.agent).await?;
    until_icon(&host, RED).await?;

    let portal = SettingsPortal::start(bus.address(), Colors::Dark).await?;
    until_icon(&host, WHITE).await?;
    portal.turn(Colors::Light).await?;
    until_icon(&host, RED).await?;
    portal.turn(Colors::Dark).await?;
    until_icon(&host, WHITE).await
}

async fn save(msp: &Msp, settings: Value) -> anyhow::Result<()> {
    msp.api.save_policy_with(msp.policy, &shown(portal_only()), settings).await
}

/// A session without a browser that anybody reads.
async fn tray(agent: &Agent) -> anyhow::Result<(TrayHost, ChildProcess, Bus)> {
    let bus = Bus::start().await?;
    let host = TrayHost::start(bus.address()).await?;
    let tray = agent.start_tray(&bus, &RecordedBrowser::new()?)?;
    Ok((host, tray, bus))
}

pub(crate) async fn until_icon(host: &TrayHost, color: [u8; 4]) -> anyhow::Result<()> {
    let what = format!("an icon whose middle is {color:?}");
    host.until(SOON, &what, |icons| matches!(icons, [icon] if middle(icon) == Some(color))).await.map(drop)
}

pub(crate) fn middle(icon: &Icon) -> Option<[u8; 4]> {
    Some(icon.pictures.first()?.middle)
}

/// A PNG of one color.
pub(crate) fn square(color: [u8; 3]) -> anyhow::Result<Vec<u8>> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, 128, 128);
    encoder.set_color(ColorType::Rgb);
    encoder.write_header()?.write_image_data(&color.repeat(128 * 128))?;
    Ok(png)
}
