//! `/api/v1/audit-records`: who changed what, the newest first, for administrators.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
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

#[derive(Serialize, JsonSchema)]
pub(super) struct AuditRecordJson {
    id: AuditRecordId,
    at: UnixMillis,
    actor_kind: ActorKind,
    actor_id: Option<Uuid>,
    action: AuditAction,
    subject_id: Option<Uuid>,
    /// Ids and settings; never personal data.
    #[schemars(with = "Option<serde_json::Map<String, serde_json::Value>>")]
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

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AuditRecordList {
    /// Only about this thing.
    subject_id: Option<Uuid>,
    /// How many items; absent: 50.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u64>,
    /// The `next_cursor` of the page before.
    cursor: Option<Uuid>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<AuditRecordList>,
) -> Result<Json<ListAnswer<AuditRecordJson>>, Refused> {
    let page = app.store.audit_records(list.subject_id, page_request(list.limit, list.cursor)?).await?;
    Ok(ListAnswer::new(page, AuditRecordJson::from))
}
