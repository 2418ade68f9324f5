//! The whole system: a real server, a real service, a real tray on a bus of its own, and a browser. Each test builds its
//! own world and waits for what happens, never for time to pass.

mod builder;
mod clicks;
mod demo;
mod desk;
mod enrollment;
mod form;
mod hidden;
mod launcher;
mod menu;
mod offline;
mod refusals;
mod secrets;
mod sessions;
mod tray_host;
