//! The MSP, its customers and their folders.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    AuditRecord, Folder, Organization, Page, PageRequest, Portal, PortalVersion, Provider, Store, StoreError, alone,
    insert, only,
    row::{folder, organization, provider},
};
use crate::domain::ids::{FolderId, OrganizationId, ProviderId};

impl Store {
    /// The MSP.
    pub async fn provider(&self) -> Result<Option<Provider>, StoreError> {
        Ok(only(provider::Entity::find().all(&self.read).await?))
    }

    /// Makes the MSP's one row and its default portal, unless another program was first.
    pub async fn insert_provider_if_new(
        &self,
        provider: Provider,
        portal: Portal,
        version: PortalVersion,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        alone(&transaction).await?;
        if provider::Entity::find().one(&transaction).await?.is_none() {
            insert(&transaction, portal).await?;
            insert(&transaction, version).await?;
            insert(&transaction, provider).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Changes the MSP's row, while nobody else can.
    pub async fn change_provider<R: From<StoreError> + Send>(
        &self,
        id: ProviderId,
        change: impl FnOnce(&mut Provider) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Provider>, R> {
        self.change_recorded::<provider::Entity, _, _>(id, change).await
    }

    /// An organization.
    pub async fn organization(&self, id: OrganizationId) -> Result<Option<Organization>, StoreError> {
        Ok(only(organization::Entity::find_by_id(id).all(&self.read).await?))
    }

    /// The organization with exactly this name.
    pub async fn organization_named(&self, name: &str) -> Result<Option<Organization>, StoreError> {
        Ok(organization::Entity::find().filter(organization::Column::Name.eq(name)).one(&self.read).await?)
    }

    /// Part of the list of organizations.
    pub async fn organizations(&self, page: PageRequest) -> Result<Page<Organization>, StoreError> {
        self.page(organization::Entity::find(), organization::Column::Id, page, |row| row.id.0).await
    }

    /// Makes an organization; its name must be free.
    pub async fn insert_organization(&self, organization: Organization, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(organization, record).await
    }

    /// Changes an organization, while nobody else can.
    pub async fn change_organization<R: From<StoreError> + Send>(
        &self,
        id: OrganizationId,
        change: impl FnOnce(&mut Organization) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Organization>, R> {
        self.change_recorded::<organization::Entity, _, _>(id, change).await
    }

    /// Deletes an organization, if `check` lets it. Something is of it: [`StoreError::NoSuchReference`].
    pub async fn delete_organization<R: From<StoreError> + Send>(
        &self,
        id: OrganizationId,
        check: impl FnOnce(&Organization) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Organization>, R> {
        self.delete_recorded::<organization::Entity, _, _>(id, check).await
    }

    /// A folder.
    pub async fn folder(&self, id: FolderId) -> Result<Option<Folder>, StoreError> {
        Ok(folder::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Every folder of an organization.
    pub async fn folders_of(&self, organization: OrganizationId) -> Result<Vec<Folder>, StoreError> {
        Ok(folder::Entity::find().filter(folder::Column::OrganizationId.eq(organization)).all(&self.read).await?)
    }

    /// Part of the list of folders.
    pub async fn folders(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<Folder>, StoreError> {
        let mut select = folder::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(folder::Column::OrganizationId.eq(organization));
        }
        self.page(select, folder::Column::Id, page, |row| row.id.0).await
    }

    /// Makes a folder.
    pub async fn insert_folder(&self, folder: Folder, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(folder, record).await
    }

    /// Deletes a folder that nothing hangs in.
    pub async fn delete_folder<R: From<StoreError> + Send>(
        &self,
        id: FolderId,
        check: impl FnOnce(&Folder) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Folder>, R> {
        self.delete_recorded::<folder::Entity, _, _>(id, check).await
    }

    /// Changes a folder, while nobody else can.
    pub async fn change_folder<R: From<StoreError> + Send>(
        &self,
        id: FolderId,
        change: impl FnOnce(&mut Folder) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Folder>, R> {
        self.change_recorded::<folder::Entity, _, _>(id, change).await
    }
}
