//! Policies: what the trays show.

use deskbell_protocol::Fault;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{
    expected::{Expected, Seen},
    record,
    removal::NotRemoved,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::PolicyId,
        policy::{MenuPart, PolicyDocument, Settings, faults},
        policy_changes::{PolicyChange, policy_changes},
        setting::Switch,
    },
    problems::Refused,
    store::{Json as Stored, Policy, PolicyVersion, StoreError},
};

/// A policy as it is to be.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{
    "name": "Standard",
    "settings": {"hide_tray": false},
    "menu": {
        "mode": "replace",
        "entries": [
            {"id": "help", "type": "portal", "label": {"text": "Get help", "translations": {"de": "Hilfe"}}},
            {"id": "status", "type": "link", "label": {"text": "Status"}, "url": "https://status.msp.example/?pc={{asset}}"},
        ],
    },
}]))]
#[serde(deny_unknown_fields)]
pub struct WrittenPolicy {
    /// Its name, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Its settings.
    #[serde(default)]
    pub settings: Settings,
    /// Its menu.
    #[serde(default)]
    pub menu: MenuPart,
}

/// Makes a policy, attached to nothing.
pub async fn make(app: &App, actor: &Actor, written: WrittenPolicy) -> Result<Policy, Refused> {
    let (name, document) = checked(app, written).await?;
    let row =
        Policy { id: PolicyId(app.new_id()), name, version: 1, document: Stored(document), created_at: app.now() };
    let record = record(app, actor, AuditAction::PolicyMade, row.id.0, &json!({"version": 1}));
    app.store.insert_policy(row.clone(), saved_version(app, actor, &row), record).await?;
    app.catch_up().await;
    Ok(row)
}

/// Saves a policy as its next version and brings it to every agent below it. With `expected`, only when that is still its
/// version: nobody's save is overwritten unseen.
pub async fn save(
    app: &App,
    actor: &Actor,
    id: PolicyId,
    expected: impl Into<Expected>,
    written: WrittenPolicy,
) -> Result<Policy, Refused> {
    let before = policy(app, id).await?;
    let expected = expected.into();
    expected.check(&before)?;
    let (name, document) = checked(app, written).await?;
    let row = Policy { name, version: before.version + 1, document: Stored(document), ..before };
    match put(app, actor, row, &json!({"version": before.version + 1})).await {
        Ok(row) => Ok(row),
        Err(refused) => {
            // Perhaps somebody was faster.
            expected.check(&policy(app, id).await?)?;
            Err(refused)
        }
    }
}

/// Makes an earlier version the next one.
pub async fn restore(app: &App, actor: &Actor, id: PolicyId, version: i64) -> Result<Policy, Refused> {
    let before = policy(app, id).await?;
    let earlier = self::version(app, id, version).await?;
    let PolicyDocument { settings, menu } = earlier.document.0;
    let (name, document) = checked(app, WrittenPolicy { name: earlier.name, settings, menu }).await?;
    let row = Policy { name, version: before.version + 1, document: Stored(document), ..before };
    put(app, actor, row, &json!({"version": before.version + 1, "restored": version})).await
}

async fn put(app: &App, actor: &Actor, row: Policy, detail: &Value) -> Result<Policy, Refused> {
    let record = record(app, actor, AuditAction::PolicySaved, row.id.0, detail);
    app.store.save_policy(row.clone(), saved_version(app, actor, &row), record).await?;
    app.catch_up().await;
    Ok(row)
}

/// One save of a policy.
pub async fn version(app: &App, id: PolicyId, version: i64) -> Result<PolicyVersion, Refused> {
    let found = app.store.policy_version(id, version).await?;
    found.ok_or_else(|| Refused::not_found("version of this policy"))
}

/// What differs between two saves of a policy.
pub async fn compare(app: &App, id: PolicyId, from: i64, to: i64) -> Result<Vec<PolicyChange>, Refused> {
    let (before, after) = (version(app, id, from).await?, version(app, id, to).await?);
    Ok(policy_changes((&before.name, &before.document.0), (&after.name, &after.document.0)))
}

/// Removes a policy that is attached nowhere.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<PolicyId>>) -> Result<Policy, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_policy(id, |row| {
        expected.check(row)?;
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::PolicyRemoved, id.0, &json!({"name": row.name})))
    });
    let needed = "This policy is attached to the MSP, organizations, folders or assets, perhaps retired ones. Take it off first.";
    let row = removed.await.map_err(|error| error.because(needed))?;
    let row = row.ok_or_else(|| Refused::not_found("policy"))?;
    app.catch_up().await;
    Ok(row)
}

/// The policy with this id.
pub async fn policy(app: &App, id: PolicyId) -> Result<Policy, Refused> {
    app.store.policy(id).await?.ok_or_else(|| Refused::not_found("policy"))
}

/// Name and content of a policy that can be saved (POL-07).
pub async fn checked(app: &App, written: WrittenPolicy) -> Result<(String, PolicyDocument), Refused> {
    let document = PolicyDocument { settings: written.settings, menu: written.menu };
    let mut faults = all_faults(app, &written.name, &document);
    faults.extend(icon_faults(app, &document.settings).await?);
    if faults.is_empty() { Ok((written.name.trim().to_owned(), document)) } else { Err(faults.into()) }
}

/// Everything that keeps a policy from being saved, its name included; but for icons, see [`icon_faults`].
pub fn all_faults(app: &App, name: &str, document: &PolicyDocument) -> Vec<Fault> {
    let name = contact::name(name).err().map(|detail| Fault { pointer: "/name".into(), detail });
    name.into_iter().chain(faults(document, &app.looks.origins())).collect()
}

/// The icons of a policy that nobody has uploaded.
pub async fn icon_faults(app: &App, settings: &Settings) -> Result<Vec<Fault>, StoreError> {
    let mut faults = Vec::new();
    if let Some(Switch::On(icons)) = &settings.icons {
        for (name, hash) in std::iter::once(("light", &icons.light)).chain(icons.dark.iter().map(|hash| ("dark", hash)))
        {
            if !app.store.has_icon(hash).await? {
                let detail = "names no icon; upload it to /api/v1/icons first".into();
                faults.push(Fault { pointer: format!("/settings/icons/{name}"), detail });
            }
        }
    }
    Ok(faults)
}

/// A policy's row as one of its versions.
pub(super) fn saved_version(app: &App, actor: &Actor, row: &Policy) -> PolicyVersion {
    PolicyVersion {
        policy_id: row.id,
        version: row.version,
        name: row.name.clone(),
        document: row.document.clone(),
        saved_at: app.now(),
        saved_by: actor.name().to_owned(),
    }
}
