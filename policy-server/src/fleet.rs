//! What connected agents need, in memory: a poll touches no database.
//!
//! Writes go through the store first and then here. Each reload reads the store again while holding one lock, so the
//! last reload always shows the last write, whatever the order in which two writers come.

mod places;
mod preview;
mod tree;

use std::{
    collections::HashMap,
    sync::{Arc, PoisonError, RwLock},
};

use deskbell_protocol::{EntryId, Values};
use tokio::sync::watch;

use crate::{
    domain::{
        asset::AssetState,
        ids::{AssetId, OrganizationId},
        policy::{Effective, Node},
    },
    secrets,
    store::{Asset, Store, StoreError, fleet_view::AssetRow},
};

pub use places::{OrganizationLine, PolicyUse, Step};
pub use preview::{MenuPreview, menu_alone};
pub use tree::{InForce, RenderedPolicy, Tree};

/// The agents of all assets.
#[derive(Default)]
pub struct Fleet {
    agents: RwLock<Agents>,
    reloading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct Agents {
    tree: Tree,
    by_token: HashMap<String, AssetId>,
    by_asset: HashMap<AssetId, Agent>,
}

struct Agent {
    token_hash: String,
    organization: OrganizationId,
    node: Node,
    values: Values,
    state: AssetState,
    answer: watch::Sender<Arc<Answer>>,
}

/// What an agent's poll is answered with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Staff have yet to approve the asset.
    Waiting,
    /// Staff have retired the asset.
    Retired,
    /// What is in force.
    Policy {
        /// Changes when policy or values do.
        etag: String,
        /// Shared by all assets of a node.
        policy: Arc<RenderedPolicy>,
        /// This asset's own, as JSON.
        values: String,
    },
}

/// How many there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Census {
    /// Agents that wait for a change.
    pub parked: usize,
    /// Assets by their state.
    pub assets: [(AssetState, usize); 3],
}

impl Answer {
    /// The `ETag`, without its quotes; none when there is no policy to tell.
    pub fn etag(&self) -> Option<&str> {
        match self {
            Self::Policy { etag, .. } => Some(etag),
            Self::Waiting | Self::Retired => None,
        }
    }
}

impl Fleet {
    /// The asset whose agent has this token.
    pub fn asset_by_token(&self, token_hash: &str) -> Option<AssetId> {
        self.read(|agents| agents.by_token.get(token_hash).copied())
    }

    /// The present and all later answers for an asset.
    pub fn answers(&self, asset: AssetId) -> Option<watch::Receiver<Arc<Answer>>> {
        self.read(|agents| agents.by_asset.get(&asset).map(|agent| agent.answer.subscribe()))
    }

    /// What is in force for an asset, and from where.
    pub fn effective(&self, asset: AssetId) -> Option<Effective> {
        self.read(|agents| {
            let agent = agents.by_asset.get(&asset)?;
            Some(agents.tree.policy(agent.node)?.effective.clone())
        })
    }

    /// Where a portal entry of an asset's menu leads.
    pub fn destination(&self, asset: AssetId, entry: &EntryId) -> Option<String> {
        self.read(|agents| {
            let agent = agents.by_asset.get(&asset)?;
            agents.tree.policy(agent.node)?.effective.destination(entry).map(str::to_owned)
        })
    }

    /// Counts the assets, and the requests that wait.
    pub fn census(&self) -> Census {
        self.read(|agents| {
            let assets = [AssetState::WaitingForApproval, AssetState::Enrolled, AssetState::Retired]
                .map(|state| (state, agents.by_asset.values().filter(|agent| agent.state == state).count()));
            Census { parked: agents.by_asset.values().map(|agent| agent.answer.receiver_count()).sum(), assets }
        })
    }

