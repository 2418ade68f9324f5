//! Sites: where organizations are.

use deskbell_protocol::ProblemKind;
use serde::Deserialize;
use serde_json::json;

use super::{
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
#[derive(Debug, Deserialize)]
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
#[derive(Debug, Default, Deserialize)]
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
pub async fn change(app: &App, actor: &Actor, id: SiteId, change: SiteChange) -> Result<Site, Refused> {
    let mut row = site(app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name_key = search_key(&[&name]);
        row.name = fields.check("/name", &name, contact::name);
    }
    if let Some(address) = change.address {
        row.address = fields.check("/address", &address, contact::address);
    }
    fields.done()?;
    let record = record(app, actor, AuditAction::SiteChanged, row.id.0, &json!({}));
    app.store.save_site(row.clone(), record).await.map_err(taken)?;
    Ok(row)
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

/// Makes the wished change of where somebody or something of an organization is.
pub(super) async fn change_site(
    app: &App,
    organization: OrganizationId,
    field: &mut Option<SiteId>,
    wish: Wish<SiteId>,
) -> Result<(), Refused> {
    match wish {
        Wish::Keep => {}
        Wish::Clear => *field = None,
        Wish::Set(id) => {
            let found = app.store.site(id).await?.filter(|site| site.organization_id == organization);
            let site = found.ok_or_else(|| Refused::field("/site_id", "names no site of this organization"))?;
            *field = Some(site.id);
        }
    }
    Ok(())
}

fn taken(error: StoreError) -> Refused {
    match error {
        StoreError::Taken => Refused::field("/name", "is the name of another site of this organization"),
        other => other.into(),
    }
}
