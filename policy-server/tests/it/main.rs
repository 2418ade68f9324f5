//! The real server over HTTP, on a database of its own for each test.
//!
//! What touches the database is compiled twice, as `sqlite::…` and as `postgres::…`, each with its own `DATABASE`.

mod agents;
mod browsers;
mod cluster;
mod command_line;
mod disk;
mod members;
mod outbound;
mod receiver;
mod tls;
mod world;

#[path = "."]
mod sqlite {
    const DATABASE: crate::world::Database = crate::world::Database::Sqlite;

    mod api;
    mod attachments;
    mod backup;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod launch;
    mod mail;
    mod metrics;
    mod not_you;
    mod os_logins;
    mod paste;
    mod policy;
    mod staff;
    mod store;
    mod tickets_console;
    mod webhooks;
}

#[path = "."]
#[expect(clippy::duplicate_mod, reason = "each test stands in one file and runs on both databases")]
mod postgres {
    const DATABASE: crate::world::Database = crate::world::Database::Postgres;

    mod api;
    mod attachments;
    mod backup;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod launch;
    mod mail;
    mod metrics;
    mod not_you;
    mod os_logins;
    mod paste;
    mod policy;
    mod staff;
    mod store;
    mod tickets_console;
    mod webhooks;
}
