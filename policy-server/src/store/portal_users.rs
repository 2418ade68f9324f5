//! How portal users come in: what an event does to them, mailed links, sessions.

use std::collections::{HashMap, HashSet};

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, DatabaseTransaction, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::Expr,
};

use super::{
    AuditRecord, EndUser, Outbox, PortalSession, PortalToken, PortalUser, Store, StoreError, insert,
    link_sessions::end_session_before,
    only,
    outbox::insert_outbox,
    replace,
    row::{end_user, organization, portal_session, portal_token, portal_user},
};
use crate::domain::{
    ids::{EndUserId, OrganizationId, PortalSessionId, PortalTokenId, PortalUserId},
    portal_user::{PortalUserState, TokenPurpose},
};

/// The most of one thing that one portal user is shown.
const LISTED: u64 = 1000;

/// What goes with a change of a portal user, in its transaction.
#[derive(Debug)]
pub struct Effects {
    /// Whether every mailed link is dead.
    pub voids_tokens: bool,
    /// Which sessions end.
    pub ends: Ends,
    /// A new link.
    pub token: Option<PortalToken>,
    /// What is mailed.
    pub outbox: Outbox,
    /// Who did it.
    pub record: AuditRecord,
}

/// Which sessions end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ends {
    /// None.
    Nothing,
    /// All.
    All,
    /// All but this one.
    Others(PortalSessionId),
}

/// What some portal users' organizations and end users are called.
#[derive(Debug, Default)]
pub struct PortalUserNames {
    organizations: HashMap<OrganizationId, String>,
    end_users: HashMap<EndUserId, String>,
}

impl PortalUserNames {
    /// The organization of this portal user.
    pub fn organization(&self, of: &PortalUser) -> String {
        self.organizations.get(&of.organization_id).cloned().unwrap_or_default()
    }

    /// The end user of this portal user; absent: it is for the organization itself.
    pub fn end_user(&self, of: &PortalUser) -> Option<String> {
        of.end_user_id.and_then(|id| self.end_users.get(&id)).cloned()
    }
}

impl Store {
    /// Changes a portal user with all that goes with it, while nobody else can. Nothing is done when `change` refuses; absent:
    /// there is no such portal user.
    pub async fn step_portal_user<R: From<StoreError> + Send>(
        &self,
        id: PortalUserId,
        change: impl FnOnce(&mut PortalUser) -> Result<Option<Effects>, R> + Send,
    ) -> Result<Option<PortalUser>, R> {
        let transaction = self.begin().await?;
        let changed = changed(&transaction, id, change).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(changed)
    }

    /// Uses a link up and changes its portal user. Absent: the link was used in between.
    pub async fn use_portal_token<R: From<StoreError> + Send>(
        &self,
        token: PortalTokenId,
        id: PortalUserId,
        now: UnixMillis,
        change: impl FnOnce(&mut PortalUser) -> Result<Option<Effects>, R> + Send,
    ) -> Result<Option<PortalUser>, R> {
        let transaction = self.begin().await?;
        let used = portal_token::Entity::update_many()
            .col_expr(portal_token::Column::UsedAt, Expr::value(now))
            .filter(portal_token::Column::Id.eq(token))
            .filter(portal_token::Column::UsedAt.is_null())
            .exec(&transaction)
            .await
            .map_err(StoreError::from)?;
        if used.rows_affected != 1 {
            return Ok(None);
        }
        let changed = changed(&transaction, id, change).await?;
        transaction.commit().await.map_err(StoreError::from)?;
        Ok(changed)
    }

