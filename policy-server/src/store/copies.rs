//! Copies of the whole database, for `backup` and `restore`. PostgreSQL's own programs write and read its copies.

use std::{collections::BTreeMap, path::Path, process::Command};

use anyhow::{Context as _, ensure};
use sea_orm::{
    AccessMode, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, DbBackend, DbErr, IsolationLevel,
    Statement, TransactionTrait,
};
use url::Url;

use super::{DatabaseLocation, postgres, sqlite};

/// How many rows each table has.
pub type Counts = BTreeMap<String, i64>;

impl DatabaseLocation {
    /// The name of a copy's file; it says which database the copy is of.
    pub fn copy_name(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "database.sqlite",
            Self::Postgres(_) => "database.pgdump",
        }
    }

    /// Whether there is no table yet.
    pub async fn is_empty(&self) -> anyhow::Result<bool> {
        match self {
            Self::Sqlite(file) => Ok(!file.exists()),
            Self::Postgres(url) => Ok(counts(&Database::connect(postgres(url)).await?).await?.is_empty()),
        }
    }

    /// Writes the database as it stands at one moment into a new file, while others write to it, and counts what is in
    /// the copy.
    pub async fn copy_to(&self, copy: &Path) -> anyhow::Result<Counts> {
        match self {
            Self::Sqlite(file) => {
                ensure!(file.exists(), "there is no database {}", file.display());
                let db = Database::connect(sqlite(file, 1)).await.context("opening the database")?;
                let into = Statement::from_sql_and_values(DbBackend::Sqlite, "VACUUM INTO $1", [text(copy)?.into()]);
                db.execute_raw(into).await.context("copying the database")?;
                db.close().await?;
                count_sqlite(copy).await
            }
            Self::Postgres(url) => {
                let db = Database::connect(postgres(url)).await.context("connecting to PostgreSQL")?;
                let (isolation, access) = (IsolationLevel::RepeatableRead, AccessMode::ReadOnly);
                let moment = db.begin_with_config(Some(isolation), Some(access)).await?;
                let export = Statement::from_string(DbBackend::Postgres, "SELECT pg_export_snapshot() AS snapshot");
                let row = moment.query_one_raw(export).await?.context("pg_export_snapshot gives a row")?;
                let snapshot: String = row.try_get("", "snapshot")?;
                let counts = counts(&moment).await?;
                let options = ["--format=custom", "--no-owner", "--no-privileges"];
                run(program("pg_dump", url)?
                    .args(options)
                    .arg(format!("--snapshot={snapshot}"))
                    .arg("--file")
                    .arg(copy))?;
                Ok(counts)
            }
        }
    }

    /// Puts a copy in the database's place, all of it or nothing, and checks that it has as many rows as `expected`.
    /// A database that is not empty is replaced.
    pub async fn replace_by(&self, copy: &Path, expected: &Counts) -> anyhow::Result<()> {
        let found = match self {
            Self::Sqlite(file) => {
                std::fs::copy(copy, file).with_context(|| format!("writing {}", file.display()))?;
                count_sqlite(file).await?
            }
            Self::Postgres(url) => {
                let options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges"];
                run(program("pg_restore", url)?.args(options).args(["--clean", "--if-exists"]).arg(copy))?;
                counts(&Database::connect(postgres(url)).await?).await?
            }
        };
        ensure!(&found == expected, "the database has {found:?} rows, the manifest says {expected:?}");
        Ok(())
    }
}

async fn count_sqlite(file: &Path) -> anyhow::Result<Counts> {
    let name = file.to_owned();
    let mut options = ConnectOptions::new("sqlite:");
    options.sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| sqlite.filename(&name).read_only(true));
    let db: DatabaseConnection =
        Database::connect(options).await.with_context(|| format!("opening {}", file.display()))?;
    let counts = counts(&db).await?;
    db.close().await?;
    Ok(counts)
}

async fn counts(db: &impl ConnectionTrait) -> Result<Counts, DbErr> {
    let backend = db.get_database_backend();
    let tables = match backend {
        DbBackend::Postgres => "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()",
        _ => "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    };
    let mut counts = Counts::new();
    for row in db.query_all_raw(Statement::from_string(backend, tables)).await? {
        let table: String = row.try_get("", "name")?;
        let count = Statement::from_string(backend, format!("SELECT count(*) AS rows FROM \"{table}\""));
        if let Some(row) = db.query_one_raw(count).await? {
            counts.insert(table, row.try_get("", "rows")?);
        }
    }
    Ok(counts)
}

fn text(path: &Path) -> anyhow::Result<&str> {
    path.to_str().with_context(|| format!("{} is no UTF-8", path.display()))
}

/// One of PostgreSQL's programs for this database. Command lines are for all to see, so the password goes another way.
fn program(name: &str, url: &str) -> anyhow::Result<Command> {
    let mut command = Command::new(name);
    let mut url: Url = url.parse().context("reading database.url")?;
    if let Some(password) = url.password() {
        let password = percent_encoding::percent_decode_str(password).decode_utf8().context("reading database.url")?;
        command.env("PGPASSWORD", &*password);
        url.set_password(None).ok();
    }
    command.arg("--dbname").arg(url.as_str());
    Ok(command)
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| {
        format!("running {name}, which comes with PostgreSQL's client programs (Debian: postgresql-client)")
    })?;
    ensure!(output.status.success(), "{name} failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    Ok(())
}
