//! Policies as a file (POL-08): all of them out, all or none of them in, and what would change beforehand. A file names
//! policies, not ids, so that it can go to another server; where they are attached stays with the tree.

use deskbell_protocol::Fault;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{
    policies::{WrittenPolicy, all_faults, icon_faults, saved_version},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        ids::PolicyId,
        policy::PolicyDocument,
        policy_changes::{PolicyChange, policy_changes},
    },
    problems::Refused,
    store::{Json as Stored, Policy},
};

/// The file.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PolicyFile {
    /// By name.
    pub policies: Vec<WrittenPolicy>,
}

/// What an import changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PolicyPlan {
    /// How many agents get another answer.
    pub changed_assets: usize,
    /// One for each policy of the file.
    pub policies: Vec<PlannedPolicy>,
}

/// What happens to a policy.
#[derive(Debug, Serialize, JsonSchema)]
pub struct PlannedPolicy {
    /// Its name.
    pub name: String,
    /// What happens.
    pub action: PlannedAction,
    /// What differs from what is there.
    pub changes: Vec<PolicyChange>,
    #[serde(skip)]
    next: Policy,
}

/// Policies that a file does not name stay as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum PlannedAction {
    /// There is none of this name.
    Make,
    /// It gets a new version.
    Save,
    /// It says that already.
    Keep,
}

/// Every policy.
pub async fn export(app: &App) -> Result<PolicyFile, Refused> {
    let rows = app.store.all_policies().await?.into_iter();
    let mut policies: Vec<_> = rows
        .map(|row| {
            let PolicyDocument { settings, menu } = row.document.0;
            WrittenPolicy { name: row.name, settings, menu }
        })
        .collect();
    // The databases sort names differently; a file has one order.
    policies.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(PolicyFile { policies })
}

/// What an import would change.
pub async fn plan(app: &App, file: PolicyFile) -> Result<PolicyPlan, Refused> {
    let faults = faults(app, &file).await?;
    if !faults.is_empty() {
        return Err(faults.into());
    }
    let present = app.store.all_policies().await?;
    let policies: Vec<_> = file.policies.into_iter().map(|written| planned(app, &present, written)).collect();
    let saved = policies.iter().filter(|planned| planned.action == PlannedAction::Save);
    let documents = saved.map(|planned| (planned.next.id, planned.next.document.0.clone()));
    Ok(PolicyPlan { changed_assets: app.fleet.would_change(documents), policies })
}

/// Makes and saves what the file says, all of it or nothing.
pub async fn import(app: &App, actor: &Actor, file: PolicyFile) -> Result<PolicyPlan, Refused> {
    let plan = plan(app, file).await?;
    let saves = plan.policies.iter().filter_map(|planned| {
        let action = match planned.action {
            PlannedAction::Make => AuditAction::PolicyMade,
            PlannedAction::Save => AuditAction::PolicySaved,
            PlannedAction::Keep => return None,
        };
        let row = planned.next.clone();
        let record = record(app, actor, action, row.id.0, &json!({"version": row.version, "imported": true}));
        Some((row.clone(), saved_version(app, actor, &row), record))
    });
    app.store.save_policies(saves.collect()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(plan)
}

async fn faults(app: &App, file: &PolicyFile) -> Result<Vec<Fault>, Refused> {
    let mut faults = Vec::new();
    for (index, written) in file.policies.iter().enumerate() {
        let document = PolicyDocument { settings: written.settings.clone(), menu: written.menu.clone() };
        let mut own = all_faults(app, &written.name, &document);
        own.extend(icon_faults(app, &document.settings).await?);
        faults.extend(
            own.into_iter().map(|fault| Fault { pointer: format!("/policies/{index}{}", fault.pointer), ..fault }),
        );
        if file.policies[..index].iter().any(|other| other.name.trim() == written.name.trim()) {
            let pointer = format!("/policies/{index}/name");
            faults.push(Fault { pointer, detail: "is the name of another policy of this file".into() });
        }
    }
    Ok(faults)
}

fn planned(app: &App, present: &[Policy], written: WrittenPolicy) -> PlannedPolicy {
    let name = written.name.trim().to_owned();
    let document = PolicyDocument { settings: written.settings, menu: written.menu };
    let Some(row) = present.iter().find(|row| row.name == name) else {
        let changes = policy_changes((&name, &PolicyDocument::default()), (&name, &document));
        let id = PolicyId(app.new_id());
        let next = Policy { id, name: name.clone(), version: 1, document: Stored(document), created_at: app.now() };
        return PlannedPolicy { name, action: PlannedAction::Make, changes, next };
    };
    let changes = policy_changes((&name, &row.document.0), (&name, &document));
    let action = if row.document.0 == document { PlannedAction::Keep } else { PlannedAction::Save };
    let next = Policy { version: row.version + 1, document: Stored(document), ..row.clone() };
    PlannedPolicy { name, action, changes, next }
}
