//! Organizations: the MSP's customers.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{AttachPolicy, Fields, Wish},
    record,
    removal::NotRemoved,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        contact::{self, MAX_NAME},
        ids::{OrganizationId, PortalId},
        search::search_key,
    },
    problems::Refused,
    store::Organization,
};

/// A new organization.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Contoso", "email": "it@contoso.example"}]))]
#[serde(deny_unknown_fields)]
pub struct NewOrganization {
    /// Its name, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// Its address, if it has one.
    pub email: Option<String>,
    /// What the MSP's other program calls it, if it does.
    pub external_id: Option<String>,
    /// Which portal it has; absent: the one at `public_url`.
    pub portal_id: Option<PortalId>,
}

/// What may change.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"email": null}]))]
#[serde(deny_unknown_fields)]
pub struct OrganizationChange {
    /// Its name, which no other has.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// Its address.
    #[serde(default)]
    pub email: Wish<String>,
    /// What the MSP's other program calls it.
    #[serde(default)]
    pub external_id: Wish<String>,
    /// Which portal it has; null: the one at `public_url`.
    #[serde(default)]
    pub portal_id: Wish<PortalId>,
    /// Whether it has a portal at all (RES-04).
    pub portal_available: Option<bool>,
}

/// Makes an organization.
pub async fn make(app: &App, actor: &Actor, new: NewOrganization) -> Result<Organization, Refused> {
    let mut fields = Fields::default();
    let row = Organization {
        id: OrganizationId(app.new_id()),
        search_key: search_key(&[&new.name]),
        name: fields.check("/name", &new.name, contact::name),
        email: fields.check_optional("/email", new.email, contact::email),
        policy_id: None,
        external_id: fields.check_optional("/external_id", new.external_id, contact::external_id),
        portal_id: new.portal_id,
        portal_available: true,
        link_enabled: true,
        link_generation: 1,
        created_at: app.now(),
    };
    has_portal(app, &mut fields, new.portal_id).await?;
    fields.done()?;
    let record = record(app, actor, AuditAction::OrganizationMade, row.id.0, &json!({}));
    app.store.insert_organization(row.clone(), record).await?;
    app.catch_up().await;
    Ok(row)
}

/// Changes an organization.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<OrganizationId>>,
    change: OrganizationChange,
) -> Result<Organization, Refused> {
    let seen = seen.into();
    let action = AuditAction::OrganizationChanged;
    let mut fields = Fields::default();
    if let Wish::Set(id) = change.portal_id {
        has_portal(app, &mut fields, Some(id)).await?;
    }
    save(app, actor, action, seen, |row| {
        if let Some(name) = change.name {
            row.name = fields.check("/name", &name, contact::name);
            row.search_key = search_key(&[&row.name]);
        }
        fields.change_optional("/email", &mut row.email, change.email, contact::email);
        fields.change_optional("/external_id", &mut row.external_id, change.external_id, contact::external_id);
        match change.portal_id {
            Wish::Keep => {}
            Wish::Clear => row.portal_id = None,
            Wish::Set(id) => row.portal_id = Some(id),
        }
        row.portal_available = change.portal_available.unwrap_or(row.portal_available);
        fields.done()
    })
    .await
}

/// Hangs a policy on an organization, or takes it away.
pub async fn attach_policy(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<OrganizationId>>,
    attach: AttachPolicy,
) -> Result<Organization, Refused> {
    let seen = seen.into();
    let policy_id = attach.checked(app).await?;
    let action = AuditAction::OrganizationPolicyAttached;
    save(app, actor, action, seen, |row| {
        row.policy_id = policy_id;
        Ok(())
    })
    .await
}

/// Removes an organization of which nothing is kept.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<OrganizationId>>) -> Result<Organization, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_organization(id, |row| {
        expected.check(row)?;
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::OrganizationRemoved, id.0, &json!({"name": row.name})))
    });
    let needed = "This organization has end users, assets, tickets, sites, folders, enrollment tokens or billing documents, \
                  retired and revoked ones too. Only one of which nothing is kept can be removed.";
    let row = removed.await.map_err(|error| error.because(needed))?;
    let row = row.ok_or_else(|| Refused::not_found("organization"))?;
    app.catch_up().await;
    Ok(row)
}

/// The organization with this id.
pub async fn organization(app: &App, id: OrganizationId) -> Result<Organization, Refused> {
    app.store.organization(id).await?.ok_or_else(|| Refused::not_found("organization"))
}

async fn has_portal(app: &App, fields: &mut Fields, id: Option<PortalId>) -> Result<(), Refused> {
    if let Some(id) = id
        && app.store.portal(id).await?.is_none()
    {
        fields.fault("/portal_id", "names no portal".into());
    }
    Ok(())
}

async fn save(
    app: &App,
    actor: &Actor,
    action: AuditAction,
    Seen { id, expected }: Seen<OrganizationId>,
    change: impl FnOnce(&mut Organization) -> Result<(), Refused> + Send,
) -> Result<Organization, Refused> {
    let saved = app.store.change_organization(id, |row| {
        expected.check(row)?;
        change(row)?;
        Ok::<_, Refused>(record(
            app,
            actor,
            action,
            id.0,
            &json!({"policy_id": row.policy_id, "portal_id": row.portal_id, "portal_available": row.portal_available}),
        ))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("organization"))?;
    app.catch_up().await;
    Ok(row)
}
