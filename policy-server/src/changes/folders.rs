//! Folders: the tree below an organization.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{AttachPolicy, Fields, Wish},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{FolderId, OrganizationId},
        policy::MAX_TREE_DEPTH,
    },
    problems::Refused,
    store::Folder,
};

/// A new folder.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewFolder {
    /// Whose.
    pub organization_id: OrganizationId,
    /// The folder that it hangs below; absent: the organization itself.
    pub parent_id: Option<FolderId>,
    /// Its name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FolderChange {
    /// Its name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// The folder that it hangs below.
    #[serde(default)]
    pub parent_id: Wish<FolderId>,
}

/// Makes a folder.
pub async fn make(app: &App, actor: &Actor, new: NewFolder) -> Result<Folder, Refused> {
    let mut fields = Fields::default();
    let row = Folder {
        id: FolderId(app.new_id()),
        organization_id: new.organization_id,
        parent_id: new.parent_id,
        name: fields.check("/name", &new.name, contact::name),
        policy_id: None,
    };
    fields.done()?;
    check_place(app, &row).await?;
    let record = record(app, actor, AuditAction::FolderMade, row.id.0, &json!({"parent_id": row.parent_id}));
    app.store.insert_folder(row.clone(), record).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(row)
}

/// Changes a folder, or moves it with everything that hangs below it.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<FolderId>>,
    change: FolderChange,
) -> Result<Folder, Refused> {
    let seen = seen.into();
    if let Wish::Set(parent) = change.parent_id {
        let row = folder(app, seen.id).await?;
        check_place(app, &Folder { parent_id: Some(parent), ..row }).await?;
    }
    save(app, actor, AuditAction::FolderChanged, seen, |row| {
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
        }
        match change.parent_id {
            Wish::Keep => {}
            Wish::Clear => row.parent_id = None,
            Wish::Set(parent) => row.parent_id = Some(parent),
        }
        fields.done()
    })
    .await
}

/// Hangs a policy on a folder, or takes it away.
pub async fn attach_policy(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<FolderId>>,
    attach: AttachPolicy,
) -> Result<Folder, Refused> {
    let seen = seen.into();
    let policy_id = attach.checked(app).await?;
    save(app, actor, AuditAction::FolderPolicyAttached, seen, |row| {
        row.policy_id = policy_id;
        Ok(())
    })
    .await
}

/// The folder with this id.
pub async fn folder(app: &App, id: FolderId) -> Result<Folder, Refused> {
    app.store.folder(id).await?.ok_or_else(|| Refused::not_found("folder"))
}

async fn save(
    app: &App,
    actor: &Actor,
    action: AuditAction,
    Seen { id, expected }: Seen<FolderId>,
    change: impl FnOnce(&mut Folder) -> Result<(), Refused> + Send,
) -> Result<Folder, Refused> {
    let saved = app.store.change_folder(id, |row| {
        expected.check(row)?;
        change(row)?;
        let detail = json!({"parent_id": row.parent_id, "policy_id": row.policy_id});
        Ok::<_, Refused>(record(app, actor, action, id.0, &detail))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("folder"))?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(row)
}

/// A folder hangs below folders of its own organization, never below itself, and at most [`MAX_TREE_DEPTH`] deep with
/// everything that hangs below it.
async fn check_place(app: &App, row: &Folder) -> Result<(), Refused> {
    let folders = app.store.folders_of(row.organization_id).await?;
    let parent_of = |id: FolderId| {
        if id == row.id {
            Some(row.parent_id)
        } else {
            folders.iter().find(|folder| folder.id == id).map(|folder| folder.parent_id)
        }
    };
    for start in folders.iter().map(|folder| folder.id).chain([row.id]) {
        let (mut here, mut depth) = (Some(start), 0);
        while let Some(id) = here {
            depth += 1;
            if depth > MAX_TREE_DEPTH {
                return Err(Refused::field(
                    "/parent_id",
                    format!("would nest folders more than {MAX_TREE_DEPTH} deep, or in a circle"),
                ));
            }
            here = parent_of(id).ok_or_else(|| Refused::field("/parent_id", "names no folder of this organization"))?;
        }
    }
    Ok(())
}
