//! End users and portal users.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{
    AuditRecord, EndUser, Page, PageRequest, PortalUser, Store, StoreError,
    row::{end_user, portal_user},
};
use crate::domain::ids::{EndUserId, OrganizationId, PortalUserId};

impl Store {
    /// An end user.
    pub async fn end_user(&self, id: EndUserId) -> Result<Option<EndUser>, StoreError> {
        Ok(end_user::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of end users.
    pub async fn end_users(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<EndUser>, StoreError> {
        let mut select = end_user::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(end_user::Column::OrganizationId.eq(organization));
        }
        self.page(select, end_user::Column::Id, page, |row| row.id.0).await
    }

    /// Makes an end user.
    pub async fn insert_end_user(&self, end_user: EndUser, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(end_user, record).await
    }

    /// Changes an end user, while nobody else can.
    pub async fn change_end_user<R: From<StoreError> + Send>(
        &self,
        id: EndUserId,
        change: impl FnOnce(&mut EndUser) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<EndUser>, R> {
        self.change_recorded::<end_user::Entity, _, _>(id, change).await
    }

    /// A portal user.
    pub async fn portal_user(&self, id: PortalUserId) -> Result<Option<PortalUser>, StoreError> {
        Ok(portal_user::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The portal user that an end user is.
    pub async fn portal_user_of(&self, end_user: EndUserId) -> Result<Option<PortalUser>, StoreError> {
        Ok(portal_user::Entity::find().filter(portal_user::Column::EndUserId.eq(end_user)).one(&self.read).await?)
    }

    /// Part of the list of portal users.
    pub async fn portal_users(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<PortalUser>, StoreError> {
        let mut select = portal_user::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(portal_user::Column::OrganizationId.eq(organization));
        }
        self.page(select, portal_user::Column::Id, page, |row| row.id.0).await
    }

    /// Makes a portal user; its sign-in name must be free, and its end user none yet.
    pub async fn insert_portal_user(&self, portal_user: PortalUser, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(portal_user, record).await
    }

    /// Changes a portal user, while nobody else can.
    pub async fn change_portal_user<R: From<StoreError> + Send>(
        &self,
        id: PortalUserId,
        change: impl FnOnce(&mut PortalUser) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<PortalUser>, R> {
        self.change_recorded::<portal_user::Entity, _, _>(id, change).await
    }
}
