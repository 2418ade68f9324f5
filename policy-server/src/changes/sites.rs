//! Sites: where organizations are.

use deskbell_protocol::ProblemKind;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    record,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::{OrganizationId, SiteId},
        search::search_key,
    },
    problems::Refused,
    store::{Site, StoreError, sites::SiteRemoval},
};

/// A new site.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSite {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Its name, which no other of the organization has.
    pub name: String,
    /// The address, perhaps in several lines.
    #[serde(default)]
    pub address: String,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteChange {
    /// Its name, which no other of the organization has.
    pub name: Option<String>,
    /// The address, perhaps in several lines.
    pub address: Option<String>,
}

/// Makes a site.
pub async fn make(app: &App, actor: &Actor, new: NewSite) -> Result<Site, Refused> {
    let mut fields = Fields::default();
    let row = Site {
        id: SiteId(app.new_id()),
        organization_id: new.organization_id,
        name_key: search_key(&[&new.name]),
        name: fields.check("/name", &new.name, contact::name),
        address: fields.check("/address", &new.address, contact::address),
        created_at: app.now(),
    };
    fields.done()?;
    let detail = json!({"organization_id": row.organization_id});
    let record = record(app, actor, AuditAction::SiteMade, row.id.0, &detail);
    app.store.insert_site(row.clone(), record).await.map_err(taken)?;
    Ok(row)
}

/// Changes a site.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<SiteId>>,
    change: SiteChange,
) -> Result<Site, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_site(id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name_key = search_key(&[&name]);
            row.name = fields.check("/name", &name, contact::name);
        }
        if let Some(address) = change.address {
            row.address = fields.check("/address", &address, contact::address);
        }
        fields.done()?;
        Ok::<_, SiteFault>(record(app, actor, AuditAction::SiteChanged, id.0, &json!({})))
    });
    saved.await.map_err(|fault| fault.0)?.ok_or_else(|| Refused::not_found("site"))
}

/// Removes a site where neither end users nor assets are, and answers with what it was.
pub async fn remove(app: &App, actor: &Actor, id: SiteId) -> Result<Site, Refused> {
    let row = site(app, id).await?;
    let detail = json!({"organization_id": row.organization_id});
    let record = record(app, actor, AuditAction::SiteRemoved, row.id.0, &detail);
    match app.store.delete_site(id, record).await? {
        SiteRemoval::Removed => Ok(row),
        SiteRemoval::Missing => Err(Refused::not_found("site")),
        SiteRemoval::InUse => {
            let why = "End users or assets are at this site, perhaps retired ones. Give them another site first.";
            Err(Refused::new(ProblemKind::Conflict, why))
        }
    }
}

/// The site with this id.
pub async fn site(app: &App, id: SiteId) -> Result<Site, Refused> {
    app.store.site(id).await?.ok_or_else(|| Refused::not_found("site"))
}

/// Where somebody or something of an organization is wished to be.
pub(super) struct WishedSite(Wish<Site>);

/// Looks a wished site up.
pub(super) async fn wished_site(app: &App, wish: Wish<SiteId>) -> Result<WishedSite, Refused> {
    Ok(WishedSite(match wish {
        Wish::Keep => Wish::Keep,
        Wish::Clear => Wish::Clear,
        Wish::Set(id) => Wish::Set(app.store.site(id).await?.ok_or_else(no_such_site)?),
    }))
}

impl WishedSite {
    /// Puts it in its place, if it is a site of this organization.
    pub(super) fn put(self, organization: OrganizationId, field: &mut Option<SiteId>) -> Result<(), Refused> {
        match self.0 {
            Wish::Keep => {}
            Wish::Clear => *field = None,
            Wish::Set(site) if site.organization_id == organization => *field = Some(site.id),
            Wish::Set(_) => return Err(no_such_site()),
        }
        Ok(())
    }
}

fn no_such_site() -> Refused {
    Refused::field("/site_id", "names no site of this organization")
}

/// Why a change of a site is refused: of what the store says, a taken name belongs to its field.
struct SiteFault(Refused);

impl From<StoreError> for SiteFault {
    fn from(error: StoreError) -> Self {
        Self(taken(error))
    }
}

impl From<Refused> for SiteFault {
    fn from(refused: Refused) -> Self {
        Self(refused)
    }
}

fn taken(error: StoreError) -> Refused {
    match error {
        StoreError::Taken => Refused::field("/name", "is the name of another site of this organization"),
        other => other.into(),
    }
}
