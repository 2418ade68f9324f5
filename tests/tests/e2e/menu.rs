//! The menu as the tray host reads it.

use deskbell_protocol::Entry;
use deskbell_tests::support::{
    bus::Bus, deadline::SOON, recorded_browser::RecordedBrowser, screen::Screen, tray_host::TrayHost,
};
use serde_json::json;

use crate::desk::{Msp, PORTAL, menu, portal_only};

/// AGT-04, AGT-05: every type of entry is seen in the saved order with its variables filled in, and does what it says
/// when clicked; a value is percent-encoded in a link.
#[tokio::test(flavor = "multi_thread")]
async fn every_type_of_entry_is_shown_in_order_and_works() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    msp.save_menu(every_type()).await?;
    let computer = msp.computer().await?;
    let (bus, screen, mut browser) = (Bus::start().await?, Screen::start().await?, RecordedBrowser::new()?);
    let host = TrayHost::start(bus.address()).await?;
    let _tray = computer.agent.start_tray_on(&bus, &browser, &screen)?;
    let host_name = msp.api.asset(computer.asset).await?.facts.computer;

    let shown = format!(
        "[PC-042 & Lindgren Bakery: a_b]\n---\n{PORTAL}\nHandbook\nMore >\n  Ring Jane Doe's help\n  Deeper >\n    Write\n  \
         Copy computer details\n"
    );
    let icon = host.until_menu(SOON, &shown).await?;
    assert_eq!(icon.title, "Harbor IT");
    assert!(
        icon.pictures
            .iter()
            .all(|picture| picture.bytes == usize::try_from(4 * picture.width * picture.height).unwrap_or(0))
    );

    host.click(&[PORTAL]).await?;
    assert!(browser.next(SOON).await?.starts_with(&format!("{}launch/", msp.server.url)));
    host.click(&["Handbook"]).await?;
    assert_eq!(browser.next(SOON).await?, "https://handbook.example/?who=Jane%20Doe&pc=PC-042");
    host.click(&["More", "Ring Jane Doe's help"]).await?;
    assert_eq!(browser.next(SOON).await?, "tel:+15550100");
    host.click(&["More", "Copy computer details"]).await?;
    host.click(&["More", "Deeper", "Write"]).await?;
    assert_eq!(browser.next(SOON).await?, "mailto:help@harbor-it.example?subject=PC-042");
    // The tray does one thing after another: what was copied before the last link opened is there.
    assert_eq!(screen.clipboard().await?, format!("{host_name}\nPC-042"));
    Ok(())
}

/// AGT-03: a saved policy is on the menu without anybody asking, while a person has that menu open. A line that is gone
/// does nothing any more.
#[tokio::test(flavor = "multi_thread")]
async fn a_saved_policy_changes_the_menu_that_is_open() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    msp.save_menu(menu(&json!([
        {"id": "portal", "type": "portal", "label": {"text": PORTAL}},
        {"id": "old", "type": "link", "label": {"text": "Old"}, "url": "https://old.example/"}
    ])))
    .await?;
    let computer = msp.computer().await?;
    let mut session = computer.session().await?;
    let before = session.host.until_menu(SOON, &format!("{PORTAL}\nOld")).await?;
    let old_line = before.menu.path(&["Old"]).expect("the old line");

    msp.save_menu(menu(&json!([
        {"id": "new", "type": "link", "label": {"text": "New"}, "url": "https://new.example/"},
        {"id": "portal", "type": "portal", "label": {"text": PORTAL}},
        {"id": "about", "type": "information", "label": {"text": "About"}}
    ])))
    .await?;
    session.host.until_menu(SOON, &format!("New\n{PORTAL}\n[About]")).await?;

    // What the person had under the pointer may be gone from the bus as well.
    let _ = session.host.choose(&before, old_line[0]).await;
    assert_eq!(session.click(&["New"]).await?, "https://new.example/");
    Ok(())
}

/// AGT-03, AGT-05: an asset's own values reach its menu as fast as a policy does.
#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_of_the_asset_is_on_the_menu_at_once() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    msp.save_menu(menu(&json!([{"id": "about", "type": "information", "label": {"text": "{{asset}}, {{end_user}}"}}])))
        .await?;
    let computer = msp.computer().await?;
    let session = computer.session().await?;
    session.host.until_menu(SOON, "[PC-042, Jane Doe]").await?;

    msp.api.rename_asset(computer.asset, "PC-043").await?;

    session.host.until_menu(SOON, "[PC-043, Jane Doe]").await?;
    Ok(())
}

/// AGT-17: the command line shows the menu that the tray shows, as text and as JSON.
#[tokio::test(flavor = "multi_thread")]
async fn the_command_line_shows_the_menu_of_the_tray() -> anyhow::Result<()> {
    let msp = Msp::new().await?;
    msp.save_menu(portal_only()).await?;
    let computer = msp.computer().await?;

    let text = computer.agent.run(&["menu"]).await?;
    assert!(text.code == 0 && text.stdout.contains(&format!("{PORTAL} [portal]")), "{text:?}");
    let json = computer.agent.run(&["menu", "--json"]).await?.json()?;
    assert_eq!((json["visible"].clone(), json["items"][0]["id"].clone()), (json!(true), json!("portal")));
    Ok(())
}

pub(crate) fn every_type() -> Vec<Entry> {
    menu(&json!([
        {"id": "about", "type": "information", "label": {"text": "{{asset}} & {{organization}}: a_b"}},
        {"id": "line", "type": "separator"},
        {"id": "portal", "type": "portal", "label": {"text": PORTAL}},
        {"id": "handbook", "type": "link", "label": {"text": "Handbook"},
         "url": "https://handbook.example/?who={{end_user}}&pc={{asset}}"},
        {"id": "more", "type": "submenu", "label": {"text": "More"}, "entries": [
            {"id": "ring", "type": "link", "label": {"text": "Ring {{end_user}}'s help"}, "url": "tel:+15550100"},
            {"id": "deeper", "type": "submenu", "label": {"text": "Deeper"}, "entries": [
                {"id": "write", "type": "link", "label": {"text": "Write"},
                 "url": "mailto:help@harbor-it.example?subject={{asset}}"}
            ]},
            {"id": "copy", "type": "copy", "label": {"text": "Copy computer details"}, "text": "{{computer}}\n{{asset}}"}
        ]}
    ]))
}
