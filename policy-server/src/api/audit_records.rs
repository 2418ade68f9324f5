//! `/api/v1/audit-records`: who changed what, the newest first, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::lists::{Asked, ListAnswer, page_request};
use crate::{
    app::SharedApp,
    domain::{
        audit::{ActorKind, AuditAction},
        ids::AuditRecordId,
    },
    problems::Refused,
    store::AuditRecord,
};

#[derive(Serialize)]
pub(super) struct AuditRecordJson {
    id: AuditRecordId,
    at: UnixMillis,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    action: AuditAction,
    subject_id: Option<Uuid>,
    detail: Option<Box<RawValue>>,
}

impl From<AuditRecord> for AuditRecordJson {
    fn from(row: AuditRecord) -> Self {
        Self {
            id: row.id,
            at: row.at,
            actor_kind: row.actor_kind,
            actor_id: row.actor_id,
            action: row.action,
            subject_id: row.subject_id,
            detail: RawValue::from_string(row.detail).ok(),
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditRecordList {
    subject_id: Option<Uuid>,
    limit: Option<u64>,
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<AuditRecordList>,
) -> Result<Json<ListAnswer<AuditRecordJson>>, Refused> {
    let page = app.store.audit_records(list.subject_id, page_request(list.limit, list.cursor)?).await?;
    Ok(ListAnswer::new(page, AuditRecordJson::from))
}
