//! Mail: written from templates into an outbox together with its cause, sent by the configured server, tried again until
//! that server has answered for it. Without one it waits where the console shows it.

mod letter;
pub mod outgoing;
pub mod portal_mails;
pub mod staff_links;
pub mod templates;
pub mod ticket_mails;
pub mod website_mails;
pub mod worker;
