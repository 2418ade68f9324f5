//! The rules, pure: no I/O, no clock, no randomness. What they need to know comes in, what they decide goes out.

pub mod access;
pub mod asset;
pub mod attachment;
pub mod attempts;
pub mod audit;
pub mod comment;
pub mod contact;
pub mod delivery;
pub mod enrollment;
pub mod ids;
pub mod launch;
pub mod network;
pub mod os_login;
pub mod plain_line;
pub mod policy;
pub mod portal_user;
pub mod role;
pub mod staff;
pub mod ticket;
pub mod ticket_filter;
pub mod webhook;
