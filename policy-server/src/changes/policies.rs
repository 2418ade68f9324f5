//! Policies: what the trays show.

use deskbell_protocol::Fault;
use serde::Deserialize;
use serde_json::json;

use super::{fields::Fields, record};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::PolicyId,
        policy::{MenuPart, PolicyDocument, Settings, faults},
        setting::Switch,
    },
    problems::Refused,
    store::{Json as Stored, Policy, PolicyVersion},
};

/// A policy as it is to be.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WrittenPolicy {
    /// Its name, which no other has.
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
    app.store.insert_policy(row.clone(), version(app, actor, &row), record).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(row)
}

/// Saves a policy as its next version and brings it to every agent below it.
pub async fn save(app: &App, actor: &Actor, id: PolicyId, written: WrittenPolicy) -> Result<Policy, Refused> {
    let before = policy(app, id).await?;
    let (name, document) = checked(app, written).await?;
    let row = Policy { name, version: before.version + 1, document: Stored(document), ..before };
    let record = record(app, actor, AuditAction::PolicySaved, row.id.0, &json!({"version": row.version}));
    app.store.save_policy(row.clone(), version(app, actor, &row), record).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(row)
}

/// The policy with this id.
pub async fn policy(app: &App, id: PolicyId) -> Result<Policy, Refused> {
    app.store.policy(id).await?.ok_or_else(|| Refused::not_found("policy"))
}

/// Name and content of a policy that can be saved (POL-07).
pub async fn checked(app: &App, written: WrittenPolicy) -> Result<(String, PolicyDocument), Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &written.name, contact::name);
    fields.done()?;
    let document = PolicyDocument { settings: written.settings, menu: written.menu };
    let mut faults = faults(&document, std::slice::from_ref(&app.origin));
    faults.extend(icon_faults(app, &document.settings).await?);
    if faults.is_empty() { Ok((name, document)) } else { Err(faults.into()) }
}

async fn icon_faults(app: &App, settings: &Settings) -> Result<Vec<Fault>, Refused> {
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

fn version(app: &App, actor: &Actor, row: &Policy) -> PolicyVersion {
    PolicyVersion {
        policy_id: row.id,
        version: row.version,
        name: row.name.clone(),
        document: row.document.clone(),
        saved_at: app.now(),
        saved_by: actor.name().to_owned(),
    }
}
