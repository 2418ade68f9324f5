//! Long lists in pages: every listed table is ordered by its id, which is a `UUIDv7`, so by age.

use sea_orm::{ColumnTrait, EntityTrait, FromQueryResult, ModelTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use uuid::Uuid;

use super::{Store, StoreError};

/// Which part of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageRequest {
    /// The last id of the part before; absent: from the beginning.
    pub after: Option<Uuid>,
    /// How many rows, at least 1.
    pub limit: u64,
}

/// A part of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, oldest first.
    pub items: Vec<T>,
    /// Where the next part begins, if there is one.
    pub next: Option<Uuid>,
}

impl Store {
    pub(super) async fn page<E>(
        &self,
        select: Select<E>,
        id: E::Column,
        request: PageRequest,
        id_of: impl Fn(&E::Model) -> Uuid,
    ) -> Result<Page<E::Model>, StoreError>
    where
        E: EntityTrait,
        E::Model: ModelTrait + FromQueryResult + Send,
    {
        let select = match request.after {
            Some(after) => select.filter(id.gt(after)),
            None => select,
        };
        let items = select.order_by_asc(id).limit(request.limit + 1).all(&self.read).await?;
        Ok(Page::of(items, request, id_of))
    }
}

impl<T> Page<T> {
    /// The page that `items` make, which are one more than asked for where another page follows.
    pub(super) fn of(mut items: Vec<T>, request: PageRequest, id_of: impl Fn(&T) -> Uuid) -> Self {
        let more = items.len() as u64 > request.limit;
        if more {
            items.pop();
        }
        let next = if more { items.last().map(id_of) } else { None };
        Self { items, next }
    }
}