    /// Reads everything from the store.
    pub async fn load(&self, store: &Store) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        let tree = Tree::new(store.tree().await?);
        let assets = store.fleet_assets().await?;
        self.write(|agents| {
            agents.tree = tree;
            for row in assets {
                agents.put(row);
            }
        });
        Ok(())
    }

    /// Reads the policy tree again, after a change of the MSP, an organization, a folder, a policy or where one is
    /// attached, and wakes exactly the agents whose answer changed.
    pub async fn reload_tree(&self, store: &Store) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        let mut tree = Tree::new(store.tree().await?);
        self.write(|agents| {
            tree.keep_assets_of(std::mem::take(&mut agents.tree));
            agents.tree = tree;
            agents.answer_all();
        });
        Ok(())
    }

    /// Reads one asset again, after a change of its row, its assignment or its end user's name.
    pub async fn reload_asset(&self, store: &Store, id: AssetId) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        if let Some(row) = store.fleet_asset(id).await? {
            self.write(|agents| agents.put(row));
        }
        Ok(())
    }

    fn read<T>(&self, look: impl FnOnce(&Agents) -> T) -> T {
        look(&self.agents.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn write<T>(&self, change: impl FnOnce(&mut Agents) -> T) -> T {
        change(&mut self.agents.write().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Agents {
    fn put(&mut self, AssetRow { asset, end_user }: AssetRow) {
        let id = asset.id;
        let node = self.tree.place(&asset);
        let organization = asset.organization_id;
        let values = values(&asset, end_user.as_deref().unwrap_or_default());
        let token_hash = asset.agent_token_hash;
        if let Some(before) = self.by_asset.get(&id).map(|agent| agent.token_hash.clone())
            && before != token_hash
        {
            self.by_token.remove(&before);
        }
        self.by_token.insert(token_hash.clone(), id);
        let agent = self.by_asset.entry(id).or_insert_with(|| Agent {
            token_hash: String::new(),
            organization,
            node,
            values: Values::default(),
            state: AssetState::Retired,
            answer: watch::Sender::new(Arc::new(Answer::Retired)),
        });
        (agent.token_hash, agent.organization, agent.node) = (token_hash, organization, node);
        (agent.values, agent.state) = (values, asset.state);
        agent.answer_from(&self.tree);
    }

    fn answer_all(&mut self) {
        for agent in self.by_asset.values_mut() {
            agent.answer_from(&self.tree);
        }
    }
}

impl Agent {
    fn answer_from(&mut self, tree: &Tree) {
        tree.organization_name(self.organization).clone_into(&mut self.values.organization);
        let answer = match self.state {
            AssetState::WaitingForApproval => Answer::Waiting,
            AssetState::Retired => Answer::Retired,
            AssetState::Enrolled => match tree.policy(self.node) {
                Some(policy) => {
                    let values = serde_json::to_string(&self.values).unwrap_or_else(|_| "{}".into());
                    let etag = secrets::sha256(format!("{}{values}", policy.hash).as_bytes())[..32].to_owned();
                    Answer::Policy { etag, policy, values }
                }
                None => Answer::Waiting,
            },
        };
        self.answer.send_if_modified(|current| {
            let differs = match (current.as_ref(), &answer) {
                (Answer::Policy { etag: before, .. }, Answer::Policy { etag: after, .. }) => before != after,
                (before, after) => before != after,
            };
            if differs {
                *current = Arc::new(answer);
            }
            differs
        });
    }
}

/// The values of an asset, cut so that they stay within 1 KB however long the names are.
fn values(asset: &Asset, end_user: &str) -> Values {
    let facts = &asset.facts.0;
    let cut = |text: &str| text.chars().take(100).collect::<String>();
    Values {
        asset: cut(&asset.name),
        organization: String::new(),
        end_user: cut(end_user),
        computer: cut(&facts.computer),
        serial: cut(&facts.serial),
        os: cut(&facts.os),
        ip: facts.addresses.first().map(|address| cut(address)).unwrap_or_default(),
        user: String::new(),
    }
}
