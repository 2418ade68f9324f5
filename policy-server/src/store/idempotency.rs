//! Requests that may be sent again: reserved before they are carried out, answered after.

use deskbell_protocol::UnixMillis;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _},
};
use uuid::Uuid;

use super::{
    IdempotentRequest, Store, StoreError, insert,
    row::{
        audit_record,
        idempotent_request::{Column, Entity},
    },
};
use crate::domain::{
    delivery::millis,
    idempotency::{KNOWN_FOR, Known, Verdict},
    ids::IdempotentRequestId,
};

/// The body of an answer that was forgotten, or is to be; no JSON.
const FORGOTTEN: &str = "forgotten";

/// What came of the wish to carry out a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reservation {
    /// It is to be carried out, and what it changes has to name it.
    Begun(IdempotentRequestId),
    /// It is being carried out, since then.
    Running(UnixMillis),
    /// It was carried out, and did something to this.
    Over(Box<IdempotentRequest>, Option<Uuid>),
    /// The key came with another request.
    AnotherRequest,
}

/// What a request was answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// The status.
    pub status: u16,
    /// The `ETag`, if there was one.
    pub etag: Option<String>,
    /// The body; absent where it may not be kept.
    pub body: Option<String>,
}

impl Store {
    /// Reserves a request under its key, unless that was done before. Keys that are too old are forgotten.
    pub async fn reserve(&self, request: IdempotentRequest) -> Result<Reservation, StoreError> {
        match self.try_to_reserve(request.clone()).await {
            // Another server was first.
            Err(StoreError::Taken) => self.try_to_reserve(request).await,
            reserved => reserved,
        }
    }

    async fn try_to_reserve(&self, request: IdempotentRequest) -> Result<Reservation, StoreError> {
        let (id, now) = (request.id, request.begun_at);
        let transaction = self.begin().await?;
        let old = Column::BegunAt.lt(now.saturating_sub(millis(KNOWN_FOR)));
        Entity::delete_many().filter(old).exec(&transaction).await?;
        // Whoever changes something for it holds its row, on PostgreSQL too: what they did is seen below.
        let known = Entity::find()
            .filter(Column::ApiTokenId.eq(request.api_token_id))
            .filter(Column::KeyHash.eq(&request.key_hash))
            .lock_exclusive()
            .one(&transaction)
            .await?;
        let reservation = match known {
            None => {
                insert(&transaction, request).await?;
                Reservation::Begun(id)
            }
            Some(row) => {
                let (has_changed, subject) = changed(&transaction, row.id).await?;
                let is_same = row.request_hash == request.request_hash;
                let has_ended = row.ended_at.is_some();
                match (Known { is_same, begun_at: row.begun_at, has_ended, has_changed }).verdict(now) {
                    Verdict::Refuse => Reservation::AnotherRequest,
                    Verdict::Wait => Reservation::Running(row.begun_at),
                    Verdict::AnswerAgain => {
                        let body = row.body.filter(|body| body != FORGOTTEN);
                        Reservation::Over(Box::new(IdempotentRequest { body, ..row }), subject)
                    }
                    Verdict::BeginAnew => {
                        // Under another id, so that what the one before still does is refused.
                        let anew = Entity::update_many()
                            .col_expr(Column::Id, Expr::value(id))
                            .col_expr(Column::BegunAt, Expr::value(now));
                        anew.filter(Column::Id.eq(row.id)).exec(&transaction).await?;
                        Reservation::Begun(id)
                    }
                }
            }
        };
        transaction.commit().await?;
        Ok(reservation)
    }

    /// Keeps what a request was answered with, unless somebody was erased meanwhile.
    pub async fn keep_answer(
        &self,
        id: IdempotentRequestId,
        answer: KeptAnswer,
        now: UnixMillis,
    ) -> Result<(), StoreError> {
        Entity::update_many()
            .col_expr(Column::EndedAt, Expr::value(now))
            .col_expr(Column::Status, Expr::value(i64::from(answer.status)))
            .col_expr(Column::Etag, unless_forgotten(answer.etag))
            .col_expr(Column::Body, unless_forgotten(answer.body).if_null(Expr::col(Column::Body)))
            .filter(Column::Id.eq(id))
            .exec(&self.write)
            .await?;
        Ok(())
    }

    /// Forgets a request that was refused, so that it can be sent better under the same key. One that changed something all
    /// the same is over.
    pub async fn release(&self, id: IdempotentRequestId, now: UnixMillis) -> Result<(), StoreError> {
        let transaction = self.begin().await?;
        if changed(&transaction, id).await?.0 {
            let over = Entity::update_many().col_expr(Column::EndedAt, Expr::value(now));
            over.filter(Column::Id.eq(id)).exec(&transaction).await?;
        } else {
            Entity::delete_by_id(id).exec(&transaction).await?;
        }
        Ok(transaction.commit().await?)
    }
}

/// Forgets every answer that is kept, and those to come of requests that are under way: what they say of people is not told
/// apart, and they are kept for a day at most.
pub(super) async fn forget_answers(db: &impl ConnectionTrait) -> Result<(), StoreError> {
    Entity::update_many()
        .col_expr(Column::Etag, Expr::value(Option::<String>::None))
        .col_expr(Column::Body, Expr::value(FORGOTTEN))
        .exec(db)
        .await?;
    Ok(())
}

fn unless_forgotten(kept: Option<String>) -> Expr {
    Expr::case(Column::Body.is_null(), Expr::value(kept)).finally(Expr::value(Option::<String>::None)).into()
}

/// Whether a request has changed something, and what.
async fn changed(db: &impl ConnectionTrait, id: IdempotentRequestId) -> Result<(bool, Option<Uuid>), StoreError> {
    let select = audit_record::Entity::find().filter(audit_record::Column::RequestId.eq(id));
    let first = select.order_by_asc(audit_record::Column::Id).limit(1).one(db).await?;
    Ok((first.is_some(), first.and_then(|record| record.subject_id)))
}
