//! Links with which people become portal users by themselves.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, EntityTrait, ExprTrait as _, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func},
};

use super::{
    EndUser, Outbox, SignUp, Store, StoreError, insert, only,
    outbox::insert_outbox,
    row::{end_user, link_session, portal_session, portal_token, portal_user, sign_up, status_link, ticket},
};
use crate::domain::{ids::SignUpId, portal_user::PortalUserState};

/// The most end users of one address that are looked at.
const LISTED: u64 = 50;

impl Store {
    /// The end users with this address who have asked for help before and cannot sign in yet, though nobody has shut them out
    /// or prepared an account at another address, the longest here first (invariant 13). What somebody sent under a name that nobody has checked was not theirs.
    pub async fn end_users_who_asked(&self, email_key: &str) -> Result<Vec<EndUser>, StoreError> {
        // What somebody else sent on their behalf was not asked by them.
        let own = portal_user::Entity::find()
            .select_only()
            .column(portal_user::Column::Id)
            .filter(
                Expr::col((portal_user::Entity, portal_user::Column::Id))
                    .equals((ticket::Entity, ticket::Column::SenderId)),
            )
            .filter(
                Expr::col((portal_user::Entity, portal_user::Column::EndUserId))
                    .equals((end_user::Entity, end_user::Column::Id)),
            );
        let asked = ticket::Entity::find()
            .select_only()
            .column(ticket::Column::RequesterId)
            .filter(ticket::Column::RequesterId.is_not_null())
            .filter(ticket::Column::UnverifiedName.is_null())
            .filter(ticket::Column::SenderId.is_null().or(Expr::exists(own.into_query())))
            .filter(
                Expr::col((ticket::Entity, ticket::Column::RequesterId))
                    .equals((end_user::Entity, end_user::Column::Id)),
            );
        let settled = [PortalUserState::Active, PortalUserState::Deactivated];
        let known = portal_user::Entity::find()
            .select_only()
            .column(portal_user::Column::Id)
            .filter(
                Expr::col((portal_user::Entity, portal_user::Column::EndUserId))
                    .equals((end_user::Entity, end_user::Column::Id)),
            )
            .filter(portal_user::Column::State.is_in(settled).or(portal_user::Column::EmailKey.ne(email_key)));
        let theirs = Func::lower(Expr::col((end_user::Entity, end_user::Column::Email))).eq(email_key);
        let select = end_user::Entity::find()
            .filter(theirs)
            .filter(Expr::exists(asked.into_query()))
            .filter(Expr::exists(known.into_query()).not());
        Ok(select.order_by_asc(end_user::Column::Id).limit(LISTED).all(&self.read).await?)
    }

    /// Adds a link and its mail; earlier ones of the address are dead.
    pub async fn insert_sign_up(&self, sign_up: SignUp, outbox: Outbox) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        sign_up::Entity::update_many()
            .col_expr(sign_up::Column::UsedAt, Expr::value(sign_up.created_at))
            .filter(sign_up::Column::EmailKey.eq(&sign_up.email_key))
            .filter(sign_up::Column::UsedAt.is_null())
            .exec(&transaction)
            .await?;
        insert(&transaction, sign_up).await?;
        insert_outbox(&transaction, outbox).await?;
        Ok(transaction.commit().await?)
    }

    /// The link with this hash, if it was not used.
    pub async fn sign_up(&self, token_hash: &str) -> Result<Option<SignUp>, StoreError> {
        let select = sign_up::Entity::find().filter(sign_up::Column::TokenHash.eq(token_hash));
        Ok(only(select.filter(sign_up::Column::UsedAt.is_null()).all(&self.read).await?))
    }

    /// Forgets links that were over, and sessions that began, before `before`: none of them opens anything any more.
    pub async fn forget_ways_in(&self, before: UnixMillis) -> Result<(), StoreError> {
        sign_up::Entity::delete_many().filter(sign_up::Column::ExpiresAt.lt(before)).exec(&self.write).await?;
        portal_token::Entity::delete_many()
            .filter(portal_token::Column::ExpiresAt.lt(before))
            .exec(&self.write)
            .await?;
        status_link::Entity::delete_many().filter(status_link::Column::ExpiresAt.lt(before)).exec(&self.write).await?;
        let old = portal_session::Column::CreatedAt.lt(before);
        portal_session::Entity::delete_many().filter(old).exec(&self.write).await?;
        link_session::Entity::delete_many()
            .filter(link_session::Column::CreatedAt.lt(before))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Uses a link up. `false`: it was used in between.
    pub async fn use_sign_up(&self, id: SignUpId, now: UnixMillis) -> Result<bool, StoreError> {
        let used = sign_up::Entity::update_many()
            .col_expr(sign_up::Column::UsedAt, Expr::value(now))
            .filter(sign_up::Column::Id.eq(id))
            .filter(sign_up::Column::UsedAt.is_null())
            .exec(&self.write)
            .await?;
        Ok(used.rows_affected == 1)
    }
}
