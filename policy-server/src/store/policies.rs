//! Policies and their versions.

use sea_orm::{ColumnTrait, Condition, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect};

use super::{
    AuditRecord, Page, PageRequest, Policy, PolicyVersion, Store, StoreError, insert, replace,
    row::{policy, policy_version, provider},
};
use crate::domain::ids::PolicyId;

impl Store {
    /// A policy.
    pub async fn policy(&self, id: PolicyId) -> Result<Option<Policy>, StoreError> {
        Ok(policy::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of policies.
    pub async fn policies(&self, page: PageRequest) -> Result<Page<Policy>, StoreError> {
        self.policies_named(None, page).await
    }

    /// Part of the list of policies, with exactly this name if one is given.
    pub async fn policies_named(&self, name: Option<&str>, page: PageRequest) -> Result<Page<Policy>, StoreError> {
        let named = Condition::all().add_option(name.map(|name| policy::Column::Name.eq(name.trim())));
        self.page(policy::Entity::find().filter(named), policy::Column::Id, page, |row| row.id.0).await
    }

    /// Every save of a policy, the first one first.
    pub async fn policy_versions(&self, id: PolicyId) -> Result<Vec<PolicyVersion>, StoreError> {
        use sea_orm::QueryOrder as _;
        let select = policy_version::Entity::find().filter(policy_version::Column::PolicyId.eq(id));
        Ok(select.order_by_asc(policy_version::Column::Version).all(&self.read).await?)
    }

    /// One save of a policy.
    pub async fn policy_version(&self, id: PolicyId, version: i64) -> Result<Option<PolicyVersion>, StoreError> {
        Ok(policy_version::Entity::find_by_id((id, version)).one(&self.read).await?)
    }

    /// Every policy, by name.
    pub async fn all_policies(&self) -> Result<Vec<Policy>, StoreError> {
        use sea_orm::QueryOrder as _;
        Ok(policy::Entity::find().order_by_asc(policy::Column::Name).all(&self.read).await?)
    }

    /// Makes a policy, with its first version.
    pub async fn insert_policy(
        &self,
        policy: Policy,
        version: PolicyVersion,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        self.save_policies(vec![(policy, version, record)]).await
    }

    /// Saves a policy as its next version. Two saves of the same version meet in the versions' key: the second is
    /// [`StoreError::Taken`].
    pub async fn save_policy(
        &self,
        policy: Policy,
        version: PolicyVersion,
        record: AuditRecord,
    ) -> Result<(), StoreError> {
        self.save_policies(vec![(policy, version, record)]).await
    }

    /// Makes and saves policies, all of them or none. One whose version is its first is made.
    pub async fn save_policies(&self, saves: Vec<(Policy, PolicyVersion, AuditRecord)>) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        for (policy, version, record) in saves {
            if version.version == 1 {
                insert(&transaction, policy).await?;
                insert(&transaction, version).await?;
            } else {
                insert(&transaction, version).await?;
                replace(&transaction, policy).await?;
            }
            insert(&transaction, record).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Deletes a policy that is attached nowhere, with its versions. Attached: [`StoreError::NoSuchReference`].
    pub async fn delete_policy<R: From<StoreError> + Send>(
        &self,
        id: PolicyId,
        check: impl FnOnce(&Policy) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Policy>, R> {
        let transaction = self.begin().await?;
        let found =
            policy::Entity::find_by_id(id).lock_exclusive().one(&transaction).await.map_err(StoreError::from)?;
        let Some(row) = found else { return Ok(None) };
        // The one place that no foreign key leads from.
        let at_the_top = provider::Entity::find().filter(provider::Column::PolicyId.eq(id)).count(&transaction);
        if at_the_top.await.map_err(StoreError::from)? > 0 {
            return Err(StoreError::NoSuchReference.into());
        }
        let record = check(&row)?;
        let versions = policy_version::Entity::delete_many().filter(policy_version::Column::PolicyId.eq(id));
        versions.exec(&transaction).await.map_err(StoreError::from)?;
        policy::Entity::delete_by_id(id).exec(&transaction).await.map_err(StoreError::from)?;
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }
}
