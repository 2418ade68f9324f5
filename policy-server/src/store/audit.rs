//! The audit log, and writes that leave a record in it: change and record are one transaction.

use sea_orm::{
    ActiveModelBehavior, ActiveModelTrait, ColumnTrait, EntityTrait, IntoActiveModel, PrimaryKeyTrait, QueryFilter,
    QueryOrder, QuerySelect,
};
use uuid::Uuid;

use super::{AuditRecord, Page, PageRequest, Store, StoreError, insert, replace, row::audit_record};

impl Store {
    /// Part of the audit log, the newest first.
    pub async fn audit_records(
        &self,
        subject: Option<Uuid>,
        page: PageRequest,
    ) -> Result<Page<AuditRecord>, StoreError> {
        let mut select = audit_record::Entity::find();
        if let Some(subject) = subject {
            select = select.filter(audit_record::Column::SubjectId.eq(subject));
        }
        if let Some(before) = page.after {
            select = select.filter(audit_record::Column::Id.lt(before));
        }
        let select = select.order_by_desc(audit_record::Column::Id).limit(page.limit + 1);
        Ok(Page::of(select.all(&self.read).await?, page, |record| record.id.0))
    }

    /// Adds a record to the audit log by itself.
    pub async fn insert_audit_record(&self, record: AuditRecord) -> Result<(), StoreError> {
        insert(&self.write, record).await
    }

    pub(super) async fn insert_recorded<A: ActiveModelTrait>(
        &self,
        row: impl IntoActiveModel<A>,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        insert(&transaction, row).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes a row with a record of it, while nobody else can: `change` sees what is there at that moment. Nothing is done
    /// when it refuses; absent: there is no such row.
    pub(super) async fn change_recorded<E, A, R>(
        &self,
        id: <E::PrimaryKey as PrimaryKeyTrait>::ValueType,
        change: impl FnOnce(&mut E::Model) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<E::Model>, R>
    where
        E: EntityTrait,
        E::Model: IntoActiveModel<A> + Clone,
        A: ActiveModelTrait<Entity = E> + ActiveModelBehavior + Send,
        R: From<StoreError> + Send,
    {
        let transaction = self.begin().await?;
        let found = E::find_by_id(id).lock_exclusive().one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        let record = change(&mut row)?;
        replace(&transaction, row.clone()).await?;
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }
}
