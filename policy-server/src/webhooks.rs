//! Webhooks after the Standard Webhooks specification (<https://www.standardwebhooks.com>): signed, tried again from an
//! outbox, at least once, each message under one id.

pub mod message;
pub mod signature;
pub mod worker;
