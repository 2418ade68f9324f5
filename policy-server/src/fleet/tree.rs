//! The policy tree with what is in force at each node, rendered once and shared by its assets.

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use deskbell_protocol::{Policy, Support};

use crate::{
    domain::{
        ids::{AssetId, FolderId, OrganizationId, PolicyId},
        policy::{Effective, MAX_TREE_DEPTH, Node, PolicyDocument, effective},
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

    /// The nodes at which a policy counts: where it is attached, and everything below.
    pub fn nodes_below(&self, policy: PolicyId) -> HashSet<Node> {
        let reached = |node: &Node| self.path(*node).iter().any(|(_, attached)| *attached == Some(policy));
        self.rendered.keys().copied().filter(reached).collect()
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
        let levels = self.levels(node);
        let effective = effective(levels.iter().map(|(node, document)| (*node, document.as_ref())));
        let mut support = self.support.clone();
        if let Some(name) = &effective.brand_name {
            support.name.clone_from(name);
        }
        let policy = Policy {
            hide_tray: effective.hide_tray,
            support,
            icons: effective.icons.clone(),
            shortcut: effective.shortcut.clone(),
            menu: effective.menu.clone(),
        };
        let json = serde_json::to_string(&policy).unwrap_or_default();
        let hash = secrets::sha256(json.as_bytes());
        self.rendered.insert(node, Arc::new(RenderedPolicy { effective, json, hash }));
    }

    /// The policies from the MSP down to `node`.
    fn levels(&self, node: Node) -> Vec<(Node, Arc<PolicyDocument>)> {
        let path = self.path(node).into_iter().rev();
        path.filter_map(|(node, policy)| Some((node, Arc::clone(self.documents.get(&policy?)?)))).collect()
    }

    /// `node` and what is above it up to the MSP, each with the policy that is attached there.
    fn path(&self, node: Node) -> Vec<(Node, Option<PolicyId>)> {
        let mut path = Vec::new();
        let mut here = Some(node);
        // Folders nest MAX_TREE_DEPTH deep; MSP, organization and asset come on top.
        for _ in 0..MAX_TREE_DEPTH + 3 {
            let Some(node) = here else { break };
            let (policy, above) = self.attached(node);
            path.push((node, policy));
            here = above;
        }
        path
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
