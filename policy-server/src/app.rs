//! What every handler works with.

use std::sync::{Arc, Mutex};

use crate::{
    attachments::folder::AttachmentFolder,
    clock::Clock,
    config::Config,
    domain::{
        asset::AssetEventKind,
        ids::{AssetEventId, AssetId, PortalId, ProviderId, TicketId},
        language::Language,
        portal_design::PortalDesign,
    },
    fleet::Fleet,
    following::Following,
    limits::Limits,
    metrics::Metrics,
    outbound::Outbound,
    packages::PackageFolder,
    portal::looks::Looks,
    server_key::ServerKey,
    sign_ins::SignIns,
    store::{AssetEvent, Portal, PortalVersion, Provider, Store, StoreError},
    website_limits::WebsiteLimits,
};

use deskbell_protocol::UnixMillis;
use tokio::sync::Notify;
use uuid::{ContextV7, Timestamp, Uuid};

/// The running server's parts.
pub struct App {
    /// What was configured.
    pub config: Config,
    /// `config.origin()`, written once.
    pub origin: String,
    /// The database.
    pub store: Store,
    /// What is derived again instead of being stored.
    pub key: ServerKey,
    /// The content of attachments.
    pub attachments: AttachmentFolder,
    /// The agent's packages.
    pub packages: PackageFolder,
    /// Who tries to sign in to the console.
    pub sign_ins: SignIns,
    /// Who tries to sign in to the portal.
    pub portal_sign_ins: SignIns,
    /// Who has links mailed.
    pub portal_links: SignIns,
    /// What else people can make the server do so often and no oftener.
    pub limits: Limits,
    /// Who sends tickets from websites.
    pub website_limits: WebsiteLimits,
    /// The agents.
    pub fleet: Fleet,
    /// The MSP's name and colors, for each portal.
    pub looks: Looks,
    /// How far both follow the database.
    pub following: Following,
    /// What was counted.
    pub metrics: Metrics,
    /// Where requests to others go out.
    pub outbound: Outbound,
    /// Wakes whoever sends mail.
    pub mails_queued: Notify,
    /// Wakes whoever sends webhooks.
    pub webhooks_queued: Notify,
    /// Wakes whoever brings tickets into the MSP's own ticket system.
    pub transfers_queued: Notify,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Keeps the ids of one millisecond in order.
    ids: Mutex<ContextV7>,
}

/// How handlers hold the app.
pub type SharedApp = Arc<App>;

impl App {
    /// Fills the fleet from the store, and the store with the MSP's own row and its default portal where it is new.
    pub async fn new(config: Config, store: Store, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let app = Self::with_empty_fleet(config, store, clock).await?;
        app.fleet.load(&app.store).await?;
        Ok(app)
    }

    /// The same for a program that answers no agent: of the fleet it has organizations and policies, and no asset.
    pub async fn without_agents(config: Config, store: Store, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let app = Self::with_empty_fleet(config, store, clock).await?;
        app.fleet.reload_tree(&app.store).await?;
        Ok(app)
    }

    async fn with_empty_fleet(config: Config, store: Store, clock: Arc<dyn Clock>) -> anyhow::Result<Self> {
        let ids = Mutex::default();
        ensure_provider(&store, clock.now(), || new_id(&ids, clock.now())).await?;
        let outbound = Outbound::new(config.outbound.clone());
        Ok(Self {
            origin: config.origin(),
            key: ServerKey::open(&config.data.folder)?,
            attachments: AttachmentFolder::open(&config.data.folder)?,
            packages: PackageFolder::at(config.packages_folder()),
            // First, so that what is written while the rest is read is read again.
            following: Following::from(store.last_revision().await?),
            looks: Looks::load(&store, &config).await?,
            store,
            config,
            sign_ins: SignIns::default(),
            portal_sign_ins: SignIns::portal(),
            portal_links: SignIns::mails(),
            limits: Limits::default(),
            website_limits: WebsiteLimits::default(),
            fleet: Fleet::default(),
            metrics: Metrics::default(),
            outbound,
            mails_queued: Notify::new(),
            webhooks_queued: Notify::new(),
            transfers_queued: Notify::new(),
            clock,
            ids,
        })
    }

    /// Now, in whole milliseconds UTC.
    pub fn now(&self) -> UnixMillis {
        self.clock.now()
    }

    /// A new id: a `UUIDv7` of this moment (RFC 9562 §5.7).
    pub fn new_id(&self) -> Uuid {
        new_id(&self.ids, self.now())
    }

    /// A line of an asset's timeline, of this moment.
    pub fn asset_event(&self, asset_id: AssetId, kind: AssetEventKind, detail: String) -> AssetEvent {
        AssetEvent { id: AssetEventId(self.new_id()), asset_id, kind, detail, at: self.now() }
    }

    /// Says that something was written that has to leave the house.
    pub fn wake_outbox(&self) {
        self.mails_queued.notify_one();
        self.webhooks_queued.notify_one();
        self.transfers_queued.notify_one();
    }

    /// The MSP.
    pub async fn provider(&self) -> anyhow::Result<Provider> {
        self.store.provider().await?.ok_or_else(|| anyhow::anyhow!("the table provider has no row"))
    }

    /// The portal at `public_url`.
    pub async fn portal(&self) -> anyhow::Result<Portal> {
        self.store.default_portal().await?.ok_or_else(|| anyhow::anyhow!("the table portal has no row"))
    }

    /// Where staff find a ticket.
    pub fn ticket_url(&self, id: TicketId) -> String {
        format!("{}/console/tickets/{id}", self.origin)
    }

    /// Where a one-time link for staff leads.
    pub fn welcome_url(&self, secret: &str) -> String {
        format!("{}/users/welcome/{secret}", self.origin)
    }

    /// Whether a request's `Host` is that of `public_url` (S5, invariant 16).
    pub fn is_public_host(&self, host: &str) -> bool {
        let ours = self.origin.split_once("://").map_or("", |(_, host)| host);
        host.eq_ignore_ascii_case(ours)
    }
}

fn new_id(ids: &Mutex<ContextV7>, now: UnixMillis) -> Uuid {
    let now = u64::try_from(now).unwrap_or_default();
    let nanoseconds = u32::try_from(now % 1000).unwrap_or_default() * 1_000_000;
    Uuid::new_v7(Timestamp::from_unix(ids, now / 1000, nanoseconds))
}

async fn ensure_provider(store: &Store, now: UnixMillis, new_id: impl Fn() -> Uuid) -> Result<(), StoreError> {
    if store.provider().await?.is_some() {
        return Ok(());
    }
    let portal = Portal::new(PortalId(new_id()), "IT support".into(), None, PortalDesign::default());
    let portal = Portal { is_default: true, ..portal };
    let provider = Provider {
        id: ProviderId(new_id()),
        name: "IT support".into(),
        support_phone: None,
        support_email: None,
        policy_id: None,
        forward_tickets_to: None,
        mail_requesters: false,
        default_language: Language::English,
    };
    let version = PortalVersion {
        portal_id: portal.id,
        version: portal.version,
        design: portal.design.clone(),
        published_at: now,
        published_by: String::new(),
    };
    store.insert_provider_if_new(provider, portal, version).await
}
