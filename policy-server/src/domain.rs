//! The rules, pure: no I/O, no clock, no randomness. What they need to know comes in, what they decide goes out.

pub mod access;
pub mod asset;
pub mod attachment;
pub mod contact;
pub mod enrollment;
pub mod ids;
pub mod launch;
pub mod os_login;
pub mod plain_line;
pub mod policy;
pub mod portal_user;
pub mod sharing;
pub mod take_over;
pub mod ticket;
