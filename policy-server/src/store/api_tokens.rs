//! API tokens.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::{ApiToken, Store, StoreError, insert, row::api_token};

impl Store {
    /// The token with this hash, unless it was revoked.
    pub async fn api_token(&self, token_hash: &str) -> Result<Option<ApiToken>, StoreError> {
        let select = api_token::Entity::find().filter(api_token::Column::TokenHash.eq(token_hash));
        Ok(select.filter(api_token::Column::RevokedAt.is_null()).one(&self.read).await?)
    }

    /// Makes an API token.
    pub async fn insert_api_token(&self, token: ApiToken) -> Result<(), StoreError> {
        insert(&self.write, token).await
    }
}
