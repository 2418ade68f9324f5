//! Portals and what was published of them.

use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};

use super::{
    AuditRecord, Page, PageRequest, Portal, PortalVersion, Store, StoreError, insert, replace,
    row::{organization, portal, portal_user, portal_version},
};
use crate::domain::{
    ids::{OrganizationId, PortalId},
    portal_user::PortalUserState,
};

impl Store {
    /// A portal.
    pub async fn portal(&self, id: PortalId) -> Result<Option<Portal>, StoreError> {
        Ok(portal::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The portal at `public_url`.
    pub async fn default_portal(&self) -> Result<Option<Portal>, StoreError> {
        Ok(portal::Entity::find().filter(portal::Column::IsDefault.eq(true)).one(&self.read).await?)
    }

    /// Every portal, the one at `public_url` first.
    pub async fn portals(&self) -> Result<Vec<Portal>, StoreError> {
        let first = portal::Entity::find().order_by_desc(portal::Column::IsDefault);
        Ok(first.order_by_asc(portal::Column::Id).all(&self.read).await?)
    }

    /// Part of the list of portals.
    pub async fn portal_page(&self, page: PageRequest) -> Result<Page<Portal>, StoreError> {
        self.page(portal::Entity::find(), portal::Column::Id, page, |row| row.id.0).await
    }

    /// Makes a portal, with its first version.
    pub async fn insert_portal(
        &self,
        row: Portal,
        version: PortalVersion,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        insert(&transaction, row).await?;
        insert(&transaction, version).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes a portal, while nobody else can. What is published anew is kept as a version.
    pub async fn change_portal<R: From<StoreError> + Send>(
        &self,
        id: PortalId,
        change: impl FnOnce(&mut Portal) -> Result<(Option<PortalVersion>, AuditRecord), R> + Send,
    ) -> Result<Option<Portal>, R> {
        let transaction = self.begin().await?;
        let found = portal::Entity::find_by_id(id).lock_exclusive().one(&transaction).await;
        let Some(mut row) = found.map_err(StoreError::from)? else { return Ok(None) };
        let (version, record) = change(&mut row)?;
        replace(&transaction, row.clone()).await?;
        if let Some(version) = version {
            insert(&transaction, version).await?;
        }
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }

    /// Deletes a portal that no organization has, with its versions. One that is needed: [`StoreError::NoSuchReference`].
    pub async fn delete_portal<R: From<StoreError> + Send>(
        &self,
        id: PortalId,
        check: impl FnOnce(&Portal) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Portal>, R> {
        self.delete_recorded::<portal::Entity, _, _>(id, check).await
    }

    /// What was published of a portal, the newest first, at most so many.
    pub async fn portal_versions(&self, id: PortalId, limit: u64) -> Result<Vec<PortalVersion>, StoreError> {
        let versions = portal_version::Entity::find().filter(portal_version::Column::PortalId.eq(id));
        let newest = versions.order_by_desc(portal_version::Column::Version);
        Ok(newest.limit(limit).all(&self.read).await?)
    }

    /// One publication.
    pub async fn portal_version(&self, id: PortalId, version: i64) -> Result<Option<PortalVersion>, StoreError> {
        Ok(portal_version::Entity::find_by_id((id, version)).one(&self.read).await?)
    }

    /// How many organizations have a portal; `is_default`: those that name none have it.
    pub async fn organizations_with_portal(&self, id: PortalId, is_default: bool) -> Result<u64, StoreError> {
        Ok(organization::Entity::find().filter(having(id, is_default)).count(&self.read).await?)
    }

    /// Whether a portal user of an organization that has this portal may come in.
    pub async fn lets_somebody_in(&self, id: PortalId, is_default: bool) -> Result<bool, StoreError> {
        let organizations = organization::Entity::find().select_only().column(organization::Column::Id);
        let organizations = organizations.filter(having(id, is_default)).into_query();
        let living = portal_user::Entity::find()
            .filter(portal_user::Column::State.ne(PortalUserState::Deactivated))
            .filter(portal_user::Column::OrganizationId.in_subquery(organizations));
        Ok(living.limit(1).one(&self.read).await?.is_some())
    }

    /// Organizations that have another portal than the one at `public_url`, or none: `None`.
    pub async fn portals_of_organizations(&self) -> Result<Vec<(OrganizationId, Option<PortalId>)>, StoreError> {
        let other = Condition::any()
            .add(organization::Column::PortalId.is_not_null())
            .add(organization::Column::PortalAvailable.eq(false));
        let rows = organization::Entity::find().filter(other).all(&self.read).await?;
        let default = self.default_portal().await?.map(|row| row.id);
        let portal = |row: &organization::Model| row.portal_available.then_some(row.portal_id.or(default)).flatten();
        Ok(rows.into_iter().map(|row| (row.id, portal(&row))).collect())
    }
}

fn having(id: PortalId, is_default: bool) -> Condition {
    let named = Condition::any().add(organization::Column::PortalId.eq(id));
    let named = if is_default { named.add(organization::Column::PortalId.is_null()) } else { named };
    Condition::all().add(organization::Column::PortalAvailable.eq(true)).add(named)
}
