//! The shipped programs, run as an administrator and a session run them, against a policy server of a few lines.

mod command_line;
mod enrollment;
mod icons;
mod policy;
mod policy_server;
mod proxy;
mod socket;
mod tls;
mod world;
