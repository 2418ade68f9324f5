//! The real server over HTTP, on a database of its own for each test.

mod agents;
mod api;
mod attachments;
mod browsers;
mod command_line;
mod enroll;
mod form;
mod hosts;
mod launch;
mod not_you;
mod os_logins;
mod paste;
mod policy;
mod store;
mod tls;
mod world;
