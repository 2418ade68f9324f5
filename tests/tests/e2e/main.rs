//! The whole system: a real server, a real service, a real tray on a bus of its own, and a browser. Each test builds its
//! own world and waits for what happens, never for time to pass.

mod clicks;
mod clones;
mod demo;
mod desk;
mod enrollment;
mod form;
mod hidden;
mod kills;
mod launcher;
mod lies;
mod menu;
mod network;
mod offline;
mod refusals;
mod secrets;
mod sessions;
mod tray_host;
