//! The policy tree with what is in force at each node, rendered once and shared by its assets.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use deskbell_protocol::{Policy, Support};
use serde::Serialize;

use crate::{
    domain::{
        ids::{AssetId, FolderId, OrganizationId, PolicyId},
        policy::{Effective, MAX_TREE_DEPTH, Node, PolicyDocument, effective},
        reach::Reach,
    },
    secrets,
    store::{Asset, Folder, fleet_view::TreeRows},
};

/// What is in force at a node.
#[derive(Debug, PartialEq, Eq)]
pub struct RenderedPolicy {
    /// With where each value comes from.
    pub effective: Effective,
    /// As agents get it: JSON of [`Policy`].
    pub json: String,
    /// SHA-256 of the JSON.
    pub hash: String,
}

/// The policy tree.
#[derive(Default)]
pub struct Tree {
    support: Support,
    documents: HashMap<PolicyId, Arc<PolicyDocument>>,
    provider_policy: Option<PolicyId>,
    organizations: HashMap<OrganizationId, OrganizationNode>,
    folders: HashMap<FolderId, Folder>,
    asset_policies: HashMap<AssetId, AssetNode>,
    rendered: HashMap<Node, Arc<RenderedPolicy>>,
}

/// Whether a policy counts at a node.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum InForce {
    /// It is attached to the node, or above it.
    Here,
    /// It is not.
    Elsewhere,
}

/// A node with the policy that is attached to it.
struct Level {
    node: Node,
    policy: PolicyId,
    document: Arc<PolicyDocument>,
}

struct OrganizationNode {
    name: String,
    policy: Option<PolicyId>,
}

struct AssetNode {
    policy: PolicyId,
    above: Node,
}

impl Tree {
    /// The tree that the store holds, rendered for each of its nodes.
    pub fn new(rows: TreeRows) -> Self {
        let provider = rows.provider;
        let support = provider.as_ref().map(|provider| Support {
            name: provider.name.clone(),
            phone: provider.support_phone.clone(),
            email: provider.support_email.clone(),
        });
        let organizations = rows.organizations.into_iter().map(|organization| {
            (organization.id, OrganizationNode { name: organization.name, policy: organization.policy_id })
        });
        let mut tree = Self {
            support: support.unwrap_or_default(),
            documents: rows.policies.into_iter().map(|policy| (policy.id, Arc::new(policy.document.0))).collect(),
            provider_policy: provider.and_then(|provider| provider.policy_id),
            organizations: organizations.collect(),
            folders: rows.folders.into_iter().map(|folder| (folder.id, folder)).collect(),
            ..Self::default()
        };
        tree.render(Node::Provider);
        for node in tree.organizations.keys().map(|id| Node::Organization(*id)).collect::<Vec<_>>() {
            tree.render(node);
        }
        for node in tree.folders.keys().map(|id| Node::Folder(*id)).collect::<Vec<_>>() {
            tree.render(node);
        }
        tree
    }

    /// What is in force at a node.
    pub fn policy(&self, node: Node) -> Option<Arc<RenderedPolicy>> {
        self.rendered.get(&node).cloned()
    }

    /// Where a policy counts: where it is attached, and everything below.
    pub fn reach(&self, policy: PolicyId) -> Reach {
        if self.provider_policy == Some(policy) {
            return Reach::Everywhere;
        }
        let organizations: HashSet<_> =
            self.organizations.iter().filter(|(_, row)| row.policy == Some(policy)).map(|(id, _)| *id).collect();
        let beside = self.folders.values().filter(|folder| !organizations.contains(&folder.organization_id));
        let below =
            |folder: &&Folder| self.path(Node::Folder(folder.id)).iter().any(|(_, attached)| *attached == Some(policy));
        Reach::Places {
            folders: beside.filter(below).map(|folder| folder.id).collect(),
            organizations: organizations.into_iter().collect(),
            policy: Some(policy),
        }
    }

    /// The nodes from the MSP down to `node`, each with what is attached to it.
    pub fn path(&self, node: Node) -> Vec<(Node, Option<PolicyId>)> {
        let mut path = Vec::new();
        let mut here = Some(node);
        // Folders nest MAX_TREE_DEPTH deep; MSP, organization and asset come on top.
        for _ in 0..MAX_TREE_DEPTH + 3 {
            let Some(node) = here else { break };
            let (policy, above) = self.attached(node);
            path.push((node, policy));
            here = above;
        }
        path.reverse();
        path
    }

    /// Whether `document` is what a policy says now.
    pub fn says(&self, policy: PolicyId, document: &PolicyDocument) -> bool {
        self.documents.get(&policy).is_some_and(|now| **now == *document)
    }

    /// Whether agents of `node` would be told something else if policies said what `documents` say.
    pub fn would_change(&self, node: Node, documents: &HashMap<PolicyId, Arc<PolicyDocument>>) -> bool {
        let mut levels = self.levels(node);
        replace(&mut levels, documents)
            && self.rendered.get(&node).is_none_or(|now| now.json != self.rendered(&levels).json)
    }

    /// What agents of `node` would be told if `policy` said what `document` says, and whether it counts there at all;
    /// where it does not, as if it was attached to `node`.
    pub fn policy_with(
        &self,
        node: Node,
        policy: Option<PolicyId>,
        document: &Arc<PolicyDocument>,
    ) -> (Policy, InForce) {
        let mut levels = self.levels(node);
        let documents = policy.map(|policy| (policy, Arc::clone(document))).into_iter().collect();
        let in_force = if replace(&mut levels, &documents) { InForce::Here } else { InForce::Elsewhere };
        let mut documents: Vec<_> = levels.iter().map(|level| (level.node, level.document.as_ref())).collect();
        if in_force == InForce::Elsewhere {
            documents.push((node, document));
        }
        (self.settled(&effective(documents)), in_force)
    }

