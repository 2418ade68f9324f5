//! What portal users may do, by group.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{AuditRecord, PortalGroup, Store, StoreError, row::portal_group};
use crate::domain::portal_user::GroupKey;

/// The most groups that there can be.
pub const MOST_GROUPS: u64 = 200;

impl Store {
    /// Every group: the built-in ones first, each kind by name.
    pub async fn portal_groups(&self) -> Result<Vec<PortalGroup>, StoreError> {
        let select = portal_group::Entity::find().order_by_desc(portal_group::Column::BuiltIn);
        Ok(select.order_by_asc(portal_group::Column::NameKey).limit(MOST_GROUPS).all(&self.read).await?)
    }

    /// A group.
    pub async fn portal_group(&self, key: &GroupKey) -> Result<Option<PortalGroup>, StoreError> {
        Ok(portal_group::Entity::find().filter(portal_group::Column::Key.eq(key.clone())).one(&self.read).await?)
    }

    /// Adds a group.
    pub async fn insert_portal_group(&self, group: PortalGroup, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(group, record).await
    }

    /// Changes a group, while nobody else can.
    pub async fn change_portal_group<R: From<StoreError> + Send>(
        &self,
        key: GroupKey,
        change: impl FnOnce(&mut PortalGroup) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<PortalGroup>, R> {
        self.change_recorded::<portal_group::Entity, _, _>(key, change).await
    }

    /// Removes a group that no portal user has.
    pub async fn delete_portal_group<R: From<StoreError> + Send>(
        &self,
        key: GroupKey,
        allowed: impl FnOnce(&PortalGroup) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<PortalGroup>, R> {
        self.delete_recorded::<portal_group::Entity, _, _>(key, allowed).await
    }
}
