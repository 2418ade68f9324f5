//! API tokens.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, sea_query::Expr};

use super::{ApiToken, AuditRecord, Store, StoreError, insert, only, row::api_token};
use crate::domain::ids::ApiTokenId;

impl Store {
    /// The token with this hash, unless it was revoked.
    pub async fn api_token(&self, token_hash: &str) -> Result<Option<ApiToken>, StoreError> {
        let select = api_token::Entity::find().filter(api_token::Column::TokenHash.eq(token_hash));
        Ok(only(select.filter(api_token::Column::RevokedAt.is_null()).all(&self.read).await?))
    }

    /// Every API token, the oldest first.
    pub async fn api_tokens(&self) -> Result<Vec<ApiToken>, StoreError> {
        Ok(api_token::Entity::find().order_by_asc(api_token::Column::Id).all(&self.read).await?)
    }

    /// Revokes an API token; one that was revoked stays as it is.
    pub async fn revoke_api_token(&self, id: ApiTokenId, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let revoked = api_token::Entity::update_many()
            .col_expr(api_token::Column::RevokedAt, Expr::value(record.at))
            .filter(api_token::Column::Id.eq(id))
            .filter(api_token::Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
        if revoked.rows_affected == 1 {
            insert(&transaction, record).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Makes an API token.
    pub async fn insert_api_token(&self, token: ApiToken, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(token, record).await
    }
}