    /// Every node that has a policy, with that policy.
    pub fn attachments(&self) -> impl Iterator<Item = (Node, PolicyId)> {
        let organizations = self.organizations.iter().map(|(id, row)| (Node::Organization(*id), row.policy));
        let folders = self.folders.iter().map(|(id, row)| (Node::Folder(*id), row.policy_id));
        let assets = self.asset_policies.iter().map(|(id, asset)| (Node::Asset(*id), Some(asset.policy)));
        let all =
            [(Node::Provider, self.provider_policy)].into_iter().chain(organizations).chain(folders).chain(assets);
        all.filter_map(|(node, policy)| Some((node, policy?)))
    }

    /// The organizations whose names contain `search`, in whatever case, by name.
    pub fn organizations_named(&self, search: &str) -> Vec<(OrganizationId, String, Option<PolicyId>)> {
        let search = search.trim().to_lowercase();
        let all = self.organizations.iter().map(|(id, row)| (row.name.to_lowercase(), *id, row));
        let mut found: Vec<_> = all.filter(|(key, _, _)| key.contains(&search)).collect();
        found.sort_by(|(one, _, _), (other, _, _)| one.cmp(other));
        found.into_iter().map(|(_, id, row)| (id, row.name.clone(), row.policy)).collect()
    }

    /// The MSP's name.
    pub fn provider_name(&self) -> &str {
        &self.support.name
    }

    /// A folder's name; empty when there is none.
    pub fn folder_name(&self, id: FolderId) -> &str {
        self.folders.get(&id).map_or("", |folder| &folder.name)
    }

    /// An organization's name; empty when there is none.
    pub fn organization_name(&self, id: OrganizationId) -> &str {
        self.organizations.get(&id).map_or("", |organization| &organization.name)
    }

    /// The node whose policy counts for an asset: the asset itself where it has a policy of its own, else where it hangs.
    pub fn place(&mut self, asset: &Asset) -> Node {
        let above = asset.folder_id.map_or(Node::Organization(asset.organization_id), Node::Folder);
        if let Some(policy) = asset.policy_id {
            self.asset_policies.insert(asset.id, AssetNode { policy, above });
            self.render(Node::Asset(asset.id));
            Node::Asset(asset.id)
        } else {
            self.asset_policies.remove(&asset.id);
            self.rendered.remove(&Node::Asset(asset.id));
            above
        }
    }

    /// Takes over the assets with policies of their own from the tree before this one.
    pub fn keep_assets_of(&mut self, before: Self) {
        self.asset_policies = before.asset_policies;
        for node in self.asset_policies.keys().map(|id| Node::Asset(*id)).collect::<Vec<_>>() {
            self.render(node);
        }
    }

    fn render(&mut self, node: Node) {
        let rendered = self.rendered(&self.levels(node));
        self.rendered.insert(node, Arc::new(rendered));
    }

    fn rendered(&self, levels: &[Level]) -> RenderedPolicy {
        let effective = effective(levels.iter().map(|level| (level.node, level.document.as_ref())));
        let json = serde_json::to_string(&self.settled(&effective)).unwrap_or_default();
        let hash = secrets::sha256(json.as_bytes());
        RenderedPolicy { effective, json, hash }
    }

    fn settled(&self, effective: &Effective) -> Policy {
        let mut support = self.support.clone();
        if let Some(name) = &effective.brand_name {
            support.name.clone_from(name);
        }
        Policy {
            hide_tray: effective.hide_tray,
            support,
            icons: effective.icons.clone(),
            shortcut: effective.shortcut.clone(),
            keep_in_view: effective.keep_in_view,
            menu: effective.menu.clone(),
        }
    }

    /// The policies from the MSP down to `node`.
    fn levels(&self, node: Node) -> Vec<Level> {
        let attached = self.path(node).into_iter().filter_map(|(node, policy)| {
            let policy = policy?;
            Some(Level { node, policy, document: Arc::clone(self.documents.get(&policy)?) })
        });
        attached.collect()
    }

    fn attached(&self, node: Node) -> (Option<PolicyId>, Option<Node>) {
        match node {
            Node::Provider => (self.provider_policy, None),
            Node::Organization(id) => {
                (self.organizations.get(&id).and_then(|organization| organization.policy), Some(Node::Provider))
            }
            Node::Folder(id) => self.folders.get(&id).map_or((None, None), |folder| {
                let above = folder.parent_id.map_or(Node::Organization(folder.organization_id), Node::Folder);
                (folder.policy_id, Some(above))
            }),
            Node::Asset(id) => {
                self.asset_policies.get(&id).map_or((None, None), |asset| (Some(asset.policy), Some(asset.above)))
            }
        }
    }
}

/// Puts each document where its policy stands, and says whether any of them stands there.
fn replace(levels: &mut [Level], documents: &HashMap<PolicyId, Arc<PolicyDocument>>) -> bool {
    let mut found = false;
    for level in levels {
        if let Some(document) = documents.get(&level.policy) {
            level.document = Arc::clone(document);
            found = true;
        }
    }
    found
}