    /// Adds a link and its mail; earlier ones of its purpose are dead.
    pub async fn insert_portal_token(&self, token: PortalToken, outbox: Outbox) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        void_tokens(&transaction, token.portal_user_id, Some(token.purpose), token.created_at).await?;
        insert(&transaction, token).await?;
        insert_outbox(&transaction, outbox).await?;
        Ok(transaction.commit().await?)
    }

    /// The link with this hash, if it was not used, and whose it is.
    pub async fn portal_token(&self, token_hash: &str) -> Result<Option<(PortalToken, PortalUser)>, StoreError> {
        let select = portal_token::Entity::find().filter(portal_token::Column::TokenHash.eq(token_hash));
        let found = select.filter(portal_token::Column::UsedAt.is_null()).all(&self.read).await?;
        let Some(token) = only(found) else { return Ok(None) };
        let portal_user = self.portal_user(token.portal_user_id).await?;
        Ok(portal_user.map(|portal_user| (token, portal_user)))
    }

    /// Who signs in with this name.
    pub async fn portal_user_by_name(&self, sign_in_key: &str) -> Result<Option<PortalUser>, StoreError> {
        let select = portal_user::Entity::find().filter(portal_user::Column::SignInKey.eq(sign_in_key));
        Ok(only(select.all(&self.read).await?))
    }

    /// Those who can sign in and have this address, the longest here first; at most 1,000.
    pub async fn portal_users_by_email(&self, email_key: &str) -> Result<Vec<PortalUser>, StoreError> {
        let select = portal_user::Entity::find().filter(portal_user::Column::EmailKey.eq(email_key));
        let select = select.filter(portal_user::Column::State.eq(PortalUserState::Active));
        Ok(select.order_by_asc(portal_user::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// These portal users, and those of these end users.
    pub async fn chosen_portal_users(
        &self,
        end_users: &HashSet<EndUserId>,
        portal_users: &HashSet<PortalUserId>,
    ) -> Result<Vec<PortalUser>, StoreError> {
        let chosen = portal_user::Column::Id.is_in(portal_users.iter().copied());
        let theirs = portal_user::Column::EndUserId.is_in(end_users.iter().copied());
        Ok(portal_user::Entity::find().filter(chosen.or(theirs)).all(&self.read).await?)
    }

    /// These end users.
    pub async fn chosen_end_users(&self, ids: &[EndUserId]) -> Result<Vec<EndUser>, StoreError> {
        let chosen = end_user::Column::Id.is_in(ids.iter().copied());
        Ok(end_user::Entity::find().filter(chosen).all(&self.read).await?)
    }

    /// The names of those whom `portal_users` are for.
    pub async fn portal_user_names(&self, portal_users: &[PortalUser]) -> Result<PortalUserNames, StoreError> {
        let organizations = portal_users.iter().map(|row| row.organization_id);
        let organizations = organization::Entity::find().filter(organization::Column::Id.is_in(organizations));
        let end_users: Vec<_> = portal_users.iter().filter_map(|row| row.end_user_id).collect();
        Ok(PortalUserNames {
            organizations: organizations.all(&self.read).await?.into_iter().map(|row| (row.id, row.name)).collect(),
            end_users: self.chosen_end_users(&end_users).await?.into_iter().map(|row| (row.id, row.name)).collect(),
        })
    }

    /// Those who are invited, and whose every invitation's time was over before `now`; at most `limit`.
    pub async fn lapsed_portal_users(&self, now: UnixMillis, limit: u64) -> Result<Vec<PortalUser>, StoreError> {
        let open = portal_token::Entity::find()
            .select_only()
            .column(portal_token::Column::PortalUserId)
            .filter(portal_token::Column::Purpose.eq(TokenPurpose::Invitation))
            .filter(portal_token::Column::UsedAt.is_null())
            .filter(portal_token::Column::ExpiresAt.gt(now));
        let select = portal_user::Entity::find().filter(portal_user::Column::State.eq(PortalUserState::Invited));
        let select = select.filter(portal_user::Column::Id.not_in_subquery(open.into_query()));
        // Nor is the time of a password over that was mailed in place of a link.
        let expires_at = portal_user::Column::PasswordExpiresAt;
        let select = select.filter(expires_at.is_null().or(expires_at.lte(now)));
        Ok(select.order_by_asc(portal_user::Column::Id).limit(limit).all(&self.read).await?)
    }

    /// The session with this hash, and whose it is.
    pub async fn portal_session(&self, token_hash: &str) -> Result<Option<(PortalSession, PortalUser)>, StoreError> {
        let select = portal_session::Entity::find().filter(portal_session::Column::TokenHash.eq(token_hash));
        let Some(session) = only(select.all(&self.read).await?) else { return Ok(None) };
        let portal_user = self.portal_user(session.portal_user_id).await?;
        Ok(portal_user.map(|portal_user| (session, portal_user)))
    }

    /// The sessions of somebody, the newest first; at most 1,000.
    pub async fn portal_sessions(&self, id: PortalUserId) -> Result<Vec<PortalSession>, StoreError> {
        let select = portal_session::Entity::find().filter(portal_session::Column::PortalUserId.eq(id));
        Ok(select.order_by_desc(portal_session::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Begins a session of somebody who can sign in at that moment. The one that the same browser had, whose secret has the hash
    /// `before`, is over (S17); those that began before `over` are swept away. `false`: they no longer can.
    pub async fn begin_portal_session(
        &self,
        session: PortalSession,
        before: Option<&str>,
        over: UnixMillis,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let owner = portal_user::Entity::find_by_id(session.portal_user_id).lock_exclusive().one(&transaction).await?;
        if owner.is_none_or(|owner| owner.state != PortalUserState::Active) {
            return Ok(false);
        }
        end_session_before(&transaction, before).await?;
        let theirs = portal_session::Column::PortalUserId.eq(session.portal_user_id);
        let old = theirs.and(portal_session::Column::CreatedAt.lt(over));
        portal_session::Entity::delete_many().filter(old).exec(&transaction).await?;
        insert(&transaction, session).await?;
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }

    /// Notes that a session was used.
    pub async fn touch_portal_session(&self, id: PortalSessionId, now: UnixMillis) -> Result<(), StoreError> {
        portal_session::Entity::update_many()
            .col_expr(portal_session::Column::UsedAt, Expr::value(now))
            .filter(portal_session::Column::Id.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Ends a session of somebody. `false`: they have no such session.
    pub async fn end_portal_session(
        &self,
        owner: PortalUserId,
        id: PortalSessionId,
        record: AuditRecord,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let ended = portal_session::Entity::delete_many()
            .filter(portal_session::Column::PortalUserId.eq(owner))
            .filter(portal_session::Column::Id.eq(id))
            .exec(&transaction)
            .await?;
        if ended.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, record).await?;
        transaction.commit().await?;
        Ok(true)
    }
}

async fn changed<R: From<StoreError> + Send>(
    transaction: &DatabaseTransaction,
    id: PortalUserId,
    change: impl FnOnce(&mut PortalUser) -> Result<Option<Effects>, R> + Send,
) -> Result<Option<PortalUser>, R> {
    let found = portal_user::Entity::find_by_id(id).lock_exclusive().one(transaction).await;
    let Some(mut row) = found.map_err(StoreError::from)? else { return Ok(None) };
    if let Some(effects) = change(&mut row)? {
        replace(transaction, row.clone()).await?;
        apply(transaction, id, effects).await?;
    }
    Ok(Some(row))
}

async fn apply(transaction: &DatabaseTransaction, id: PortalUserId, effects: Effects) -> Result<(), StoreError> {
    let Effects { voids_tokens, ends, token, outbox, record } = effects;
    if voids_tokens {
        void_tokens(transaction, id, None, record.at).await?;
    }
    let sessions = portal_session::Entity::delete_many().filter(portal_session::Column::PortalUserId.eq(id));
    match ends {
        Ends::Nothing => {}
        Ends::All => {
            sessions.exec(transaction).await?;
        }
        Ends::Others(kept) => {
            sessions.filter(portal_session::Column::Id.ne(kept)).exec(transaction).await?;
        }
    }
    if let Some(token) = token {
        insert(transaction, token).await?;
    }
    insert_outbox(transaction, outbox).await?;
    insert(transaction, record).await
}

async fn void_tokens(
    transaction: &DatabaseTransaction,
    id: PortalUserId,
    purpose: Option<TokenPurpose>,
    now: UnixMillis,
) -> Result<(), StoreError> {
    let mut update = portal_token::Entity::update_many()
        .col_expr(portal_token::Column::UsedAt, Expr::value(now))
        .filter(portal_token::Column::PortalUserId.eq(id))
        .filter(portal_token::Column::UsedAt.is_null());
    if let Some(purpose) = purpose {
        update = update.filter(portal_token::Column::Purpose.eq(purpose));
    }
    update.exec(transaction).await?;
    Ok(())
}
