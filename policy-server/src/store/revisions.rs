//! What was changed of that which servers hold in memory, by whichever program, and hearing of it.

use std::time::Duration;

use anyhow::Context as _;
use sea_orm::{
    ColumnTrait, DbBackend, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sqlx::postgres::{PgListener, PgPoolOptions},
};

use super::{
    Store, StoreError,
    row::revision::{Column, Entity, Model},
};
use crate::domain::revision::Revision;

/// What the triggers notify.
const CHANNEL: &str = "deskbell_revision";

/// Hears of revisions as they are committed.
pub struct Listener(PgListener);

impl Store {
    /// The number of the last revision; 0 before the first.
    pub async fn last_revision(&self) -> Result<i64, StoreError> {
        let last = Entity::find().select_only().column(Column::Number).order_by_desc(Column::Number);
        Ok(last.into_tuple::<i64>().one(&self.read).await?.unwrap_or_default())
    }

    /// The revisions from `number` on, itself included, in their order. Those that are too old are no longer kept.
    pub async fn revisions_from(&self, number: i64) -> Result<Vec<Revision>, StoreError> {
        let select = Entity::find().filter(Column::Number.gte(number)).order_by_asc(Column::Number);
        let rows = select.all(&self.read).await?.into_iter();
        Ok(rows.map(|Model { number, kind, subject_id }| Revision { number, kind, asset: subject_id }).collect())
    }

    /// Listens for revisions on a connection of its own. SQLite tells other programs nothing: none.
    pub async fn listen(&self) -> anyhow::Result<Option<Listener>> {
        if self.read.get_database_backend() != DbBackend::Postgres {
            return Ok(None);
        }
        let options = self.read.get_postgres_connection_pool().connect_options();
        let own = PgPoolOptions::new().max_connections(1).max_lifetime(None).idle_timeout(None);
        let own = own.connect_with(options.as_ref().clone()).await.context("connecting to PostgreSQL to listen")?;
        let mut listener = PgListener::connect_with(&own).await.context("connecting to PostgreSQL to listen")?;
        listener.listen(CHANNEL).await.context("listening for changes")?;
        Ok(Some(Listener(listener)))
    }
}

impl Listener {
    /// Waits until there may be something new: a revision was committed, or the connection was lost for a while. `false`:
    /// nothing was heard for as long as `patience`.
    pub async fn heard(&mut self, patience: Duration) -> anyhow::Result<bool> {
        let Ok(heard) = tokio::time::timeout(patience, self.0.try_recv()).await else { return Ok(false) };
        heard.context("listening for changes")?;
        Ok(true)
    }
}
