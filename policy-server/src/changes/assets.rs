//! Assets and to whom they belong.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{AttachPolicy, Fields, Wish},
    record,
};
use crate::{
    announcements::Audience,
    app::App,
    domain::{
        asset::{AssetEventKind, AssetState, asset_key},
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{AssetEventId, AssetId, AssignmentId, EndUserId, FolderId},
        webhook::WebhookEvent,
    },
    problems::Refused,
    store::{Asset, AssetEvent, Assignment, Outbox},
};

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssetChange {
    /// Its name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// The folder that it hangs in; absent: the organization itself.
    #[serde(default)]
    pub folder_id: Wish<FolderId>,
}

/// To whom an asset is to belong.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAssignment {
    /// An end user of the asset's organization.
    pub end_user_id: EndUserId,
}

/// Changes an asset.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<AssetId>>,
    change: AssetChange,
) -> Result<Asset, Refused> {
    let seen = seen.into();
    save(app, actor, AuditAction::AssetChanged, seen, |row| {
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
            row.search_key = asset_key(&row.name, &row.facts.0);
        }
        match change.folder_id {
            Wish::Keep => {}
            Wish::Clear => row.folder_id = None,
            Wish::Set(folder) => row.folder_id = Some(folder),
        }
        fields.done().map(|()| None)
    })
    .await
}

/// Lets an asset in that waits for approval.
pub async fn approve(app: &App, actor: &Actor, id: AssetId) -> Result<Asset, Refused> {
    let row = asset(app, id).await?;
    if row.state == AssetState::Enrolled {
        return Ok(row);
    }
    save(app, actor, AuditAction::AssetApproved, id.into(), |row| match row.state {
        AssetState::WaitingForApproval | AssetState::Enrolled => {
            row.state = AssetState::Enrolled;
            Ok(Some(AssetEventKind::Approved))
        }
        AssetState::Retired => {
            Err(Refused::new(ProblemKind::Conflict, "A retired asset cannot be approved; enroll it again."))
        }
    })
    .await
}

/// Takes an asset out of use for good.
pub async fn retire(app: &App, actor: &Actor, id: AssetId) -> Result<Asset, Refused> {
    let row = asset(app, id).await?;
    if row.state == AssetState::Retired {
        return Ok(row);
    }
    save(app, actor, AuditAction::AssetRetired, id.into(), |row| {
        row.state = AssetState::Retired;
        Ok(Some(AssetEventKind::Retired))
    })
    .await
}

/// Hangs a policy on an asset alone, or takes it away.
pub async fn attach_policy(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<AssetId>>,
    attach: AttachPolicy,
) -> Result<Asset, Refused> {
    let seen = seen.into();
    let policy_id = attach.checked(app).await?;
    save(app, actor, AuditAction::AssetPolicyAttached, seen, |row| {
        row.policy_id = policy_id;
        Ok(None)
    })
    .await
}

/// Assigns an asset to an end user of its organization. Assigning it again to the same one changes nothing.
pub async fn assign(app: &App, actor: &Actor, id: AssetId, new: NewAssignment) -> Result<Asset, Refused> {
    let row = asset(app, id).await?;
    let end_user = app.store.end_user(new.end_user_id).await?;
    if end_user.is_none_or(|end_user| end_user.organization_id != row.organization_id) {
        return Err(Refused::field("/end_user_id", "names no end user of the asset's organization"));
    }
    let open = app.store.open_assignment(id).await?;
    if open.is_some_and(|open| open.end_user_id == new.end_user_id) {
        return Ok(row);
    }
    let next = Assignment {
        id: AssignmentId(app.new_id()),
        organization_id: row.organization_id,
        asset_id: id,
        end_user_id: new.end_user_id,
        started_at: app.now(),
        ended_at: None,
    };
    let record = record(app, actor, AuditAction::AssetAssigned, id.0, &json!({"end_user_id": new.end_user_id}));
    let event = event(app, id, AssetEventKind::Assigned, new.end_user_id.to_string());
    app.store.reassign(id, Some(next), event, record).await?;
    app.fleet.reload_asset(&app.store, id).await?;
    Ok(row)
}

/// Takes an asset from its end user; with none, nothing changes.
pub async fn unassign(app: &App, actor: &Actor, id: AssetId) -> Result<Asset, Refused> {
    let row = asset(app, id).await?;
    if let Some(open) = app.store.open_assignment(id).await? {
        let detail = json!({"end_user_id": open.end_user_id});
        let record = record(app, actor, AuditAction::AssetUnassigned, id.0, &detail);
        let event = event(app, id, AssetEventKind::Unassigned, open.end_user_id.to_string());
        app.store.reassign(id, None, event, record).await?;
        app.fleet.reload_asset(&app.store, id).await?;
    }
    Ok(row)
}

/// The asset with this id.
pub async fn asset(app: &App, id: AssetId) -> Result<Asset, Refused> {
    app.store.asset(id).await?.ok_or_else(|| Refused::not_found("asset"))
}

/// Makes a change, which says what line of the timeline it is worth.
async fn save(
    app: &App,
    actor: &Actor,
    action: AuditAction,
    Seen { id, expected }: Seen<AssetId>,
    change: impl FnOnce(&mut Asset) -> Result<Option<AssetEventKind>, Refused> + Send,
) -> Result<Asset, Refused> {
    let audience = Audience::load(app).await?;
    let saved = app.store.change_asset(id, |row| {
        expected.check(row)?;
        let kind = change(row)?;
        let outbox = match kind {
            Some(AssetEventKind::Retired) => audience.asset(app, WebhookEvent::AssetRetired, row),
            _ => Outbox::default(),
        };
        let event = kind.map(|kind| event(app, id, kind, String::new()));
        let detail = json!({"folder_id": row.folder_id, "policy_id": row.policy_id, "state": row.state});
        Ok::<_, Refused>((event, outbox, record(app, actor, action, id.0, &detail)))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("asset"))?;
    app.wake_outbox();
    app.fleet.reload_asset(&app.store, row.id).await?;
    Ok(row)
}

fn event(app: &App, asset_id: AssetId, kind: AssetEventKind, detail: String) -> AssetEvent {
    AssetEvent { id: AssetEventId(app.new_id()), asset_id, kind, detail, at: app.now() }
}
