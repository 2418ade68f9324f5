//! Deskbell's policy server: policies for agents, the REST API, and the end user portal.
//!
//! [`serve`] is the whole server; its caller owns the ports and the end. `router.rs` is where a reader starts.

pub mod agent_api;
pub mod announcements;
pub mod api;
pub mod app;
pub mod attachments;
pub mod backup;
pub mod browser;
pub mod changes;
pub mod client_address;
pub mod clock;
pub mod command_line;
pub mod config;
pub mod connectors;
pub mod console;
pub mod data_folder;
pub mod domain;
pub mod export;
pub mod fleet;
pub mod following;
pub mod health;
pub mod housekeeping;
pub mod icons;
pub mod json_body;
pub mod limits;
pub mod log;
pub mod logos;
pub mod mail;
pub mod metrics;
pub mod multipart;
pub mod outbound;
pub mod packages;
pub mod passwords;
pub mod pictures;
pub mod portal;
pub mod portal_user_export;
pub mod problems;
pub mod requests;
pub mod router;
pub mod routes;
pub mod sealed;
pub mod second_factor;
pub mod secrets;
pub mod sent_comment;
pub mod serve;
pub mod server_key;
pub mod sign_ins;
pub mod store;
pub mod ticket_blocks;
pub mod webhooks;
pub mod website_limits;
pub mod words;

pub use serve::serve;
