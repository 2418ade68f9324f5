//! End users: the people who work with managed computers.

use serde::Deserialize;
use serde_json::json;

use super::{
    fields::{Fields, Wish},
    record,
    sites::change_site,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact,
        ids::{EndUserId, OrganizationId, SiteId},
        search::search_key,
    },
    problems::Refused,
    store::EndUser,
};

/// A new end user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewEndUser {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Their name.
    pub name: String,
    /// Their address; others may have the same (decision C11).
    pub email: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
    /// Where they work, if it is known: a site of the organization.
    pub site_id: Option<SiteId>,
    /// What the MSP's other program calls them, if it does.
    pub external_id: Option<String>,
}

/// What may change.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EndUserChange {
    /// Their name.
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Wish<String>,
    /// Where they can be called.
    #[serde(default)]
    pub phone: Wish<String>,
    /// Where they work: a site of the organization.
    #[serde(default)]
    pub site_id: Wish<SiteId>,
    /// What the MSP's other program calls them.
    #[serde(default)]
    pub external_id: Wish<String>,
}

/// Makes an end user.
pub async fn make(app: &App, actor: &Actor, new: NewEndUser) -> Result<EndUser, Refused> {
    let mut fields = Fields::default();
    let mut row = EndUser {
        id: EndUserId(app.new_id()),
        organization_id: new.organization_id,
        search_key: search_key(&[&new.name, new.email.as_deref().unwrap_or_default()]),
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        phone: fields.check_optional("/phone", new.phone, contact::phone),
        site_id: None,
        external_id: fields.check_optional("/external_id", new.external_id, contact::external_id),
        created_at: app.now(),
    };
    fields.done()?;
    change_site(app, row.organization_id, &mut row.site_id, new.site_id.map_or(Wish::Keep, Wish::Set)).await?;
    let record = record(app, actor, AuditAction::EndUserMade, row.id.0, &json!({}));
    app.store.insert_end_user(row.clone(), record).await?;
    Ok(row)
}

/// Changes an end user; the menus that show the name follow.
pub async fn change(app: &App, actor: &Actor, id: EndUserId, change: EndUserChange) -> Result<EndUser, Refused> {
    let mut row = end_user(app, id).await?;
    let mut fields = Fields::default();
    if let Some(name) = change.name {
        row.name = fields.check("/name", &name, contact::name);
    }
    fields.change_optional("/email", &mut row.email, change.email, contact::email);
    fields.change_optional("/phone", &mut row.phone, change.phone, contact::phone);
    fields.change_optional("/external_id", &mut row.external_id, change.external_id, contact::external_id);
    fields.done()?;
    change_site(app, row.organization_id, &mut row.site_id, change.site_id).await?;
    row.search_key = search_key(&[&row.name, row.email.as_deref().unwrap_or_default()]);
    let record = record(app, actor, AuditAction::EndUserChanged, row.id.0, &json!({}));
    app.store.save_end_user(row.clone(), record).await?;
    for asset in app.store.assets_of_end_user(id).await? {
        app.fleet.reload_asset(&app.store, asset).await?;
    }
    Ok(row)
}

/// The end user with this id.
pub async fn end_user(app: &App, id: EndUserId) -> Result<EndUser, Refused> {
    app.store.end_user(id).await?.ok_or_else(|| Refused::not_found("end user"))
}
