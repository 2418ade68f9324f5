//! Enrollment tokens, and computers that become assets through them.

use sea_orm::{ColumnTrait, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::{
    Asset, AssetEvent, AuditRecord, EnrollmentToken, Outbox, Page, PageRequest, Store, StoreError, insert,
    outbox::insert_outbox,
    row::enrollment_token::{self, Column},
};
use crate::domain::ids::{EnrollmentTokenId, OrganizationId};

impl Store {
    /// The enrollment token with this hash, whatever its state.
    pub async fn enrollment_token_by_hash(&self, token_hash: &str) -> Result<Option<EnrollmentToken>, StoreError> {
        Ok(enrollment_token::Entity::find().filter(Column::TokenHash.eq(token_hash)).one(&self.read).await?)
    }

    /// An enrollment token.
    pub async fn enrollment_token(&self, id: EnrollmentTokenId) -> Result<Option<EnrollmentToken>, StoreError> {
        Ok(enrollment_token::Entity::find_by_id(id).one(&self.read).await?)
    }

    /// Part of the list of enrollment tokens.
    pub async fn enrollment_tokens(
        &self,
        organization: Option<OrganizationId>,
        page: PageRequest,
    ) -> Result<Page<EnrollmentToken>, StoreError> {
        let mut select = enrollment_token::Entity::find();
        if let Some(organization) = organization {
            select = select.filter(Column::OrganizationId.eq(organization));
        }
        self.page(select, Column::Id, page, |row| row.id.0).await
    }

    /// Makes an enrollment token.
    pub async fn insert_enrollment_token(&self, token: EnrollmentToken, record: AuditRecord) -> Result<(), StoreError> {
        self.insert_recorded(token, record).await
    }

    /// Revokes an enrollment token; one that was revoked stays as it is.
    pub async fn revoke_enrollment_token(&self, id: EnrollmentTokenId, record: AuditRecord) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        let revoked = enrollment_token::Entity::update_many()
            .col_expr(Column::RevokedAt, Expr::value(record.at))
            .filter(Column::Id.eq(id))
            .filter(Column::RevokedAt.is_null())
            .exec(&transaction)
            .await?;
        if revoked.rows_affected == 1 {
            insert(&transaction, record).await?;
        }
        Ok(transaction.commit().await?)
    }

    /// Makes an asset and counts one use of its token, or neither: `false` when the token ran out or was revoked in
    /// between.
    pub async fn enroll(
        &self,
        token: EnrollmentTokenId,
        asset: Asset,
        events: Vec<AssetEvent>,
        outbox: Outbox,
    ) -> Result<bool, StoreError> {
        let transaction = self.begin().await?;
        let counted = enrollment_token::Entity::update_many()
            .col_expr(Column::UsesLeft, Expr::col(Column::UsesLeft).sub(1))
            .filter(Column::Id.eq(token))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UsesLeft.is_null().or(Column::UsesLeft.gt(0)))
            .exec(&transaction)
            .await?;
        if counted.rows_affected != 1 {
            return Ok(false);
        }
        insert(&transaction, asset).await?;
        for event in events {
            insert(&transaction, event).await?;
        }
        insert_outbox(&transaction, outbox).await?;
        transaction.commit().await?;
        Ok(true)
    }
}
