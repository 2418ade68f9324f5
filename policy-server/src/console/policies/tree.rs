//! `/console/tree/…`: what hangs below an organization or a folder, and which policy is attached to it.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use serde::Deserialize;
use uuid::Uuid;

use super::{
    super::{
        forms::{FormErrors, Outcome, Sent, see},
        guard::SignedIn,
        layout::{self, Done, Layout, Section},
    },
    attach_form::{AttachForm, SentAttachment},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        expected::Expected,
        fields::Wish,
        folders::{self, FolderChange, NewFolder},
        organizations, provider,
    },
    domain::{
        ids::{FolderId, OrganizationId, PolicyId},
        policy::Node,
        role::Permission,
    },
    fleet::Step,
    portal::pages::{PageFailed, page},
    problems::Refused,
    store::{Asset, Folder, Organization, PageRequest, Policy},
};

/// As many assets as stand on a page.
const ASSETS_ON_A_PAGE: u64 = 50;

#[derive(Template)]
#[template(path = "console/tree_node.html")]
struct NodePage {
    layout: Layout,
    /// From the MSP to the node above.
    path: Vec<(String, String)>,
    name: String,
    organization: OrganizationId,
    /// Absent: the organization itself.
    folder: Option<FolderForm>,
    attach: AttachForm,
    folders: Vec<FolderLine>,
    assets: Vec<Asset>,
    next: Option<Uuid>,
    typed_name: String,
    may_work: bool,
    errors: FormErrors,
    folder_errors: FormErrors,
}

struct FolderForm {
    id: FolderId,
    name: String,
    /// Where it can hang.
    parents: Vec<ParentChoice>,
}

/// A folder that another can be moved into.
struct ParentChoice {
    id: FolderId,
    way: String,
    is_parent: bool,
}

struct FolderLine {
    id: FolderId,
    name: String,
    policy: Option<(PolicyId, String)>,
}

#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct SentFolder {
    #[serde(default)]
    name: String,
    #[serde(default)]
    parent_id: String,
}

/// The part of the assets that is wanted.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Part {
    after: Option<Uuid>,
}

/// The page of a node.
pub(super) fn place(node: Node) -> String {
    match node {
        Node::Provider => "/console/policies".into(),
        Node::Organization(id) => format!("/console/tree/organizations/{id}"),
        Node::Folder(id) => format!("/console/tree/folders/{id}"),
        Node::Asset(id) => format!("/console/assets/{id}/policy"),
    }
}

/// Addresses and names of the nodes on a way, the last one left out.
pub(super) fn way(path: &[Step]) -> Vec<(String, String)> {
    let above = path.split_last().map_or(&[][..], |(_, above)| above);
    above.iter().map(|step| (place(step.node), step.name.clone())).collect()
}

/// Attaches a policy to the MSP.
pub(in crate::console) async fn attach_to_provider(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(sent): Sent<SentAttachment>,
) -> Result<Response, PageFailed> {
    let result = provider::attach_policy(&app, &signed_in.actor(), &Expected::Anything, sent.attach()).await;
    attached(&app, &signed_in, Node::Provider, result).await
}

/// Attaches a policy to an organization.
pub(in crate::console) async fn attach_to_organization(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(sent): Sent<SentAttachment>,
) -> Result<Response, PageFailed> {
    let result = organizations::attach_policy(&app, &signed_in.actor(), id, sent.attach()).await;
    attached(&app, &signed_in, Node::Organization(id), result).await
}

/// Attaches a policy to a folder.
pub(in crate::console) async fn attach_to_folder(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<FolderId>,
    Sent(sent): Sent<SentAttachment>,
) -> Result<Response, PageFailed> {
    let result = folders::attach_policy(&app, &signed_in.actor(), id, sent.attach()).await;
    attached(&app, &signed_in, Node::Folder(id), result).await
}

/// To the node's page again; the form offers only what exists, so a refusal means that it is gone.
pub(super) async fn attached<T>(
    app: &App,
    signed_in: &SignedIn,
    node: Node,
    result: Result<T, Refused>,
) -> Result<Response, PageFailed> {
    match Outcome::of(result)? {
        Outcome::Done(_) => Ok(see(&place(node), "saved")),
        Outcome::Again(..) => layout::missing(app, signed_in, "policy or place in the tree"),
    }
}

/// An organization, with its topmost folders.
pub(in crate::console) async fn organization(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Query(done): Query<Done>,
    Query(part): Query<Part>,
) -> Result<Response, PageFailed> {
    let Some(row) = app.store.organization(id).await? else {
        return layout::missing(&app, &signed_in, "organization");
    };
    let around = Around { done, part, ..Around::default() };
    node(&app, &signed_in, StatusCode::OK, &row, None, around).await
}

/// A folder, with the folders right in it.
pub(in crate::console) async fn folder(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<FolderId>,
    Query(done): Query<Done>,
    Query(part): Query<Part>,
) -> Result<Response, PageFailed> {
    let around = Around { done, part, ..Around::default() };
    folder_page(&app, &signed_in, StatusCode::OK, id, around).await
}

