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
use strum::VariantArray as _;
use tokio::sync::Mutex;

use super::{
    cookies::{LANGUAGE_COOKIE, cookie},
    look::Look,
};
use crate::{
    app::SharedApp,
    config::Config,
    domain::{
        department::{DepartmentFacts, Departments},
        ids::{OrganizationId, PortalId},
        language::Language,
        reach::PublishedFor,
    },
    store::Store,
};

/// The looks in force: pages ask the database nothing for them.
pub struct Looks {
    all: RwLock<Arc<All>>,
    reloading: Mutex<()>,
}

struct All {
    default_id: PortalId,
    default: InLanguages,
    portals: HashMap<PortalId, InLanguages>,
    /// Whose host is another than that of `public_url`: in lower case, with the port.
    hosts: HashMap<String, PortalId>,
    prefixes: HashMap<String, PortalId>,
    /// Those that have another portal than the default one, or none.
    organizations: HashMap<OrganizationId, Option<PortalId>>,
}

/// One portal's look, in each language.
#[derive(Clone)]
struct InLanguages(Arc<[Arc<Look>]>);

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

    /// The look of the portal at `public_url`, in English.
    pub fn of_default(&self) -> Arc<Look> {
        self.all().look(None, Language::English)
    }

    /// The look of a portal, in English.
    pub fn of(&self, id: PortalId) -> Arc<Look> {
        self.all().look(Some(&id), Language::English)
    }

    /// The look of a portal in this language.
    pub fn in_language(&self, id: PortalId, language: Language) -> Arc<Look> {
        self.all().look(Some(&id), language)
    }

    /// Which portal an organization has, if it has one (RES-04).
    pub fn portal_of(&self, id: OrganizationId) -> Option<PortalId> {
        self.all().portal_of(id)
    }

    /// Whether an organization has a portal that is published.
    pub fn is_published_for(&self, id: OrganizationId) -> bool {
        let all = self.all();
        all.is_published(all.portal_of(id))
    }

    /// For which organizations the portal is published.
    pub fn published_for(&self) -> PublishedFor {
        let all = self.all();
        let by_default = all.is_published(Some(all.default_id));
        let others = all.organizations.iter();
        let others = others.filter(|(_, portal)| all.is_published(**portal) != by_default);
        let others = others.map(|(organization, _)| *organization).collect();
        if by_default { PublishedFor::AllBut(others) } else { PublishedFor::NoneBut(others) }
    }

    /// The look of an organization's portal, in English; of the default one where it has none.
    pub fn of_organization(&self, id: OrganizationId) -> Arc<Look> {
        let all = self.all();
        all.look(all.organizations.get(&id).and_then(Option::as_ref), Language::English)
    }

    /// The look of the portal with this prefix.
    pub fn with_prefix(&self, prefix: &str) -> Option<Arc<Look>> {
        let all = self.all();
        all.prefixes.get(prefix).map(|id| all.look(Some(id), Language::English))
    }

    /// Whether a portal of its own has this host.
    pub fn have_host(&self, host: &str) -> bool {
        self.all().hosts.contains_key(&host.to_ascii_lowercase())
    }

    /// The look for a request: by what was taken off its path, else by its host; in the language that its reader has chosen, else
    /// in the one that their browser asks for.
    pub fn of_request(&self, below: Option<BelowPrefix>, uri: &Uri, headers: &HeaderMap) -> Arc<Look> {
        let all = self.all();
        let by_host = || all.hosts.get(&host(uri, headers)?.to_ascii_lowercase()).copied();
        let id = below.map(|BelowPrefix(id)| id).or_else(by_host);
        all.look(id.as_ref(), language(headers))
    }

    /// The origins at which entries of policies can lead to a page (SYN-36).
    pub fn origins(&self) -> Vec<String> {
        let all = self.all();
        let looks = all.portals.values().map(|portal| portal.look(Language::English));
        let counted = looks.filter(|look| look.portal.published || look.portal.id == all.default_id);
        counted.map(|look| look.place.origin.clone()).collect()
    }

    fn all(&self) -> Arc<All> {
        Arc::clone(&self.all.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl All {
    async fn read(store: &Store, config: &Config) -> anyhow::Result<Self> {
        let provider = store.provider().await?.context("the table provider has no row")?;
        let groups = store.portal_groups().await?.into_iter().map(|group| (group.key, group.permissions.0)).collect();
        let (groups, departments) = (Arc::new(groups), Arc::new(departments(store).await?));
        let (mut portals, mut hosts, mut prefixes) = (HashMap::new(), HashMap::new(), HashMap::new());
        let mut default = None;
        for portal in store.portals().await? {
            let id = portal.id;
            let place = match &portal.prefix {
                Some(prefix) if !portal.is_default => config.places().portal(prefix, portal.domain.as_deref()),
                Some(_) | None => config.places().default_portal(),
            };
            let is_default = portal.is_default;
            hosts.extend(place.own_host.iter().map(|host| (host.to_ascii_lowercase(), id)));
            prefixes.extend(portal.prefix.iter().map(|prefix| (prefix.clone(), id)));
            let logo = match &portal.design.0.logo {
                Some(name) => store.icon(&name.parse()?).await?.map(|icon| icon.png.into()),
                None => None,
            };
            let look =
                Look::new(provider.clone(), portal, (Arc::clone(&groups), Arc::clone(&departments)), place, logo);
            let looks = InLanguages(look.in_languages().map(Arc::new).collect());
            default = default.or_else(|| is_default.then(|| looks.clone()));
            portals.insert(id, looks);
        }
        let organizations = store.portals_of_organizations().await?.into_iter().collect();
        let default = default.context("the table portal has no row")?;
        let default_id = default.look(Language::English).portal.id;
        Ok(Self { default_id, default, portals, hosts, prefixes, organizations })
    }

    fn portal_of(&self, id: OrganizationId) -> Option<PortalId> {
        self.organizations.get(&id).copied().unwrap_or(Some(self.default_id))
    }

    fn is_published(&self, portal: Option<PortalId>) -> bool {
        portal.is_some_and(|id| self.look(Some(&id), Language::English).portal.published)
    }

    fn look(&self, id: Option<&PortalId>, language: Language) -> Arc<Look> {
        id.and_then(|id| self.portals.get(id)).unwrap_or(&self.default).look(language)
    }
}

impl InLanguages {
    fn look(&self, language: Language) -> Arc<Look> {
        let at = Language::VARIANTS.iter().position(|known| *known == language).unwrap_or_default();
        Arc::clone(&self.0[at])
    }
}

/// The departments that tickets can be sent to.
async fn departments(store: &Store) -> anyhow::Result<Departments> {
    let active = store.departments().await?.into_iter().filter(|row| row.active);
    let facts = active.map(|row| DepartmentFacts {
        id: row.id,
        name: row.name,
        is_default: row.is_default,
        auto_invite: row.auto_invite,
        address_key: row.address_key,
    });
    Ok(Departments(facts.collect()))
}

/// The language that its reader has chosen, else the best one that their browser asks for.
fn language(headers: &HeaderMap) -> Language {
    let chosen = cookie(headers, LANGUAGE_COOKIE).and_then(|name| name.parse().ok());
    let asked = || headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()).map(Language::accepted);
    chosen.or_else(asked).unwrap_or_default()
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
