//! End users: the people who work with managed computers.

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
        contact::{self, MAX_NAME},
        ids::{EndUserId, OrganizationId},
        search::search_key,
    },
    problems::Refused,
    store::EndUser,
};

/// A new end user.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEndUser {
    /// Whose.
    pub organization_id: OrganizationId,
    /// Their name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Their address; others may have the same (decision C11).
    pub email: Option<String>,
    /// Where they can be called.
    pub phone: Option<String>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EndUserChange {
    /// Their name.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Wish<String>,
    /// Where they can be called.
    #[serde(default)]
    pub phone: Wish<String>,
}

/// Makes an end user.
pub async fn make(app: &App, actor: &Actor, new: NewEndUser) -> Result<EndUser, Refused> {
    let mut fields = Fields::default();
    let row = EndUser {
        id: EndUserId(app.new_id()),
        organization_id: new.organization_id,
        search_key: search_key(&[&new.name, new.email.as_deref().unwrap_or_default()]),
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        phone: fields.check_optional("/phone", new.phone, contact::phone),
        created_at: app.now(),
    };
    fields.done()?;
    let record = record(app, actor, AuditAction::EndUserMade, row.id.0, &json!({}));
    app.store.insert_end_user(row.clone(), record).await?;
    Ok(row)
}

/// Changes an end user; the menus that show the name follow.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<EndUserId>>,
    change: EndUserChange,
) -> Result<EndUser, Refused> {
    let Seen { id, expected } = seen.into();
    let saved = app.store.change_end_user(id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
        }
        fields.change_optional("/email", &mut row.email, change.email, contact::email);
        fields.change_optional("/phone", &mut row.phone, change.phone, contact::phone);
        fields.done()?;
        row.search_key = search_key(&[&row.name, row.email.as_deref().unwrap_or_default()]);
        Ok::<_, Refused>(record(app, actor, AuditAction::EndUserChanged, id.0, &json!({})))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("end user"))?;
    for asset in app.store.assets_of_end_user(id).await? {
        app.fleet.reload_asset(&app.store, asset).await?;
    }
    Ok(row)
}

/// The end user with this id.
pub async fn end_user(app: &App, id: EndUserId) -> Result<EndUser, Refused> {
    app.store.end_user(id).await?.ok_or_else(|| Refused::not_found("end user"))
}
