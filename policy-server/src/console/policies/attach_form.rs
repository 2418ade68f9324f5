//! The form that attaches a policy to a node of the tree, or takes it away: on the page of each node.

use serde::Deserialize;
use uuid::Uuid;

use super::super::guard::SignedIn;
use crate::{
    changes::fields::AttachPolicy,
    domain::{ids::PolicyId, policy::Node, role::Permission},
    store::Policy,
};

/// The form.
pub(super) struct AttachForm {
    pub(super) action: String,
    pub(super) choices: Vec<PolicyChoice>,
    pub(super) may_attach: bool,
}

/// A policy that can be attached.
pub(super) struct PolicyChoice {
    pub(super) id: PolicyId,
    pub(super) name: String,
    pub(super) is_attached: bool,
}

/// What the form says; empty takes the policy away.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct SentAttachment {
    #[serde(default)]
    policy_id: String,
}

impl AttachForm {
    /// Of a node.
    pub(super) fn new(node: Node, attached: Option<PolicyId>, policies: &[Policy], signed_in: &SignedIn) -> Self {
        let action = match node {
            Node::Provider => "/console/tree/provider/policy".into(),
            Node::Organization(id) => format!("/console/tree/organizations/{id}/policy"),
            Node::Folder(id) => format!("/console/tree/folders/{id}/policy"),
            Node::Asset(id) => format!("/console/assets/{id}/policy"),
        };
        let choices = policies.iter().map(|row| PolicyChoice {
            id: row.id,
            name: row.name.clone(),
            is_attached: Some(row.id) == attached,
        });
        Self { action, choices: choices.collect(), may_attach: signed_in.may(Permission::Work) }
    }

    /// What is attached.
    pub(super) fn current(&self) -> Option<&PolicyChoice> {
        self.choices.iter().find(|choice| choice.is_attached)
    }
}

impl SentAttachment {
    /// The policy, or nothing; a text that is no id names no policy.
    pub(super) fn attach(&self) -> AttachPolicy {
        let policy_id = (!self.policy_id.is_empty()).then(|| self.policy_id.parse().unwrap_or(PolicyId(Uuid::nil())));
        AttachPolicy { policy_id }
    }
}
