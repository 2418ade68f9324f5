//! Logins of operating systems that stand for end users (decision C10).

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{AuditRecord, OsLogin, Page, PageRequest, Store, StoreError, insert, row::os_login};
use crate::domain::ids::{EndUserId, OsLoginId};

impl Store {
    /// A login.
    pub async fn os_login(&self, id: OsLoginId) -> Result<Option<OsLogin>, StoreError> {
        Ok(os_login::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of an end user's logins.
    pub async fn os_logins_of(&self, end_user: EndUserId, page: PageRequest) -> Result<Page<OsLogin>, StoreError> {
        let select = os_login::Entity::find().filter(os_login::Column::EndUserId.eq(end_user));
        self.page(select, os_login::Column::Id, page, |row| row.id.0).await
    }

    /// Makes a login; no other of its organization may have its key.
    pub async fn insert_os_login(&self, os_login: OsLogin, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(os_login, record).await
    }

    /// Deletes a login: sessions that it named the requester of are over. `false` when there is none.
    pub async fn delete_os_login(&self, id: OsLoginId, record: AuditRecord) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        if os_login::Entity::delete_by_id(id).exec(&transaction).await?.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
