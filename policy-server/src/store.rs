//! The database: `SQLite` or `PostgreSQL` through one query layer. The only part that names the database crate.
//!
//! What a method acknowledges is on disk (invariant 24): `SQLite` runs in WAL mode with `synchronous=FULL`.

pub mod api_tokens;
pub mod articles;
pub mod assets;
pub mod attachments;
pub mod audit;
pub mod billing_documents;
mod columns;
pub mod comments;
pub mod copies;
pub mod departments;
pub mod end_users;
pub mod enrollment;
pub mod exports;
pub mod fleet_view;
mod group_commit;
pub mod icons;
pub mod idempotency;
pub mod imports;
pub mod inbound_mails;
pub mod launches;
pub mod link_sessions;
pub mod lists;
pub mod mail_domains;
pub mod mail_templates;
pub mod mails;
mod migrations;
pub mod organizations;
pub mod os_logins;
mod outbox;
mod pages;
pub mod personal_data;
pub mod policies;
pub mod portal_computers;
pub mod portal_groups;
pub mod portal_users;
pub mod portals;
pub mod reach;
pub mod requesters;
pub mod revised;
pub mod revisions;
mod row;
pub mod sign_ups;
pub mod sites;
pub mod staff;
pub mod status_links;
mod take_overs;
mod ticket_blocks;
pub mod ticket_history;
mod ticket_lists;
pub mod ticket_names;
pub mod ticket_systems;
pub mod tickets;
pub mod webhooks;

use std::{path::PathBuf, sync::Arc, time::Duration};

use anyhow::Context as _;
use deskbell_protocol::UnixMillis;
use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection,
    DatabaseTransaction, DbBackend, DbErr, EntityTrait, IntoActiveModel, SqlErr, SqliteTransactionMode,
    TransactionOptions, TransactionTrait,
    sqlx::{Connection as _, PgConnection},
};
use uuid::Uuid;

pub use articles::{Article, ArticleLine};
pub use columns::Json;
use enrollment::{NewAsset, enroll_together};
use group_commit::GroupCommit;
pub use outbox::Outbox;
pub use pages::{Page, PageRequest};
pub use revised::Revised;
pub use row::{
    api_token::Model as ApiToken, article::Model as ArticleRow, asset::Model as Asset,
    asset_event::Model as AssetEvent, asset_session::Model as AssetSession, assignment::Model as Assignment,
    attachment::Model as Attachment, audit_record::Model as AuditRecord, billing_document::Model as BillingDocument,
    comment::Model as Comment, department::Model as Department, end_user::Model as EndUser,
    enrollment_token::Model as EnrollmentToken, folder::Model as Folder, icon::Model as Icon,
    idempotent_request::Model as IdempotentRequest, import_file::Model as ImportFile,
    inbound_mail::Model as InboundMail, link_session::Model as LinkSession, mail::Model as Mail,
    mail_domain::Model as MailDomain, mail_template_version::Model as MailTemplateVersion,
    organization::Model as Organization, os_login::Model as OsLogin, policy::Model as Policy,
    policy_version::Model as PolicyVersion, portal::Model as Portal, portal_group::Model as PortalGroup,
    portal_session::Model as PortalSession, portal_token::Model as PortalToken, portal_user::Model as PortalUser,
    portal_version::Model as PortalVersion, provider::Model as Provider, recovery_code::Model as RecoveryCode,
    sign_up::Model as SignUp, site::Model as Site, staff::Model as Staff, staff_link::Model as StaffLink,
    staff_session::Model as StaffSession, status_link::Model as StatusLink, ticket::Model as Ticket,
    ticket_person::Model as TicketPerson, ticket_system::Model as TicketSystem,
    ticket_transfer::Model as TicketTransfer, webhook_delivery::Model as WebhookDelivery,
    webhook_endpoint::Model as WebhookEndpoint,
};
pub use ticket_names::TicketNames;
pub use tickets::NewTicketRows;
use tickets::insert_together;

use crate::domain::ids::TicketId;

/// Where the data is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DatabaseLocation {
    /// A file, made when it is missing.
    Sqlite(PathBuf),
    /// A `postgres://` URL.
    Postgres(String),
}

/// Why the store did not do what it was asked for.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// Something else has that name already.
    #[error("a value that must be unique is taken")]
    Taken,
    /// A row names another that does not exist, or one of another organization.
    #[error("a row that this one needs does not exist")]
    NoSuchReference,
    /// The asset would send more files than it may within an hour.
    #[error("an asset has sent its files of this hour")]
    TooManyFiles,
    /// Nobody who administers would be left.
    #[error("the last administrator stays one")]
    LastAdministrator,
    /// The database failed.
    #[error("the database failed")]
    Database(#[source] DbErr),
}

impl From<DbErr> for StoreError {
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(_)) => Self::Taken,
            Some(SqlErr::ForeignKeyConstraintViolation(_)) => Self::NoSuchReference,
            _ => Self::Database(error),
        }
    }
}

