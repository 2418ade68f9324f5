//! `/api/v1/folders`: the tree below an organization.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde::{Deserialize, Serialize};

use super::{
    caller::Caller,
    fields::{AttachPolicy, Fields, Wish},
    lists::{Asked, ListAnswer, OrganizationList},
};
use crate::{
    app::{App, SharedApp},
    domain::{
        contact,
        ids::{FolderId, OrganizationId, PolicyId},
        policy::MAX_TREE_DEPTH,
    },
    json_body::JsonBody,
    problems::Refused,
    store::Folder,
};

#[derive(Serialize)]
pub(super) struct FolderJson {
    id: FolderId,
    organization_id: OrganizationId,
    parent_id: Option<FolderId>,
    name: String,
    policy_id: Option<PolicyId>,
}

impl From<Folder> for FolderJson {
    fn from(row: Folder) -> Self {
        Self {
            id: row.id,
            organization_id: row.organization_id,
            parent_id: row.parent_id,
            name: row.name,
            policy_id: row.policy_id,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NewFolder {
    organization_id: OrganizationId,
    parent_id: Option<FolderId>,
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FolderChange {
    name: Option<String>,
    #[serde(default)]
    parent_id: Wish<FolderId>,
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    _: Caller,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<FolderJson>>, Refused> {
    Ok(ListAnswer::new(app.store.folders(list.organization_id, list.page()?).await?, FolderJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    _: Caller,
    JsonBody(new): JsonBody<NewFolder>,
) -> Result<(StatusCode, Json<FolderJson>), Refused> {
    let mut fields = Fields::default();
    let row = Folder {
        id: FolderId(app.new_id()),
        organization_id: new.organization_id,
        parent_id: new.parent_id,
        name: fields.check("/name", &new.name, contact::name),
        policy_id: None,
    };
    fields.done()?;
    check_place(&app, &row).await?;
    app.store.insert_folder(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok((StatusCode::CREATED, Json(row.into())))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<FolderId>,
) -> Result<Json<FolderJson>, Refused> {
    Ok(Json(folder(&app, id).await?.into()))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<FolderId>,
    JsonBody(change): JsonBody<FolderChange>,
) -> Result<Json<FolderJson>, Refused> {
    let mut row = folder(&app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.done()?;
    match change.parent_id {
        Wish::Keep => {}
        Wish::Clear => row.parent_id = None,
        Wish::Set(parent) => {
            row.parent_id = Some(parent);
            check_place(&app, &row).await?;
        }
    }
    save(&app, row).await
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    _: Caller,
    Path(id): Path<FolderId>,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Json<FolderJson>, Refused> {
    let policy_id = attach.checked(&app).await?;
    let row = folder(&app, id).await?;
    save(&app, Folder { policy_id, ..row }).await
}

async fn folder(app: &App, id: FolderId) -> Result<Folder, Refused> {
    app.store.folder(id).await?.ok_or_else(|| Refused::not_found("folder"))
}

async fn save(app: &App, row: Folder) -> Result<Json<FolderJson>, Refused> {
    app.store.save_folder(row.clone()).await?;
    app.fleet.reload_tree(&app.store).await?;
    Ok(Json(row.into()))
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
