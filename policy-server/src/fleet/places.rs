//! Where policies are attached and for whom they count, as the console shows it.

use std::collections::{BTreeSet, HashMap};

use super::{Agents, Fleet};
use crate::domain::{
    asset::AssetState,
    ids::{AssetId, OrganizationId, PolicyId},
    policy::Node,
};

/// A node on the way from the MSP to an asset.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Which one.
    pub node: Node,
    /// What it is called.
    pub name: String,
    /// What is attached to it.
    pub policy: Option<PolicyId>,
}

/// Where a policy is attached.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PolicyUse {
    /// The nodes, the MSP first, with their names.
    pub nodes: Vec<(Node, String)>,
    /// How many enrolled assets hang at or below them.
    pub assets: usize,
}

/// An organization in the tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrganizationLine {
    /// Which one.
    pub id: OrganizationId,
    /// Its name.
    pub name: String,
    /// What is attached to it.
    pub policy: Option<PolicyId>,
}

impl Fleet {
    /// The way from the MSP to `node`, that included; empty when there is no such asset.
    pub fn path(&self, node: Node) -> Vec<Step> {
        self.read(|agents| {
            let place = match node {
                Node::Asset(id) => match agents.by_asset.get(&id) {
                    Some(agent) => agent.node,
                    None => return Vec::new(),
                },
                Node::Provider | Node::Organization(_) | Node::Folder(_) => node,
            };
            let mut path = agents.tree.path(place);
            if place != node {
                path.push((node, None));
            }
            path.into_iter().map(|(node, policy)| Step { node, name: agents.name(node), policy }).collect()
        })
    }

    /// Where each policy is attached.
    pub fn policy_uses(&self) -> HashMap<PolicyId, PolicyUse> {
        self.read(|agents| {
            let mut uses: HashMap<PolicyId, PolicyUse> = HashMap::new();
            for (node, policy) in agents.tree.attachments() {
                uses.entry(policy).or_default().nodes.push((node, agents.name(node)));
            }
            for each in uses.values_mut() {
                each.nodes.sort();
            }
            for (node, count) in agents.enrolled_by_node() {
                let mut policies: Vec<_> =
                    agents.tree.path(node).into_iter().filter_map(|(_, policy)| policy).collect();
                policies.sort();
                policies.dedup();
                for policy in policies {
                    uses.entry(policy).or_default().assets += count;
                }
            }
            uses
        })
    }

    /// The organizations whose names contain `search`, by name.
    pub fn organizations_named(&self, search: &str) -> Vec<OrganizationLine> {
        self.read(|agents| {
            let found = agents.tree.organizations_named(search).into_iter();
            found.map(|(id, name, policy)| OrganizationLine { id, name, policy }).collect()
        })
    }

    /// The asset that somebody means by its name or its id.
    pub fn asset_called(&self, name: &str) -> Option<AssetId> {
        let name = name.trim();
        if let Ok(id) = name.parse().map(AssetId) {
            return self.read(|agents| agents.by_asset.contains_key(&id).then_some(id));
        }
        let name = name.to_lowercase();
        self.read(|agents| {
            let found = agents.by_asset.iter().filter(|(_, agent)| agent.values.values().asset.to_lowercase() == name);
            found.map(|(id, _)| *id).min()
        })
    }

    /// The names of some assets for which a policy counts, at most `limit`.
    pub fn names_below(&self, policy: PolicyId, limit: usize) -> Vec<String> {
        self.read(|agents| {
            let mut counts = HashMap::new();
            let below = agents.by_asset.values().filter(|agent| {
                agent.state == AssetState::Enrolled
                    && *counts.entry(agent.node).or_insert_with(|| {
                        agents.tree.path(agent.node).into_iter().any(|(_, attached)| attached == Some(policy))
                    })
            });
            let mut first = BTreeSet::new();
            for agent in below {
                let name = agent.values.values().asset.as_str();
                if first.len() < limit || first.last().is_some_and(|last| name < *last) {
                    first.insert(name);
                    if first.len() > limit {
                        first.pop_last();
                    }
                }
            }
            first.into_iter().map(str::to_owned).collect()
        })
    }
}

impl Agents {
    fn name(&self, node: Node) -> String {
        match node {
            Node::Provider => self.tree.provider_name().to_owned(),
            Node::Organization(id) => self.tree.organization_name(id).to_owned(),
            Node::Folder(id) => self.tree.folder_name(id).to_owned(),
            Node::Asset(id) => {
                self.by_asset.get(&id).map(|agent| agent.values.values().asset.clone()).unwrap_or_default()
            }
        }
    }

    fn enrolled_by_node(&self) -> HashMap<Node, usize> {
        let mut counts = HashMap::new();
        for agent in self.by_asset.values().filter(|agent| agent.state == AssetState::Enrolled) {
            *counts.entry(agent.node).or_default() += 1;
        }
        counts
    }
}
