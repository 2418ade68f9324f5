//! What would be if a policy said something else: computed in memory, told to nobody (POL-05).

use std::{collections::HashMap, sync::Arc};

use deskbell_protocol::{AgentState, Icons, Menu, MenuState, Values, Variable, menu};

use super::{Fleet, InForce, Tree};
use crate::domain::{
    asset::AssetState,
    ids::{AssetId, PolicyId},
    policy::{Node, PolicyDocument},
};

/// A menu that a tray would draw.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MenuPreview {
    /// Drawn by the agents' own code.
    pub menu: Menu,
    /// The icons; absent: Deskbell's own.
    pub icons: Option<Icons>,
    /// Whether the policy counts for the asset; where it does not, the menu is as if it was attached to it.
    pub in_force: InForce,
}

impl Fleet {
    /// How many agents would get another answer if policies said what `documents` say.
    pub fn would_change(&self, documents: impl IntoIterator<Item = (PolicyId, PolicyDocument)>) -> usize {
        self.read(|agents| {
            let changed = documents.into_iter().filter(|(policy, document)| !agents.tree.says(*policy, document));
            let documents: HashMap<_, _> = changed.map(|(policy, document)| (policy, Arc::new(document))).collect();
            if documents.is_empty() {
                return 0;
            }
            let mut nodes = HashMap::new();
            let enrolled = agents.by_asset.values().filter(|agent| agent.state == AssetState::Enrolled);
            let changed = enrolled.filter(|agent| {
                *nodes.entry(agent.node).or_insert_with(|| agents.tree.would_change(agent.node, &documents))
            });
            changed.count()
        })
    }

    /// The menu of an asset's tray, for somebody who reads `language`, if `policy` said what `document` says.
    pub fn menu_with(
        &self,
        asset: AssetId,
        policy: Option<PolicyId>,
        document: PolicyDocument,
        language: &str,
    ) -> Option<MenuPreview> {
        let document = Arc::new(document);
        self.read(|agents| {
            let agent = agents.by_asset.get(&asset)?;
            let (settled, in_force) = agents.tree.policy_with(agent.node, policy, &document);
            let state = MenuState {
                agent: standing(agent.state),
                offline_since: None,
                language: language.to_owned(),
                hidden_at_first: true,
            };
            let menu = menu(Some(&settled), agent.values.values(), &state);
            Some(MenuPreview { menu, icons: settled.icons, in_force })
        })
    }
}

/// What `document` makes on its own, its variables as they are written.
pub fn menu_alone(document: PolicyDocument, language: &str) -> MenuPreview {
    let (settled, in_force) = Tree::default().policy_with(Node::Provider, None, &Arc::new(document));
    let state = MenuState {
        agent: AgentState::Enrolled,
        offline_since: None,
        language: language.to_owned(),
        hidden_at_first: true,
    };
    MenuPreview { menu: menu(Some(&settled), &written_out(), &state), icons: settled.icons, in_force }
}

fn standing(state: AssetState) -> AgentState {
    match state {
        AssetState::WaitingForApproval => AgentState::WaitingForApproval,
        AssetState::Enrolled => AgentState::Enrolled,
        AssetState::Retired => AgentState::Retired,
    }
}

fn written_out() -> Values {
    let mut values = Values::default();
    for (name, variable) in Variable::ALL {
        let value = match variable {
            Variable::Asset => &mut values.asset,
            Variable::Organization => &mut values.organization,
            Variable::EndUser => &mut values.end_user,
            Variable::Computer => &mut values.computer,
            Variable::Serial => &mut values.serial,
            Variable::Os => &mut values.os,
            Variable::Ip => &mut values.ip,
            Variable::User => &mut values.user,
        };
        *value = format!("{{{{{name}}}}}");
    }
    values
}
