//! Portals.

use sea_orm::{EntityTrait, QueryOrder};

use super::{AuditRecord, Portal, Store, StoreError, row::portal};
use crate::domain::ids::PortalId;

impl Store {
    /// A portal.
    pub async fn portal(&self, id: PortalId) -> Result<Option<Portal>, StoreError> {
        Ok(portal::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The portal at `public_url`: the oldest one.
    pub async fn default_portal(&self) -> Result<Option<Portal>, StoreError> {
        Ok(portal::Entity::find().order_by_asc(portal::Column::Id).one(&self.read).await?)
    }

    /// Changes a portal, while nobody else can.
    pub async fn change_portal<R: From<StoreError> + Send>(
        &self,
        id: PortalId,
        change: impl FnOnce(&mut Portal) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Portal>, R> {
        self.change_recorded::<portal::Entity, _, _>(id, change).await
    }
}