/// The open database.
#[derive(Debug, Clone)]
pub struct Store {
    read: DatabaseConnection,
    /// `SQLite` has one writer at a time: one connection keeps them in line instead of failing as busy.
    write: DatabaseConnection,
    /// Computers that enroll come in waves.
    enrollments: Arc<GroupCommit<NewAsset, bool>>,
    /// So do tickets, when something fails that many people use.
    new_tickets: Arc<GroupCommit<NewTicketRows, TicketId>>,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub async fn open(location: &DatabaseLocation) -> anyhow::Result<Self> {
        let (read, write) = match location {
            DatabaseLocation::Sqlite(file) => {
                let write = Database::connect(sqlite(file, 1)).await;
                let write = write.with_context(|| format!("opening the database {}", file.display()))?;
                let read = Database::connect(sqlite(file, 4)).await;
                let read = read.with_context(|| format!("opening the database {}", file.display()))?;
                (read, write)
            }
            DatabaseLocation::Postgres(url) => {
                // The pool tries a refused connection again for as long as a request may wait for one.
                let first = PgConnection::connect(url).await.context("connecting to PostgreSQL")?;
                first.close().await.context("connecting to PostgreSQL")?;
                let both = Database::connect(postgres(url)).await.context("connecting to PostgreSQL")?;
                (both.clone(), both)
            }
        };
        migrations::run(&write).await.context("bringing the database's tables up to date")?;
        let (enrolling, making) = (write.clone(), write.clone());
        Ok(Self {
            read,
            write,
            enrollments: Arc::new(GroupCommit::start(move |new| enroll_together(enrolling.clone(), new))),
            new_tickets: Arc::new(GroupCommit::start(move |new| insert_together(making.clone(), new))),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), StoreError> {
        Ok(self.read.ping().await?)
    }

    /// Begins a transaction that will write. SQLite takes its lock at once and so waits for another program's write
    /// instead of failing later, when a read has already fixed what it sees.
    async fn begin(&self) -> Result<DatabaseTransaction, StoreError> {
        Ok(begin(&self.write).await?)
    }

    /// Closes the database; `SQLite` folds its log into the file.
    pub async fn close(self) -> Result<(), StoreError> {
        self.read.close().await?;
        Ok(self.write.close().await?)
    }
}

fn sqlite(file: &std::path::Path, connections: u32) -> ConnectOptions {
    let mut options = ConnectOptions::new("sqlite:");
    let file = file.to_owned();
    options.max_connections(connections).min_connections(1).connect_timeout(Duration::from_secs(10));
    // There is no network that could cut it off: trying each connection before its use doubles the questions.
    options.test_before_acquire(false).sqlx_logging(false).map_sqlx_sqlite_opts(move |sqlite| {
        sqlite
            .filename(&file)
            .create_if_missing(true)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5))
            .pragma("journal_mode", "WAL")
            .pragma("synchronous", "FULL")
            // What is deleted or replaced is gone from the file, too: a person can be erased.
            .pragma("secure_delete", "ON")
    });
    options
}

fn postgres(url: &str) -> ConnectOptions {
    let mut options = ConnectOptions::new(url);
    options.max_connections(16).connect_timeout(Duration::from_secs(10)).sqlx_logging(false);
    options
}

async fn begin(db: &DatabaseConnection) -> Result<DatabaseTransaction, DbErr> {
    let sqlite_transaction_mode = Some(SqliteTransactionMode::Immediate);
    db.begin_with_options(TransactionOptions { sqlite_transaction_mode, ..TransactionOptions::default() }).await
}

/// Waits until no other transaction that asks for this is under way. SQLite's writers wait in line as it is.
async fn alone(transaction: &DatabaseTransaction) -> Result<(), DbErr> {
    if transaction.get_database_backend() == DbBackend::Postgres {
        // "deskbell" as a number. Without the notice, each start would log that a table exists already.
        let lock = "SET LOCAL client_min_messages = warning; SELECT pg_advisory_xact_lock(7234316346693020780)";
        transaction.execute_unprepared(lock).await?;
    }
    Ok(())
}

/// The row of a question that at most one row answers. `one` would bind a `LIMIT`, and SQLite plans a statement anew
/// whenever that value is bound (`sqlite3ExprIsInteger`, since 3.47), which costs more than the answer.
fn only<M>(rows: Vec<M>) -> Option<M> {
    rows.into_iter().next()
}

/// Not after any `UUIDv7` of this moment or later.
fn oldest_id_at(moment: UnixMillis) -> Uuid {
    Uuid::from_u128(u128::try_from(moment).unwrap_or_default() << 80)
}

async fn insert<A: ActiveModelTrait>(
    db: &impl ConnectionTrait,
    row: impl IntoActiveModel<A>,
) -> Result<(), StoreError> {
    <A::Entity as EntityTrait>::insert(row.into_active_model()).exec_without_returning(db).await?;
    Ok(())
}

async fn insert_all<A: ActiveModelTrait>(
    db: &impl ConnectionTrait,
    rows: Vec<impl IntoActiveModel<A>>,
) -> Result<(), StoreError> {
    if !rows.is_empty() {
        let rows = rows.into_iter().map(IntoActiveModel::into_active_model);
        <A::Entity as EntityTrait>::insert_many(rows).exec_without_returning(db).await?;
    }
    Ok(())
}

async fn replace<A>(db: &impl ConnectionTrait, row: impl IntoActiveModel<A>) -> Result<(), StoreError>
where
    A: ActiveModelTrait + ActiveModelBehavior + Send,
    <A::Entity as EntityTrait>::Model: IntoActiveModel<A>,
{
    row.into_active_model().reset_all().update(db).await?;
    Ok(())
}
