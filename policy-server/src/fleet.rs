//! What connected agents need, in memory: a poll touches no database.
//!
//! Writes go through the store alone; `following.rs` says here what to read again. Each reload reads the store while holding
//! one lock, so the last reload always shows the last write.

mod places;
mod preview;
mod tree;
mod values;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use deskbell_protocol::{EntryId, InstanceId, UnixMillis};
use tokio::sync::watch;

use crate::{
    domain::{
        asset::AssetState,
        ids::{AssetId, OrganizationId, PolicyId},
        policy::{Effective, Node},
        reach::Reach,
        sharing::{Sharing, Sightings},
    },
    store::{Store, StoreError, fleet_view::AssetRow},
};

pub use places::{OrganizationLine, PolicyUse, Step};
pub use preview::{MenuPreview, menu_alone};
pub use tree::{InForce, RenderedPolicy, Tree};
use values::RenderedValues;

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
    values: RenderedValues,
    state: AssetState,
    sightings: Mutex<Sightings>,
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
        values: Arc<str>,
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

    /// Notes that an asset's agent asked at `now` as `instance`, and tells when that changes whether its identity is shared
    /// (AGT-12).
    pub fn note_instance(&self, asset: AssetId, instance: InstanceId, now: UnixMillis) -> Option<Sharing> {
        self.read(|agents| {
            let sightings = &agents.by_asset.get(&asset)?.sightings;
            sightings.lock().unwrap_or_else(PoisonError::into_inner).note(instance, now)
        })
    }

    /// The present and all later answers for an asset.
    pub fn answers(&self, asset: AssetId) -> Option<watch::Receiver<Arc<Answer>>> {
        self.read(|agents| agents.by_asset.get(&asset).map(|agent| agent.answer.subscribe()))
    }

    /// Whether the asset's agent waits for a change.
    pub fn is_online(&self, asset: AssetId) -> bool {
        self.read(|agents| agents.by_asset.get(&asset).is_some_and(|agent| agent.answer.receiver_count() > 0))
    }

    /// An organization's name; empty when there is none.
    pub fn organization_name(&self, id: OrganizationId) -> String {
        self.read(|agents| agents.tree.organization_name(id).to_owned())
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

    /// Where a policy counts, from whichever level it is attached to.
    pub fn reach(&self, policy: PolicyId) -> Reach {
        self.read(|agents| agents.tree.reach(policy))
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

    /// Reads some assets again, after a change of their rows, their assignments or their end users' names.
    pub async fn reload_assets(&self, store: &Store, ids: impl IntoIterator<Item = AssetId>) -> Result<(), StoreError> {
        let _one_at_a_time = self.reloading.lock().await;
        let rows = store.fleet_assets_among(ids.into_iter().collect()).await?;
        self.write(|agents| rows.into_iter().for_each(|row| agents.put(row)));
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
        let before = self.by_asset.remove(&id);
        if let Some(before) = &before {
            self.by_token.remove(&before.token_hash);
        }
        let is_shared = asset.shared_identity_since.is_some();
        let (sightings, answer) = before.map_or_else(
            || {
                let sightings = if is_shared { Sightings::of_shared() } else { Sightings::default() };
                (Mutex::new(sightings), watch::Sender::new(Arc::new(Answer::Retired)))
            },
            |before| (before.sightings, before.answer),
        );
        let node = self.tree.place(&asset);
        let organization = self.tree.organization_name(asset.organization_id);
        let mut agent = Agent {
            organization: asset.organization_id,
            node,
            values: RenderedValues::new(&asset, end_user.as_deref().unwrap_or_default(), organization),
            state: asset.state,
            token_hash: asset.agent_token_hash,
            sightings,
            answer,
        };
        agent.answer_from(&self.tree);
        self.by_token.insert(agent.token_hash.clone(), id);
        self.by_asset.insert(id, agent);
    }

    fn answer_all(&mut self) {
        for agent in self.by_asset.values_mut() {
            agent.answer_from(&self.tree);
        }
    }
}

impl Agent {
    fn answer_from(&mut self, tree: &Tree) {
        self.values.name_organization(tree.organization_name(self.organization));
        let answer = match self.state {
            AssetState::WaitingForApproval => Answer::Waiting,
            AssetState::Retired => Answer::Retired,
            AssetState::Enrolled => match tree.policy(self.node) {
                Some(policy) => {
                    let etag = format!("{}{}", &policy.hash[..12], &self.values.hash[..12]);
                    Answer::Policy { etag, policy, values: Arc::clone(&self.values.json) }
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
