//! The whole system: a real server, a real service, a real tray on a bus of its own, and a browser. Each test builds its
//! own world and waits for what happens, never for time to pass.

mod builder;
mod by_keyboard;
mod clicks;
mod clock;
mod clones;
mod console;
mod demo;
mod desk;
mod enrollment;
mod form;
mod full_disk;
mod hidden;
mod icons;
mod imports;
mod kills;
mod launcher;
mod lies;
mod log_ons;
mod menu;
mod network;
mod offline;
mod portal;
mod refusals;
mod secrets;
mod sessions;
mod shortcut;
mod tray_host;
mod upgrade;
mod website;
mod windows;
