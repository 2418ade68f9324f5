//! Brings the tables up to date: the files of `migrations/` in order, each once, each in a transaction of its own.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbBackend, DbErr, Statement};

use super::{alone, begin};

struct Migration {
    number: i64,
    /// For both databases.
    sql: &'static str,
    /// What has no common text, such as triggers.
    sqlite: &'static str,
    postgres: &'static str,
}

const MIGRATIONS: [Migration; 24] = [
    both(1, include_str!("../../migrations/0001_first.sql")),
    both(2, include_str!("../../migrations/0002_logins_and_files.sql")),
    Migration {
        number: 3,
        sql: include_str!("../../migrations/0003_staff.sql"),
        sqlite: include_str!("../../migrations/0003_staff.sqlite.sql"),
        postgres: include_str!("../../migrations/0003_staff.postgres.sql"),
    },
    both(4, include_str!("../../migrations/0004_icons.sql")),
    both(5, include_str!("../../migrations/0005_take_over.sql")),
    both(6, include_str!("../../migrations/0006_tickets.sql")),
    both(7, include_str!("../../migrations/0007_search.sql")),
    Migration {
        number: 8,
        sql: include_str!("../../migrations/0008_idempotency.sql"),
        sqlite: include_str!("../../migrations/0008_idempotency.sqlite.sql"),
        postgres: include_str!("../../migrations/0008_idempotency.postgres.sql"),
    },
    Migration {
        number: 9,
        sql: include_str!("../../migrations/0009_sites.sql"),
        sqlite: include_str!("../../migrations/0009_sites.sqlite.sql"),
        postgres: include_str!("../../migrations/0009_sites.postgres.sql"),
    },
    both(10, include_str!("../../migrations/0010_comment_files.sql")),
    both(11, include_str!("../../migrations/0011_mail_and_ticket_system.sql")),
    Migration {
        number: 12,
        sql: include_str!("../../migrations/0012_scale.sql"),
        sqlite: include_str!("../../migrations/0012_scale.sqlite.sql"),
        postgres: include_str!("../../migrations/0012_scale.postgres.sql"),
    },
    Migration {
        number: 13,
        sql: "",
        sqlite: include_str!("../../migrations/0013_revisions.sqlite.sql"),
        postgres: include_str!("../../migrations/0013_revisions.postgres.sql"),
    },
    Migration {
        number: 14,
        sql: include_str!("../../migrations/0014_reach.sql"),
        sqlite: include_str!("../../migrations/0014_reach.sqlite.sql"),
        postgres: include_str!("../../migrations/0014_reach.postgres.sql"),
    },
    both(15, include_str!("../../migrations/0015_portal_sign_in.sql")),
    Migration {
        number: 16,
        sql: include_str!("../../migrations/0016_letting_in.sql"),
        sqlite: include_str!("../../migrations/0016_letting_in.sqlite.sql"),
        postgres: include_str!("../../migrations/0016_letting_in.postgres.sql"),
    },
    Migration {
        number: 17,
        sql: include_str!("../../migrations/0017_readiness.sql"),
        sqlite: include_str!("../../migrations/0017_readiness.sqlite.sql"),
        postgres: include_str!("../../migrations/0017_readiness.postgres.sql"),
    },
    both(18, include_str!("../../migrations/0018_languages.sql")),
    Migration {
        number: 19,
        sql: include_str!("../../migrations/0019_departments_and_inbound_mail.sql"),
        sqlite: include_str!("../../migrations/0019_departments_and_inbound_mail.sqlite.sql"),
        postgres: include_str!("../../migrations/0019_departments_and_inbound_mail.postgres.sql"),
    },
    both(20, include_str!("../../migrations/0020_mails.sql")),
    both(21, include_str!("../../migrations/0021_articles.sql")),
    Migration {
        number: 22,
        sql: include_str!("../../migrations/0022_portals.sql"),
        sqlite: include_str!("../../migrations/0022_portals.sqlite.sql"),
        postgres: include_str!("../../migrations/0022_portals.postgres.sql"),
    },
    both(23, include_str!("../../migrations/0023_website.sql")),
    both(24, include_str!("../../migrations/0024_default_portal.sql")),
];

const fn both(number: i64, sql: &'static str) -> Migration {
    Migration { number, sql, sqlite: "", postgres: "" }
}

pub(super) async fn run(db: &DatabaseConnection) -> Result<(), DbErr> {
    for migration in MIGRATIONS {
        let transaction = begin(db).await?;
        // Several servers on one PostgreSQL start at once: the second waits here and then finds the row.
        alone(&transaction).await?;
        transaction
            .execute_unprepared("CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY)")
            .await?;
        let backend = transaction.get_database_backend();
        let find = "SELECT number FROM migration WHERE number = $1";
        let find = Statement::from_sql_and_values(backend, find, [migration.number.into()]);
        if transaction.query_one_raw(find).await?.is_none() {
            transaction.execute_unprepared(migration.sql).await?;
            let own = if backend == DbBackend::Postgres { migration.postgres } else { migration.sqlite };
            transaction.execute_unprepared(own).await?;
            let note = "INSERT INTO migration (number) VALUES ($1)";
            let note = Statement::from_sql_and_values(backend, note, [migration.number.into()]);
            transaction.execute_raw(note).await?;
        }
        transaction.commit().await?;
    }
    update_statistics(db).await
}

/// SQLite chooses an index by what it knows of the tables; it looks at some rows where they have grown much since the last
/// time. PostgreSQL does so by itself.
pub(super) async fn update_statistics(db: &DatabaseConnection) -> Result<(), DbErr> {
    if db.get_database_backend() == DbBackend::Sqlite {
        // 0x10002: every table, whether this connection has asked it anything or not (SQLite, "PRAGMA optimize").
        db.execute_unprepared("PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002").await?;
    }
    Ok(())
}
