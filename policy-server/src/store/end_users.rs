//! End users and portal users.

use std::collections::HashSet;

use sea_orm::{
    ColumnTrait, Condition, EntityTrait, ExprTrait as _, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, Func, LikeExpr, OnConflict},
};

use super::{
    AuditRecord, EndUser, Page, PageRequest, PortalUser, Store, StoreError, insert,
    row::{end_user, organization, portal_user},
};
use crate::domain::{
    ids::{EndUserId, OrganizationId, PortalUserId},
    portal_user::{PortalUserState, sign_in_key},
    search::{escaped, search_key},
};

/// A portal user who is still without a name.
#[derive(Debug, Clone)]
pub struct NewPortalUserRow {
    /// The row.
    pub row: PortalUser,
    /// Keys and names, the best first.
    pub names: Vec<(String, String)>,
    /// Who made it.
    pub record: AuditRecord,
}

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

    /// Makes an end user, unless somebody of the organization has this address; gives those who have it then. One at a time for
    /// each organization, so that the same address that comes twice at once is one person's.
    pub async fn insert_end_user_with_new_address(
        &self,
        end_user: EndUser,
        record: AuditRecord,
    ) -> Result<Vec<EndUser>, StoreError> {
        let (id, transaction) = (end_user.organization_id, self.begin().await?);
        organization::Entity::find_by_id(id).lock_exclusive().one(&transaction).await?;
        let theirs = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email)))
            .eq(end_user.email.as_deref().map(sign_in_key));
        let known = end_user::Entity::find().filter(end_user::Column::OrganizationId.eq(id)).filter(theirs);
        let known = known.order_by_asc(end_user::Column::Id).limit(2).all(&transaction).await?;
        if !known.is_empty() {
            return Ok(known);
        }
        insert(&transaction, end_user.clone()).await?;
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(vec![end_user])
    }

    /// Deletes an end user whom nothing names.
    pub async fn delete_end_user<R: From<StoreError> + Send>(
        &self,
        id: EndUserId,
        check: impl FnOnce(&EndUser) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<EndUser>, R> {
        self.delete_recorded::<end_user::Entity, _, _>(id, check).await
    }

    /// Changes an end user, while nobody else can.
    pub async fn change_end_user<R: From<StoreError> + Send>(
        &self,
        id: EndUserId,
        change: impl FnOnce(&mut EndUser) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<EndUser>, R> {
        self.change_recorded::<end_user::Entity, _, _>(id, change).await
    }

    /// Those of an organization with this address or this name, whatever its case; of several, the first ones.
    pub async fn end_users_called(
        &self,
        organization: OrganizationId,
        typed: &str,
    ) -> Result<Vec<EndUser>, StoreError> {
        let key = search_key(&[typed]);
        let with_address = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(&key);
        // A key begins with the name.
        let begins = LikeExpr::new(format!("{}%", escaped(&key))).escape('\\');
        let like_that = Condition::any().add(with_address).add(end_user::Column::SearchKey.like(begins));
        let select = end_user::Entity::find().filter(end_user::Column::OrganizationId.eq(organization));
        let mut found =
            select.filter(like_that).order_by_asc(end_user::Column::SearchKey).limit(200).all(&self.read).await?;
        let is = |text: &str| search_key(&[text]) == key;
        found.retain(|row| is(&row.name) || row.email.as_deref().is_some_and(is));
        Ok(found)
    }

    /// Of the newest 200 end users, the first `limit` with an address whom nobody has invited to the portal.
    pub async fn uninvited_end_users(&self, limit: u64) -> Result<Vec<EndUser>, StoreError> {
        let newest = end_user::Entity::find().order_by_desc(end_user::Column::Id).limit(200).all(&self.read).await?;
        let with_address: Vec<_> = newest.into_iter().filter(|row| row.email.is_some()).collect();
        let theirs = portal_user::Entity::find()
            .filter(portal_user::Column::EndUserId.is_in(with_address.iter().map(|row| row.id)))
            .filter(portal_user::Column::State.ne(PortalUserState::Enabled));
        let invited: HashSet<_> = theirs.all(&self.read).await?.into_iter().filter_map(|row| row.end_user_id).collect();
        let uninvited = with_address.into_iter().filter(|row| !invited.contains(&row.id));
        Ok(uninvited.take(usize::try_from(limit).unwrap_or(usize::MAX)).collect())
    }

    /// The others who have this address, in any organization; at most 20 (decision C11).
    pub async fn end_users_with_address_of(&self, row: &EndUser) -> Result<Vec<EndUser>, StoreError> {
        let Some(email) = &row.email else { return Ok(Vec::new()) };
        let theirs = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(sign_in_key(email));
        let others = end_user::Entity::find().filter(theirs).filter(end_user::Column::Id.ne(row.id));
        Ok(others.order_by_asc(end_user::Column::Id).limit(20).all(&self.read).await?)
    }

    /// A portal user.
    pub async fn portal_user(&self, id: PortalUserId) -> Result<Option<PortalUser>, StoreError> {
        Ok(portal_user::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// The portal user that an end user is.
    pub async fn portal_user_of(&self, end_user: EndUserId) -> Result<Option<PortalUser>, StoreError> {
        Ok(portal_user::Entity::find().filter(portal_user::Column::EndUserId.eq(end_user)).one(&self.read).await?)
    }

    /// Makes a portal user; its sign-in name must be free, and its end user none yet.
    pub async fn insert_portal_user(&self, portal_user: PortalUser, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(portal_user, record).await
    }

    /// Makes portal users in one step, each under the first of its sign-in names that is free, and says how many. An end user
    /// who became one in between is passed over.
    pub async fn insert_portal_users(&self, new: Vec<NewPortalUserRow>) -> Result<usize, StoreError> {
        let mut made = 0;
        let transaction = self.begin().await?;
        for NewPortalUserRow { row, names, record } in new {
            for (sign_in_key, sign_in_name) in names {
                let named = PortalUser { sign_in_name, sign_in_key, ..row.clone() };
                let insert_named = portal_user::Entity::insert(named.into_active_model());
                let insert_named = insert_named.on_conflict(OnConflict::new().do_nothing().to_owned());
                if insert_named.exec_without_returning(&transaction).await? == 1 {
                    insert(&transaction, record).await?;
                    made += 1;
                    break;
                }
            }
        }
        transaction.commit().await?;
        Ok(made)
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
