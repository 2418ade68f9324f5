//! Mail: written from templates into an outbox together with its cause, sent by the configured server, tried again until
//! that server has answered for it. Without one it waits where the console shows it. What comes in is in `inbound/`.

pub mod event_mails;
pub mod inbound;
mod letter;
pub mod online_profile;
pub mod outgoing;
pub mod portal_mails;
mod replies;
pub mod staff_links;
pub mod templates;
pub mod ticket_mails;
pub mod website_mails;
pub mod worker;
