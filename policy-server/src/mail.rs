//! Mail: written into an outbox together with its cause, sent by the configured server, tried again until that server has
//! answered for it. Without one it waits where the console shows it.

pub mod forwarding;
mod letter;
pub mod worker;
