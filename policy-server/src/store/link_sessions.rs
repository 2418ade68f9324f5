//! Browsers that came by an organization's link. The database's triggers end them with the first portal user, or with the link.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::Expr,
};

use super::{
    AuditRecord, LinkSession, Organization, Store, StoreError, insert, only, replace,
    row::{link_session, organization, portal_session, portal_user},
};
use crate::domain::{
    ids::{LinkSessionId, OrganizationId},
    portal_user::PortalUserState,
};

/// The most sessions of one organization's link: with another one, the oldest ends.
const LIVE: u64 = 1000;

/// A session that begins, with all that goes with it.
#[derive(Debug)]
pub struct NewLinkSession<'a> {
    /// The session.
    pub session: LinkSession,
    /// The hash of the secret that the same browser had: what that opened is over (RS-11).
    pub before: Option<&'a str>,
    /// What its end leaves in the audit log.
    pub left: Option<AuditRecord>,
    /// Sessions that began before are swept away.
    pub over: UnixMillis,
    /// Who began it.
    pub begun: AuditRecord,
}

impl Store {
    /// The session with this hash, and its organization.
    pub async fn link_session(&self, token_hash: &str) -> Result<Option<(LinkSession, Organization)>, StoreError> {
        let select = link_session::Entity::find().filter(link_session::Column::TokenHash.eq(token_hash));
        let Some(session) = only(select.all(&self.read).await?) else { return Ok(None) };
        let organization = self.organization(session.organization_id).await?;
        Ok(organization.map(|organization| (session, organization)))
    }

    /// Begins a session of an organization whose link lets in at that moment (invariant 4). The audit log, which only grows,
    /// tells of the first that an address begins while others of it last, and of each that staff begin. `false`: the link
    /// lets nobody in.
    pub async fn begin_link_session(&self, new: NewLinkSession<'_>) -> Result<bool, StoreError> {
        let NewLinkSession { session, before, left, over, begun } = new;
        let transaction = self.begin().await?;
        let id = session.organization_id;
        let found = organization::Entity::find_by_id(id).lock_exclusive().one(&transaction).await?;
        let has_portal_users =
            portal_user::Entity::find().filter(living(id)).limit(1).one(&transaction).await?.is_some();
        if has_portal_users || !found.is_some_and(|found| found.link_enabled) {
            return Ok(false);
        }
        end_session_before(&transaction, before).await?;
        let old = link_session::Column::OrganizationId.eq(id).and(link_session::Column::CreatedAt.lt(over));
        link_session::Entity::delete_many().filter(old).exec(&transaction).await?;
        let by_link = Condition::all()
            .add(link_session::Column::OrganizationId.eq(id))
            .add(link_session::Column::StaffId.is_null());
        let from_there = link_session::Entity::find()
            .filter(by_link.clone())
            .filter(link_session::Column::Address.eq(&session.address));
        let is_news = session.staff_id.is_some() || from_there.limit(1).one(&transaction).await?.is_none();
        insert(&transaction, session).await?;
        let newest = link_session::Entity::find().filter(by_link.clone()).order_by_desc(link_session::Column::Id);
        if let Some(oldest) = newest.offset(LIVE).limit(1).one(&transaction).await? {
            let beyond = by_link.add(link_session::Column::Id.lte(oldest.id));
            link_session::Entity::delete_many().filter(beyond).exec(&transaction).await?;
        }
        for record in left.into_iter().chain(is_news.then_some(begun)) {
            insert(&transaction, record).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Gives a session of the staff another secret, once, where it began since then; `before` and what its end leaves are those of
    /// the session that the same browser had.
    pub async fn take_staff_view(
        &self,
        (session, since): (&LinkSession, UnixMillis),
        token_hash: &str,
        (before, left): (Option<&str>, Option<AuditRecord>),
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let taken = link_session::Entity::update_many()
            .col_expr(link_session::Column::TokenHash, Expr::value(token_hash))
            .filter(link_session::Column::TokenHash.eq(&session.token_hash))
            .filter(link_session::Column::StaffId.is_not_null())
            .filter(link_session::Column::CreatedAt.gte(since))
            .exec(&transaction)
            .await?;
        if taken.rows_affected != 1 {
            return Ok(false);
        }
        end_session_before(&transaction, before).await?;
        if let Some(record) = left {
            insert(&transaction, record).await?;
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// Switches an organization's link by `change`, which is told whether there are portal users at that moment: whoever makes
    /// the first one meanwhile waits, and ends the link then (decision C3). Absent: there is no such organization.
    pub async fn switch_link<R: From<StoreError> + Send>(
        &self,
        id: OrganizationId,
        change: impl FnOnce(&mut Organization, bool) -> Result<AuditRecord, R> + Send,
    ) -> Result<Option<Organization>, R> {
        let transaction = self.begin().await?;
        let found = organization::Entity::find_by_id(id).lock_exclusive().one(&transaction).await;
        let Some(mut row) = found.map_err(StoreError::from)? else { return Ok(None) };
        let portal_users = portal_user::Entity::find().filter(living(id)).limit(1).one(&transaction).await;
        let record = change(&mut row, portal_users.map_err(StoreError::from)?.is_some())?;
        replace(&transaction, row.clone()).await?;
        insert(&transaction, record).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(Some(row))
    }

    /// Ends a session.
    pub async fn end_link_session(&self, id: LinkSessionId, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        link_session::Entity::delete_by_id(id).exec(&transaction).await?;
        insert(&transaction, record).await?;
        Ok(transaction.commit().await?)
    }

    /// Whether an organization has portal users, those who are deactivated left out (decision C3).
    pub async fn has_portal_users(&self, id: OrganizationId) -> Result<bool, StoreError> {
        Ok(portal_user::Entity::find().filter(living(id)).limit(1).one(&self.read).await?.is_some())
    }
}

fn living(id: OrganizationId) -> Condition {
    Condition::all()
        .add(portal_user::Column::OrganizationId.eq(id))
        .add(portal_user::Column::State.ne(PortalUserState::Deactivated))
}

/// Ends whatever session a browser had, of either kind, by the hash of its secret.
pub(super) async fn end_session_before(
    transaction: &DatabaseTransaction,
    before: Option<&str>,
) -> Result<(), StoreError> {
    let Some(hash) = before else { return Ok(()) };
    link_session::Entity::delete_many().filter(link_session::Column::TokenHash.eq(hash)).exec(transaction).await?;
    portal_session::Entity::delete_many().filter(portal_session::Column::TokenHash.eq(hash)).exec(transaction).await?;
    Ok(())
}
