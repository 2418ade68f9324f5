//! Brings the tables up to date: the files of `migrations/` in order, each once, each in a transaction of its own.

use sea_orm::{ConnectionTrait, DatabaseConnection, DbErr, Statement};

use super::{alone, begin};

const MIGRATIONS: [(i64, &str); 3] = [
    (1, include_str!("../../migrations/0001_first.sql")),
    (2, include_str!("../../migrations/0002_logins_and_files.sql")),
    (5, include_str!("../../migrations/0005_take_over.sql")),
];

pub(super) async fn run(db: &DatabaseConnection) -> Result<(), DbErr> {
    for (number, sql) in MIGRATIONS {
        let transaction = begin(db).await?;
        // Several servers on one PostgreSQL start at once: the second waits here and then finds the row.
        alone(&transaction).await?;
        transaction
            .execute_unprepared("CREATE TABLE IF NOT EXISTS migration (number bigint NOT NULL PRIMARY KEY)")
            .await?;
        let find = "SELECT number FROM migration WHERE number = $1";
        let find = Statement::from_sql_and_values(transaction.get_database_backend(), find, [number.into()]);
        if transaction.query_one_raw(find).await?.is_none() {
            transaction.execute_unprepared(sql).await?;
            let note = "INSERT INTO migration (number) VALUES ($1)";
            let note = Statement::from_sql_and_values(transaction.get_database_backend(), note, [number.into()]);
            transaction.execute_raw(note).await?;
        }
        transaction.commit().await?;
    }
    Ok(())
}
