//! Erasing a person (invariant 20: the audit log stays, since it holds ids alone).

use serde_json::json;

use super::record;
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::EndUserId,
    },
    problems::Refused,
    store::EndUser,
};

/// Replaces what is kept of a person, for good. What they asked for stays, without them.
pub async fn erase(app: &App, actor: &Actor, id: EndUserId) -> Result<EndUser, Refused> {
    let record = record(app, actor, AuditAction::EndUserErased, id.0, &json!({}));
    if !app.store.erase_person(id, app.now(), record).await? {
        return Err(Refused::not_found("end user"));
    }
    app.catch_up().await;
    super::end_users::end_user(app, id).await
}
