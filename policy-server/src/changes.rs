//! What staff and programs change: checked field by field, stored with a record of who did it, and brought to the agents.
//! The API and the console both come through here, so one can do what the other can.

pub mod api_tokens;
pub mod articles;
pub mod assets;
pub mod billing_documents;
pub mod end_users;
pub mod enrollment_tokens;
pub mod events;
pub mod expected;
pub mod fields;
pub mod folders;
pub mod imports;
pub mod mail_templates;
pub mod mails;
pub mod organization_links;
pub mod organizations;
pub mod os_logins;
pub mod personal_data;
pub mod policies;
pub mod policy_files;
pub mod portal_groups;
pub mod portal_invitations;
pub mod portal_user_batch;
pub mod portal_user_steps;
pub mod portal_users;
pub mod portals;
pub mod provider;
mod removal;
pub mod sites;
pub mod staff;
pub mod take_over;
pub mod ticket_answers;
pub mod ticket_systems;
pub mod tickets;
pub mod webhooks;

use serde_json::Value;
use uuid::Uuid;

use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::AuditRecordId,
    },
    store::AuditRecord,
};

/// A record that `actor` did `action` to `subject` now. `detail` tells ids and settings, never personal data.
pub(crate) fn record(
    app: &App,
    actor: &Actor,
    action: AuditAction,
    subject: impl Into<Option<Uuid>>,
    detail: &Value,
) -> AuditRecord {
    AuditRecord {
        id: AuditRecordId(app.new_id()),
        at: app.now(),
        actor_kind: actor.kind(),
        actor_id: actor.id(),
        action,
        subject_id: subject.into(),
        detail: detail.to_string(),
        request_id: actor.request(),
    }
}
