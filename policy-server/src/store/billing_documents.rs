//! What other programs bill organizations.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect};

use super::{AuditRecord, BillingDocument, Page, PageRequest, Store, StoreError, row::billing_document};
use crate::domain::ids::{BillingDocumentId, OrganizationId};

/// The most that the portal lists.
const LISTED: u64 = 500;

impl Store {
    /// A document.
    pub async fn billing_document(&self, id: BillingDocumentId) -> Result<Option<BillingDocument>, StoreError> {
        Ok(billing_document::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of documents.
    pub async fn billing_documents(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<BillingDocument>, StoreError> {
        let mut select = billing_document::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(billing_document::Column::OrganizationId.eq(organization));
        }
        self.page(select, billing_document::Column::Id, page, |row| row.id.0).await
    }

    /// Those of an organization, the newest first; at most 500.
    pub async fn newest_billing_documents(&self, id: OrganizationId) -> Result<Vec<BillingDocument>, StoreError> {
        let select = billing_document::Entity::find().filter(billing_document::Column::OrganizationId.eq(id));
        let select = select.order_by_desc(billing_document::Column::IssuedOn);
        Ok(select.order_by_desc(billing_document::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Adds a document.
    pub async fn insert_billing_document(&self, row: BillingDocument, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(row, record).await
    }

    /// Removes a document.
    pub async fn delete_billing_document<R: From<StoreError> + Send>(
        &self,
        id: BillingDocumentId,
        record: impl FnOnce(&BillingDocument) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<BillingDocument>, R> {
        self.delete_recorded::<billing_document::Entity, _, _>(id, record).await
    }
}
