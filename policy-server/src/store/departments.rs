//! Departments: whom at the MSP tickets are for.

use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::Expr};

use super::{
    AuditRecord, Department, Store, StoreError, insert, replace,
    row::department::{Column, Entity},
};
use crate::domain::ids::DepartmentId;

/// The most departments that there can be.
pub const MOST_DEPARTMENTS: u64 = 200;

impl Store {
    /// Every department, by name.
    pub async fn departments(&self) -> Result<Vec<Department>, StoreError> {
        Ok(Entity::find().order_by_asc(Column::NameKey).limit(MOST_DEPARTMENTS).all(&self.read).await?)
    }

    /// A department.
    pub async fn department(&self, id: DepartmentId) -> Result<Option<Department>, StoreError> {
        Ok(Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Makes a department; no other may have its name or its address.
    pub async fn insert_department(&self, row: Department, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        if row.is_default {
            only_default(&transaction, row.id).await?;
        }
        insert(&transaction, row).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Changes a department, while nobody else can. Another is the default no more when this one becomes it.
    pub async fn change_department<R: From<StoreError> + Send>(
        &self,
        id: DepartmentId,
        change: impl FnOnce(&mut Department) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Department>, R> {
        let transaction = self.begin().await?;
        let found = Entity::find_by_id(id).lock_exclusive().one(&transaction).await.map_err(StoreError::from)?;
        let Some(mut row) = found else { return Ok(None) };
        let record = change(&mut row)?;
        if row.is_default {
            only_default(&transaction, id).await?;
        }
        replace(&transaction, row.clone()).await?;
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }

    /// Removes a department that no ticket and no mail names.
    pub async fn delete_department<R: From<StoreError> + Send>(
        &self,
        id: DepartmentId,
        check: impl FnOnce(&Department) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Department>, R> {
        self.delete_recorded::<Entity, _, _>(id, check).await
    }
}

async fn only_default(db: &impl ConnectionTrait, id: DepartmentId) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::IsDefault, Expr::value(false))
        .filter(Column::IsDefault.eq(true))
        .filter(Column::Id.ne(id))
        .exec(db)
        .await?;
    Ok(())
}
