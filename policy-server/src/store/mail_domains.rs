//! Mail domains that organizations claim.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{
    AuditRecord, MailDomain, Store, StoreError,
    row::mail_domain::{Column, Entity},
};
use crate::domain::ids::OrganizationId;

/// The most domains that an organization can have.
pub const MOST_DOMAINS: u64 = 100;

impl Store {
    /// Who claims a domain, which is in small letters.
    pub async fn mail_domain(&self, domain: &str) -> Result<Option<MailDomain>, StoreError> {
        Ok(Entity::find().filter(Column::Domain.eq(domain)).one(&self.read).await?)
    }

    /// Those of an organization.
    pub async fn mail_domains(&self, id: OrganizationId) -> Result<Vec<MailDomain>, StoreError> {
        let select = Entity::find().filter(Column::OrganizationId.eq(id)).order_by_asc(Column::Domain);
        Ok(select.limit(MOST_DOMAINS).all(&self.read).await?)
    }

    /// Adds one that nobody claims.
    pub async fn insert_mail_domain(&self, row: MailDomain, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(row, record).await
    }

    /// Takes one back.
    pub async fn delete_mail_domain<R: From<StoreError> + Send>(
        &self,
        domain: String,
        check: impl FnOnce(&MailDomain) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<MailDomain>, R> {
        self.delete_recorded::<Entity, _, _>(domain, check).await
    }
}
