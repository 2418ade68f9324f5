//! `/api/v1/folders`: the tree below an organization.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, OrganizationList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::{
        fields::AttachPolicy,
        folders::{self, FolderChange, NewFolder},
    },
    domain::ids::{FolderId, OrganizationId, PolicyId},
    json_body::JsonBody,
    problems::Refused,
    store::Folder,
};

#[derive(Serialize, JsonSchema)]
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

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<OrganizationList>,
) -> Result<Json<ListAnswer<FolderJson>>, Refused> {
    Ok(ListAnswer::new(app.store.folders(list.organization_id, list.page()?).await?, FolderJson::from))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewFolder>,
) -> Result<Made<Tagged<FolderJson>>, Refused> {
    let row = folders::make(&app, &actor, new).await?;
    Ok(Made(Tagged::of(row)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<FolderId>,
) -> Result<Tagged<FolderJson>, Refused> {
    Ok(Tagged::of(folders::folder(&app, id).await?))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<FolderId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<FolderChange>,
) -> Result<Tagged<FolderJson>, Refused> {
    Ok(Tagged::of(folders::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn attach_policy(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<FolderId>,
    IfMatch(expected): IfMatch,
    JsonBody(attach): JsonBody<AttachPolicy>,
) -> Result<Tagged<FolderJson>, Refused> {
    Ok(Tagged::of(folders::attach_policy(&app, &actor, expected.of(id), attach).await?))
}
