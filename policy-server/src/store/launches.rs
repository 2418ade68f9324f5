//! Launch codes and the browser sessions that they open (AGT-10).

use deskbell_protocol::UnixMillis;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};

use super::{
    AssetSession, Json, Store, StoreError, insert, only,
    row::{asset_session, launch_code},
};
use crate::domain::{ids::AssetSessionId, ticket::TypedTicket};

pub use super::row::launch_code::Model as LaunchCode;

impl Store {
    /// Makes a launch code, and forgets those whose time was over before `forget_before`.
    pub async fn insert_launch_code(&self, code: LaunchCode, forget_before: UnixMillis) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let old = launch_code::Entity::delete_many().filter(launch_code::Column::ExpiresAt.lt(forget_before));
        old.exec(&transaction).await?;
        insert(&transaction, code).await?;
        Ok(transaction.commit().await?)
    }

    /// The launch code with this hash, used or not.
    pub async fn launch_code(&self, code_hash: &str) -> Result<Option<LaunchCode>, StoreError> {
        Ok(only(launch_code::Entity::find_by_id(code_hash.to_owned()).all(&self.read).await?))
    }

    /// Begins a session for the first browser that comes with a code: `false` when another was first (invariant 14).
    pub async fn begin_asset_session(&self, code_hash: &str, session: AssetSession) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let id = session.id;
        insert(&transaction, session).await?;
        let bound = launch_code::Entity::update_many()
            .col_expr(launch_code::Column::SessionId, Expr::value(id))
            .filter(launch_code::Column::CodeHash.eq(code_hash))
            .filter(launch_code::Column::SessionId.is_null())
            .exec(&transaction)
            .await?;
        if bound.rows_affected != 1 {
            return Ok(false);
        }
        transaction.commit().await?;
        Ok(true)
    }

    /// The session whose cookie has this hash, ended or not.
    pub async fn asset_session(&self, token_hash: &str) -> Result<Option<AssetSession>, StoreError> {
        let select = asset_session::Entity::find().filter(asset_session::Column::TokenHash.eq(token_hash));
        Ok(only(select.all(&self.read).await?))
    }

    /// Notes that a session was used.
    pub async fn touch_asset_session(&self, id: AssetSessionId, now: UnixMillis) -> Result<(), StoreError> {
        let update = asset_session::Entity::update_many().col_expr(asset_session::Column::UsedAt, Expr::value(now));
        update.filter(asset_session::Column::Id.eq(id)).exec(&self.write).await?;
        Ok(())
    }

    /// Keeps what was typed, for the next session of the same browser, asset and requester.
    pub async fn save_draft(&self, id: AssetSessionId, draft: TypedTicket) -> Result<(), StoreError> {
        let draft = Expr::value(Json(draft));
        let update = asset_session::Entity::update_many().col_expr(asset_session::Column::Draft, draft);
        update.filter(asset_session::Column::Id.eq(id)).exec(&self.write).await?;
        Ok(())
    }
}
