//! The real server over HTTP, on a database of its own for each test.
//!
//! What touches the database is compiled twice, as `sqlite::…` and as `postgres::…`, each with its own `DATABASE`.

mod agents;
mod browsers;
mod cluster;
mod command_line;
mod disk;
mod mail_server;
mod outbound;
mod proxies;
mod receiver;
mod request_tracker;
mod schemathesis;
mod staff_members;
mod tls;
mod tls_relay;
mod transfers;
mod world;

#[path = "."]
mod sqlite {
    const DATABASE: crate::world::Database = crate::world::Database::Sqlite;

    mod access_matrix;
    mod agent_packages;
    mod api;
    mod api_access;
    mod api_description;
    mod api_lists;
    mod attachments;
    mod backup;
    mod billing;
    mod console;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod housekeeping;
    mod icons;
    mod idempotency;
    mod imports;
    mod launch;
    mod letting_in;
    mod look;
    mod mail;
    mod mail_templates;
    mod many_tickets;
    mod metrics;
    mod not_you;
    mod organization_link;
    mod os_logins;
    mod paste;
    mod personal_data;
    mod policies_console;
    mod policy;
    mod portal_groups;
    mod portal_tickets;
    mod portal_users;
    mod portal_users_console;
    mod portals;
    mod preconditions;
    mod requester_mail;
    mod servers;
    mod sharing;
    mod sign_up;
    mod sites;
    mod staff;
    mod store;
    mod switches;
    mod take_over;
    mod ticket_system;
    mod tickets_console;
    mod tray_states;
    mod webhooks;
    mod website;
}

#[path = "."]
#[expect(clippy::duplicate_mod, reason = "each test stands in one file and runs on both databases")]
mod postgres {
    const DATABASE: crate::world::Database = crate::world::Database::Postgres;

    mod access_matrix;
    mod agent_packages;
    mod api;
    mod api_access;
    mod api_description;
    mod api_lists;
    mod attachments;
    mod backup;
    mod billing;
    mod console;
    mod crash;
    mod enroll;
    mod form;
    mod hosts;
    mod housekeeping;
    mod icons;
    mod idempotency;
    mod imports;
    mod launch;
    mod letting_in;
    mod listening;
    mod look;
    mod mail;
    mod mail_templates;
    mod many_tickets;
    mod metrics;
    mod not_you;
    mod organization_link;
    mod os_logins;
    mod paste;
    mod personal_data;
    mod policies_console;
    mod policy;
    mod portal_groups;
    mod portal_tickets;
    mod portal_users;
    mod portal_users_console;
    mod portals;
    mod preconditions;
    mod requester_mail;
    mod servers;
    mod sharing;
    mod sign_up;
    mod sites;
    mod staff;
    mod store;
    mod switches;
    mod take_over;
    mod ticket_system;
    mod tickets_console;
    mod tray_states;
    mod webhooks;
    mod website;
}
