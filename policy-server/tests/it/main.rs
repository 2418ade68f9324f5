//! The real server over HTTP, on a database of its own for each test.
//!
//! What touches the database is compiled twice, as `sqlite::…` and as `postgres::…`, each with its own `DATABASE`.

mod agents;
mod browsers;
mod cluster;
mod command_line;
mod disk;
mod outbound;
mod receiver;
mod staff_members;
mod tls;
mod world;

#[path = "."]
mod sqlite {
    const DATABASE: crate::world::Database = crate::world::Database::Sqlite;

    mod access_matrix;
    mod api;
    mod api_access;
    mod api_description;
    mod attachments;
    mod backup;
    mod console;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod icons;
    mod idempotency;
    mod launch;
    mod look;
    mod mail;
    mod many_tickets;
    mod metrics;
    mod not_you;
    mod os_logins;
    mod paste;
    mod policies_console;
    mod policy;
    mod sharing;
    mod staff;
    mod store;
    mod switches;
    mod take_over;
    mod tickets_console;
    mod tray_states;
    mod webhooks;
}

#[path = "."]
#[expect(clippy::duplicate_mod, reason = "each test stands in one file and runs on both databases")]
mod postgres {
    const DATABASE: crate::world::Database = crate::world::Database::Postgres;

    mod access_matrix;
    mod api;
    mod api_access;
    mod api_description;
    mod attachments;
    mod backup;
    mod console;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod icons;
    mod idempotency;
    mod launch;
    mod look;
    mod mail;
    mod many_tickets;
    mod metrics;
    mod not_you;
    mod os_logins;
    mod paste;
    mod policies_console;
    mod policy;
    mod sharing;
    mod staff;
    mod store;
    mod switches;
    mod take_over;
    mod tickets_console;
    mod tray_states;
    mod webhooks;
}
