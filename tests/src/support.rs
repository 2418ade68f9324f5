//! The parts of a World, one noun each.

pub mod agent;
pub mod api;
pub mod browser;
pub mod bus;
pub mod chance;
pub mod child;
pub mod deadline;
pub mod desktop;
pub mod http;
pub mod logind;
pub mod loopback;
pub mod lying_server;
pub mod menu_line;
pub mod notifications;
pub mod person;
pub mod portal;
pub mod programs;
pub mod recorded_browser;
pub mod relay;
pub mod sample;
pub mod screen;
pub mod server;
pub mod server_process;
pub mod tray_host;
pub mod web_driver;
