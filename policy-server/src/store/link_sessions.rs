//! Browsers that came by an organization's link. The database's triggers end them with the first portal user, or with the link.

use deskbell_protocol::UnixMillis;
use sea_orm::{ColumnTrait, Condition, DatabaseTransaction, EntityTrait, ExprTrait as _, QueryFilter, QuerySelect};

use super::{
    AuditRecord, LinkSession, Organization, Store, StoreError, insert, only,
    row::{link_session, organization, portal_session, portal_user},
};
use crate::domain::{
    ids::{LinkSessionId, OrganizationId},
    portal_user::PortalUserState,
};

impl Store {
    /// The session with this hash, and its organization.
    pub async fn link_session(&self, token_hash: &str) -> Result<Option<(LinkSession, Organization)>, StoreError> {
        let select = link_session::Entity::find().filter(link_session::Column::TokenHash.eq(token_hash));
        let Some(session) = only(select.all(&self.read).await?) else { return Ok(None) };
        let organization = self.organization(session.organization_id).await?;
        Ok(organization.map(|organization| (session, organization)))
    }

    /// Begins a session of an organization whose link lets in at that moment (invariant 4). The one that the same browser had,
    /// whose secret has the hash `before`, is over (RS-11); so are those that began before `over`. `false`: the link lets
    /// nobody in.
    pub async fn begin_link_session(
        &self,
        session: LinkSession,
        before: Option<&str>,
        over: UnixMillis,
        records: Vec<AuditRecord>,
    ) -> Result<bool, StoreError> {
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
        insert(&transaction, session).await?;
        for record in records {
            insert(&transaction, record).await?;
        }
        transaction.commit().await?;
        Ok(true)
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
