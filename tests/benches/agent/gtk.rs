//! The reference: the least that a program with tray-icon's GTK backend needs to show one icon with one menu line. Its
//! crates are not Deskbell's, so it is a package of its own that is written below `target/`.

use std::fs;

use anyhow::Context;
use deskbell_tests::support::{
    bus::Bus,
    child::{ChildProcess, Log},
    deadline::PATIENT,
    programs::workspace,
    screen::Screen,
    tray_host::TrayHost,
};
use tokio::process::Command;

use crate::{
    built,
    process::{Memory, Process},
};

const MANIFEST: &str = r#"
[package]
name = "gtk-reference"
version = "0.0.0"
edition = "2024"

[dependencies]
gtk = "0.18"
tray-icon = "0.26"

[profile.dist]
inherits = "release"
lto = "fat"
codegen-units = 1
panic = "abort"
strip = true

[workspace]
"#;

const PROGRAM: &str = r#"
use tray_icon::{Icon, TrayIconBuilder, menu::{Menu, MenuItem}};

fn main() {
    gtk::init().expect("a display");
    let menu = Menu::new();
    menu.append(&MenuItem::new("Customer Online Portal", true, None)).expect("a line");
    let picture = Icon::from_rgba(vec![255; 32 * 32 * 4], 32, 32).expect("an icon");
    let _icon = TrayIconBuilder::new().with_icon(picture).with_menu(Box::new(menu)).build().expect("a tray icon");
    gtk::main();
}
"#;

/// What such a program keeps in memory once its icon is seen.
pub(crate) async fn resident() -> anyhow::Result<Memory> {
    let folder = workspace().join("target/gtk-reference");
    fs::create_dir_all(folder.join("src")).context("making the reference's folder")?;
    fs::write(folder.join("Cargo.toml"), MANIFEST)?;
    fs::write(folder.join("src/main.rs"), PROGRAM)?;
    let programs = built::programs(&folder.join("Cargo.toml"), "dist")?;
    let (bus, screen) = (Bus::start().await?, Screen::start().await?);
    let host = TrayHost::start(bus.address()).await?;
    let mut command = Command::new(programs.get("gtk-reference").context("no reference was built")?);
    command.env("DBUS_SESSION_BUS_ADDRESS", bus.address()).env("DISPLAY", screen.display());
    let program = ChildProcess::start("gtk-reference", &mut command, &Log::StandardError)?;
    // It names its picture as a file, which this host does not draw.
    host.until_registered(PATIENT).await?;
    Process::new(program.pid())?.memory()
}
