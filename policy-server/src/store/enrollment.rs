//! Enrollment tokens, and computers that become assets through them.

use std::collections::HashMap;

use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseConnection, EntityTrait, ExprTrait, QueryFilter, sea_query::Expr};

use super::{
    Asset, AssetEvent, AuditRecord, EnrollmentToken, Outbox, Page, PageRequest, Store, StoreError, begin, insert,
    insert_all, only,
    outbox::insert_outbox,
    row::enrollment_token::{self, Column},
};
use crate::domain::ids::{EnrollmentTokenId, OrganizationId};

impl Store {
    /// The enrollment token with this hash, whatever its state.
    pub async fn enrollment_token_by_hash(&self, token_hash: &str) -> Result<Option<EnrollmentToken>, StoreError> {
        let found = enrollment_token::Entity::find().filter(Column::TokenHash.eq(token_hash)).all(&self.read).await?;
        Ok(only(found))
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
        self.enrollments.write(NewAsset { token, asset, events, outbox }).await
    }
}

/// A computer that becomes an asset.
#[derive(Clone)]
pub(super) struct NewAsset {
    token: EnrollmentTokenId,
    asset: Asset,
    events: Vec<AssetEvent>,
    outbox: Outbox,
}

/// Makes assets in one transaction, as far as their tokens go, and tells for each whether it was made.
pub(super) async fn enroll_together(db: DatabaseConnection, new: Vec<NewAsset>) -> Result<Vec<bool>, StoreError> {
    let transaction = begin(&db).await?;
    let mut wanted = HashMap::<_, i64>::new();
    for one in &new {
        *wanted.entry(one.token).or_default() += 1;
    }
    let mut left = HashMap::new();
    for (token, wanted) in wanted {
        left.insert(token, count_uses(&transaction, token, wanted).await?);
    }
    let (mut made, mut assets, mut events, mut outbox) = (Vec::new(), Vec::new(), Vec::new(), Outbox::default());
    for one in new {
        let uses = left.entry(one.token).or_default();
        made.push(*uses > 0);
        if *uses > 0 {
            *uses -= 1;
            assets.push(one.asset);
            events.extend(one.events);
            outbox.extend([one.outbox]);
        }
    }
    insert_all(&transaction, assets).await?;
    insert_all(&transaction, events).await?;
    insert_outbox(&transaction, outbox).await?;
    transaction.commit().await?;
    Ok(made)
}

/// Counts as many of `wanted` uses as a token has left, and tells how many those are.
async fn count_uses(db: &impl ConnectionTrait, token: EnrollmentTokenId, wanted: i64) -> Result<i64, StoreError> {
    for uses in (1..=wanted).rev() {
        let counted = enrollment_token::Entity::update_many()
            .col_expr(Column::UsesLeft, Expr::col(Column::UsesLeft).sub(uses))
            .filter(Column::Id.eq(token))
            .filter(Column::RevokedAt.is_null())
            .filter(Column::UsesLeft.is_null().or(Column::UsesLeft.gte(uses)))
            .exec(db)
            .await?;
        if counted.rows_affected == 1 {
            return Ok(uses);
        }
    }
    Ok(0)
}