/// Makes a folder of an organization, in another of its folders or right below it.
pub(in crate::console) async fn make_folder(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(organization_id): Path<OrganizationId>,
    Sent(sent): Sent<SentFolder>,
) -> Result<Response, PageFailed> {
    let parent_id = sent.parent_id.parse().ok();
    let Some(row) = app.store.organization(organization_id).await? else {
        return layout::missing(&app, &signed_in, "organization");
    };
    let new = NewFolder { organization_id, parent_id, name: sent.name.clone() };
    match Outcome::of(folders::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(made) => {
            Ok(Redirect::to(&format!("{}?done=added", place(Node::Folder(made.id)))).into_response())
        }
        Outcome::Again(status, errors) => {
            let around = Around { errors, typed_name: sent.name, ..Around::default() };
            match parent_id {
                Some(parent) => folder_page(&app, &signed_in, status, parent, around).await,
                None => node(&app, &signed_in, status, &row, None, around).await,
            }
        }
    }
}

/// Renames a folder, or moves it with everything that hangs below it.
pub(in crate::console) async fn change_folder(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<FolderId>,
    Sent(sent): Sent<SentFolder>,
) -> Result<Response, PageFailed> {
    let parent_id = sent.parent_id.parse().map_or(Wish::Clear, Wish::Set);
    let change = FolderChange { name: Some(sent.name), parent_id };
    match Outcome::of(folders::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&place(Node::Folder(id)), "saved")),
        Outcome::Again(status, errors) => {
            folder_page(&app, &signed_in, status, id, Around { folder_errors: errors, ..Around::default() }).await
        }
    }
}

/// What is shown around a node.
#[derive(Default)]
struct Around {
    done: Done,
    part: Part,
    /// Of the new folder.
    errors: FormErrors,
    typed_name: String,
    /// Of the folder itself.
    folder_errors: FormErrors,
}

async fn folder_page(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    id: FolderId,
    around: Around,
) -> Result<Response, PageFailed> {
    let Some(folder) = app.store.folder(id).await? else { return layout::missing(app, signed_in, "folder") };
    let Some(row) = app.store.organization(folder.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    node(app, signed_in, status, &row, Some(folder), around).await
}

async fn node(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    organization: &Organization,
    folder: Option<Folder>,
    around: Around,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Policies).with_note(&around.done);
    let policies = app.store.all_policies().await?;
    let all = app.store.folders_of(organization.id).await?;
    let here = folder.as_ref().map(|folder| folder.id);
    let (name, attached, node) = match &folder {
        Some(folder) => (&folder.name, folder.policy_id, Node::Folder(folder.id)),
        None => (&organization.name, organization.policy_id, Node::Organization(organization.id)),
    };
    let part = PageRequest { after: around.part.after, limit: ASSETS_ON_A_PAGE };
    let assets = app.store.assets_in(organization.id, here, part).await?;
    let shown = NodePage {
        layout,
        path: way(&app.fleet.path(node)),
        name: name.clone(),
        organization: organization.id,
        attach: AttachForm::new(node, attached, &policies, signed_in),
        folders: lines(&all, here, &policies),
        folder: folder.as_ref().map(|folder| FolderForm {
            id: folder.id,
            name: folder.name.clone(),
            parents: parents(&all, folder),
        }),
        assets: assets.items,
        next: assets.next,
        typed_name: around.typed_name,
        may_work: signed_in.may(Permission::Work),
        errors: around.errors,
        folder_errors: around.folder_errors,
    };
    page(status, &shown)
}

fn lines(all: &[Folder], within: Option<FolderId>, policies: &[Policy]) -> Vec<FolderLine> {
    let name = |id| policies.iter().find(|row| row.id == id).map(|row| (id, row.name.clone()));
    let here = all.iter().filter(|folder| folder.parent_id == within);
    let lines = here.map(|row| FolderLine { id: row.id, name: row.name.clone(), policy: row.policy_id.and_then(name) });
    let mut lines: Vec<_> = lines.collect();
    lines.sort_by_key(|line| line.name.to_lowercase());
    lines
}

/// The folders that another can be moved into, with their ways: not itself, nor what is in it.
fn parents(all: &[Folder], moved: &Folder) -> Vec<ParentChoice> {
    let parent = |id: FolderId| all.iter().find(|folder| folder.id == id);
    let ways = all.iter().filter_map(|folder| {
        let (mut names, mut here) = (Vec::new(), Some(folder));
        // No way is longer than all folders together, whatever the table says.
        for _ in 0..all.len() {
            let Some(step) = here else { break };
            if step.id == moved.id {
                return None;
            }
            names.push(step.name.as_str());
            here = step.parent_id.and_then(parent);
        }
        names.reverse();
        Some(ParentChoice { id: folder.id, way: names.join(" / "), is_parent: Some(folder.id) == moved.parent_id })
    });
    let mut ways: Vec<_> = ways.collect();
    ways.sort_by_key(|choice| choice.way.to_lowercase());
    ways
}
