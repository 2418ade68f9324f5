//! The looks of all portals, in memory: which portal a request is for, and which one an organization has.

use std::{
    collections::HashMap,
    convert::Infallible,
    sync::{Arc, PoisonError, RwLock},
};

use anyhow::Context as _;
use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, Uri, header, request::Parts},
};
use tokio::sync::Mutex;

use super::look::Look;
use crate::{
    app::SharedApp,
    config::Config,
    domain::ids::{OrganizationId, PortalId},
    store::Store,
    words::Words,
};

/// The looks in force: pages ask the database nothing for them.
pub struct Looks {
    all: RwLock<Arc<All>>,
    reloading: Mutex<()>,
}

struct All {
    default: Arc<Look>,
    portals: HashMap<PortalId, Arc<Look>>,
    /// Whose host is another than that of `public_url`: in lower case, with the port.
    hosts: HashMap<String, PortalId>,
    prefixes: HashMap<String, PortalId>,
    /// Those that have another portal than the default one, or none.
    organizations: HashMap<OrganizationId, Option<PortalId>>,
}

/// That a request came below `/portal/<prefix>`, which was taken off its path.
#[derive(Debug, Clone, Copy)]
pub struct BelowPrefix(pub PortalId);

/// The look of the portal that a request is for.
pub struct Here(pub Arc<Look>);

impl Looks {
    /// The looks that the store holds.
    pub async fn load(store: &Store, config: &Config) -> anyhow::Result<Self> {
        Ok(Self { all: RwLock::new(Arc::new(All::read(store, config).await?)), reloading: Mutex::default() })
    }

    /// Reads the store again, after a change of the MSP or of a portal. One at a time, so that the last reload shows the last
    /// write.
    pub async fn reload(&self, store: &Store, config: &Config) -> anyhow::Result<()> {
        let _one_at_a_time = self.reloading.lock().await;
        let all = Arc::new(All::read(store, config).await?);
        *self.all.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// The look of the portal at `public_url`.
    pub fn of_default(&self) -> Arc<Look> {
        Arc::clone(&self.all().default)
    }

    /// The look of a portal.
    pub fn of(&self, id: PortalId) -> Arc<Look> {
        self.all().look(Some(&id))
    }

    /// Which portal an organization has, if it has one (RES-04).
    pub fn portal_of(&self, id: OrganizationId) -> Option<PortalId> {
        let all = self.all();
        all.organizations.get(&id).copied().unwrap_or(Some(all.default.portal.id))
    }

    /// The look of an organization's portal; of the default one where it has none.
    pub fn of_organization(&self, id: OrganizationId) -> Arc<Look> {
        let all = self.all();
        all.look(all.organizations.get(&id).and_then(Option::as_ref))
    }

    /// The look of the portal with this prefix.
    pub fn with_prefix(&self, prefix: &str) -> Option<Arc<Look>> {
        let all = self.all();
        all.prefixes.get(prefix).map(|id| all.look(Some(id)))
    }

    /// Whether a portal of its own has this host.
    pub fn have_host(&self, host: &str) -> bool {
        self.all().hosts.contains_key(&host.to_ascii_lowercase())
    }

    /// The look for a request: by what was taken off its path, else by its host.
    pub fn of_request(&self, below: Option<BelowPrefix>, uri: &Uri, headers: &HeaderMap) -> Arc<Look> {
        let all = self.all();
        let by_host = || all.hosts.get(&host(uri, headers)?.to_ascii_lowercase()).copied();
        let id = below.map(|BelowPrefix(id)| id).or_else(by_host);
        all.look(id.as_ref())
    }

    /// The origins at which entries of policies can lead to a page (SYN-36).
    pub fn origins(&self) -> Vec<String> {
        let all = self.all();
        let others =
            all.portals.values().filter(|look| look.portal.published && look.portal.id != all.default.portal.id);
        [&all.default].into_iter().chain(others).map(|look| look.place.origin.clone()).collect()
    }

    fn all(&self) -> Arc<All> {
        Arc::clone(&self.all.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl All {
    async fn read(store: &Store, config: &Config) -> anyhow::Result<Self> {
        let provider = store.provider().await?.context("the table provider has no row")?;
        let groups = store.portal_groups().await?.into_iter().map(|group| (group.key, group.permissions.0)).collect();
        let groups = Arc::new(groups);
        let (mut portals, mut hosts, mut prefixes) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut default = None;
        for portal in store.portals().await? {
            let id = portal.id;
            let place = match (&default, &portal.prefix) {
                (None, _) | (_, None) => config.places().default_portal(),
                (Some(_), Some(prefix)) => config.places().portal(prefix, portal.domain.as_deref()),
            };
            hosts.extend(place.own_host.iter().map(|host| (host.to_ascii_lowercase(), id)));
            prefixes.extend(portal.prefix.iter().map(|prefix| (prefix.clone(), id)));
            let look = Arc::new(Look::new(Words::english(), provider.clone(), portal, Arc::clone(&groups), place));
            default.get_or_insert_with(|| Arc::clone(&look));
            portals.insert(id, look);
        }
        let organizations = store.portals_of_organizations().await?.into_iter().collect();
        let default = default.context("the table portal has no row")?;
        Ok(Self { default, portals, hosts, prefixes, organizations })
    }

    fn look(&self, id: Option<&PortalId>) -> Arc<Look> {
        let look = id.and_then(|id| self.portals.get(id)).unwrap_or(&self.default);
        Arc::clone(look)
    }
}

/// The host that a request names.
pub fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Option<&'a str> {
    let named = headers.get(header::HOST).map(HeaderValue::to_str).and_then(Result::ok);
    named.or_else(|| uri.authority().map(axum::http::uri::Authority::as_str))
}

impl FromRequestParts<SharedApp> for Here {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &SharedApp) -> Result<Self, Infallible> {
        let below = parts.extensions.get().copied();
        Ok(Self(app.looks.of_request(below, &parts.uri, &parts.headers)))
    }
}
