//! Portals: made, drafted, published, rolled back; where they are, and whether end users can use them.

use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::json;

use super::{
    expected::Seen,
    fields::{Fields, Wish},
    record,
    removal::NotRemoved,
};
use crate::{
    app::App,
    domain::{
        audit::{Actor, AuditAction},
        billing,
        contact::{self, MAX_NAME},
        department::AutoInvite,
        ids::{OrganizationId, PortalId},
        portal_design::{ColorMode, HomeSection, MAX_MENU, MAX_WELCOME, PortalDesign, PortalMenuEntry},
        portal_place,
        portal_user::InvitationBrings,
        search::search_key,
        website::{self, CheckInFields, MAX_ORIGINS},
    },
    problems::Refused,
    store::{Json, Portal, PortalVersion},
};

/// A new portal.
#[derive(Debug, Deserialize, JsonSchema)]
#[schemars(extend("examples" = [{"name": "Northwind", "prefix": "northwind"}]))]
#[serde(deny_unknown_fields)]
pub struct NewPortal {
    /// What staff call it, which no other portal is called; end users see it, too, until its design says something else.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: String,
    /// The first label of its host below `base_domain`, or its path `/portal/<prefix>/` where no base domain is configured: 3 to 63
    /// of `a-z`, `0-9` and `-` (NAB-02).
    pub prefix: String,
    /// Light, dark, or as the reader's system is.
    #[serde(default)]
    pub color_mode: ColorMode,
}

/// What may change. What is changed of the design is published at once, as another version; a draft stays as it is.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PortalChange {
    /// What staff call it.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub name: Option<String>,
    /// The first label of its host, or its path. The portal at `public_url` needs none.
    #[serde(default)]
    pub prefix: Wish<String>,
    /// A domain of its own, such as `help.northwind.example`.
    #[serde(default)]
    pub domain: Wish<String>,
    /// Whether end users can use it.
    pub published: Option<bool>,
    /// Whether it is more than the form that the tray opens.
    pub access: Option<bool>,
    /// Whether whoever has asked for help before can become a portal user by themselves.
    pub self_sign_up: Option<bool>,
    /// What an invitation brings.
    pub invitation_brings: Option<InvitationBrings>,
    /// Which departments invite whoever becomes an end user by a request there.
    pub auto_invite: Option<AutoInvite>,
    /// Where customers give a new card or pay: an `https` address, to which the two mails about a payment lead.
    #[serde(default)]
    pub payment_update_url: Wish<String>,
    /// The origins of your website, such as `https://www.example.com`: from them the sign-in form signs in, and they may show the
    /// check-in form in a frame. https, or http on the same computer.
    #[schemars(length(max = MAX_ORIGINS))]
    pub embed_origins: Option<Vec<String>>,
    /// What the check-in form asks.
    pub embed_fields: Option<CheckInFields>,
    /// Whose the tickets of the check-in form are: an organization that has this portal. Null: there is no check-in form.
    #[serde(default)]
    pub embed_organization_id: Wish<OrganizationId>,
    /// The name at the top of each page.
    #[schemars(length(min = 1, max = MAX_NAME))]
    pub display_name: Option<String>,
    /// Light, dark, or as the reader's system is.
    pub color_mode: Option<ColorMode>,
    /// The color of the page's head, `#rrggbb`.
    pub primary_color: Option<String>,
    /// The color of what can be chosen, `#rrggbb`.
    pub accent_color: Option<String>,
    /// The name of an uploaded logo.
    #[serde(default)]
    pub logo: Wish<String>,
    /// Where the name at the top leads.
    #[serde(default)]
    pub homepage_url: Wish<String>,
    /// What stands at the top of the home page.
    #[schemars(length(max = MAX_WELCOME))]
    pub welcome: Option<String>,
    /// What stands on the home page.
    pub home: Option<Vec<HomeSection>>,
    /// What stands in the menu.
    #[schemars(length(max = MAX_MENU))]
    pub menu: Option<Vec<PortalMenuEntry>>,
}

impl PortalChange {
    fn design(&mut self, mut design: PortalDesign) -> PortalDesign {
        let put = |wish, field: &mut Option<String>| match wish {
            Wish::Keep => {}
            Wish::Clear => *field = None,
            Wish::Set(value) => *field = Some(value),
        };
        put(std::mem::take(&mut self.logo), &mut design.logo);
        put(std::mem::take(&mut self.homepage_url), &mut design.homepage_url);
        PortalDesign {
            display_name: self.display_name.take().unwrap_or(design.display_name),
            color_mode: self.color_mode.unwrap_or(design.color_mode),
            primary_color: self.primary_color.take().unwrap_or(design.primary_color),
            accent_color: self.accent_color.take().unwrap_or(design.accent_color),
            welcome: self.welcome.take().unwrap_or(design.welcome),
            home: self.home.take().unwrap_or(design.home),
            menu: self.menu.take().unwrap_or(design.menu),
            ..design
        }
    }
}

/// Makes a portal that nobody can use yet (RES-05, RES-06).
pub async fn make(app: &App, actor: &Actor, new: NewPortal) -> Result<Portal, Refused> {
    let mut fields = Fields::default();
    let name = fields.check("/name", &new.name, contact::name);
    let prefix = fields.check("/prefix", &new.prefix, portal_place::prefix);
    fields.done()?;
    let design = PortalDesign { display_name: name.clone(), color_mode: new.color_mode, ..PortalDesign::default() };
    let row = Portal::new(PortalId(app.new_id()), name, Some(prefix), design);
    let record = record(app, actor, AuditAction::PortalMade, row.id.0, &json!({"prefix": row.prefix}));
    app.store.insert_portal(row.clone(), version(app, actor, &row), record).await?;
    app.catch_up().await;
    Ok(row)
}

/// Changes a portal.
pub async fn change(
    app: &App,
    actor: &Actor,
    seen: impl Into<Seen<PortalId>>,
    mut change: PortalChange,
) -> Result<Portal, Refused> {
    let Seen { id, expected } = seen.into();
    if let Wish::Set(logo) = &change.logo {
        uploaded(app, Some(logo)).await?;
    }
    if let Wish::Set(organization) = change.embed_organization_id {
        has_portal(app, organization, id).await?;
    }
    save(app, actor, id, |row| {
        expected.check(row)?;
        let mut fields = Fields::default();
        if let Some(name) = change.name.take() {
            row.name = fields.check("/name", &name, contact::name);
            row.name_key = Some(search_key(&[&row.name]));
        }
        let (prefix, domain) = (std::mem::take(&mut change.prefix), std::mem::take(&mut change.domain));
        if prefix == Wish::Clear && !row.is_default {
            fields.fault("/prefix", "must stay: only the portal at public_url needs none".into());
        }
        if matches!(domain, Wish::Set(_)) && row.is_default {
            fields.fault("/domain", "must stay empty: this portal is at public_url".into());
        }
        fields.change_optional("/prefix", &mut row.prefix, prefix, portal_place::prefix);
        fields.change_optional("/domain", &mut row.domain, domain, portal_place::domain);
        change_website(row, &mut change, &mut fields);
        let before = row.design.clone();
        match change.design(before.0.clone()).checked() {
            Ok(design) => row.design = Json(design),
            Err(faults) => faults.into_iter().for_each(|fault| fields.fault(&fault.pointer, fault.detail)),
        }
        let url = std::mem::take(&mut change.payment_update_url);
        fields.change_optional("/payment_update_url", &mut row.payment_update_url, url, billing::link);
        fields.done()?;
        row.published = change.published.unwrap_or(row.published);
        row.access = change.access.unwrap_or(row.access);
        row.self_sign_up = change.self_sign_up.unwrap_or(row.self_sign_up);
        row.invitation_brings = change.invitation_brings.unwrap_or(row.invitation_brings);
        row.auto_invite = change.auto_invite.unwrap_or(row.auto_invite);
        row.version += i64::from(row.design != before);
        Ok(AuditAction::PortalChanged)
    })
    .await
}

/// Keeps a draft, which end users do not see (RES-15, invariant 18).
pub async fn save_draft(
    app: &App,
    actor: &Actor,
    Seen { id, expected }: Seen<PortalId>,
    draft: PortalDesign,
) -> Result<Portal, Refused> {
    let draft = draft.checked().map_err(Refused::from)?;
    uploaded(app, draft.logo.as_ref()).await?;
    save(app, actor, id, |row| {
        expected.check(row)?;
        row.draft = (draft != row.design.0).then_some(Json(draft));
        Ok(AuditAction::PortalDrafted)
    })
    .await
}

/// Brings the draft to whoever is in the portal with their next request.
pub async fn publish_draft(app: &App, actor: &Actor, Seen { id, expected }: Seen<PortalId>) -> Result<Portal, Refused> {
    save(app, actor, id, |row| {
        expected.check(row)?;
        if let Some(draft) = row.draft.take() {
            row.design = draft;
            row.version += 1;
        }
        Ok(AuditAction::PortalDesignPublished)
    })
    .await
}

/// Forgets the draft.
pub async fn drop_draft(app: &App, actor: &Actor, Seen { id, expected }: Seen<PortalId>) -> Result<Portal, Refused> {
    save(app, actor, id, |row| {
        expected.check(row)?;
        row.draft = None;
        Ok(AuditAction::PortalDrafted)
    })
    .await
}

/// Publishes what an earlier version said, as another one. A draft stays.
pub async fn roll_back(
    app: &App,
    actor: &Actor,
    Seen { id, expected }: Seen<PortalId>,
    version: i64,
) -> Result<Portal, Refused> {
    let earlier = app.store.portal_version(id, version).await?.ok_or_else(|| Refused::not_found("version"))?;
    save(app, actor, id, |row| {
        expected.check(row)?;
        row.version += i64::from(row.design != earlier.design);
        row.design = earlier.design;
        Ok(AuditAction::PortalDesignPublished)
    })
    .await
}

/// Removes a portal that no organization has.
pub async fn remove(app: &App, actor: &Actor, seen: impl Into<Seen<PortalId>>) -> Result<Portal, Refused> {
    let Seen { id, expected } = seen.into();
    let removed = app.store.delete_portal(id, |row| {
        if row.is_default {
            let detail =
                "This is the portal at public_url, which is always there. Take it off the air instead: published = false.";
            return Err(Refused::new(deskbell_protocol::ProblemKind::Conflict, detail).into());
        }
        expected.check(row)?;
        Ok::<_, NotRemoved>(record(app, actor, AuditAction::PortalRemoved, id.0, &json!({"name": row.name})))
    });
    let needed = "Organizations have this portal. Give them another one first.";
    let row = removed.await.map_err(|error| error.because(needed))?;
    let row = row.ok_or_else(|| Refused::not_found("portal"))?;
    app.catch_up().await;
    Ok(row)
}

/// Saves a change, with a version where the published design is another one by it.
async fn save(
    app: &App,
    actor: &Actor,
    id: PortalId,
    change: impl FnOnce(&mut Portal) -> Result<AuditAction, Refused> + Send,
) -> Result<Portal, Refused> {
    let saved = app.store.change_portal(id, |row| {
        let before = row.version;
        let action = change(row)?;
        let detail = json!({
            "published": row.published, "access": row.access, "self_sign_up": row.self_sign_up,
            "invitation_brings": row.invitation_brings, "payment_update_url": row.payment_update_url,
            "version": row.version, "prefix": row.prefix, "domain": row.domain, "auto_invite": row.auto_invite,
            "embed_origins": row.embed_origins, "embed_fields": row.embed_fields,
            "embed_organization_id": row.embed_organization_id,
        });
        let made = (row.version != before).then(|| version(app, actor, row));
        Ok::<_, Refused>((made, record(app, actor, action, id.0, &detail)))
    });
    let row = saved.await?.ok_or_else(|| Refused::not_found("portal"))?;
    app.catch_up().await;
    Ok(row)
}

fn version(app: &App, actor: &Actor, row: &Portal) -> PortalVersion {
    PortalVersion {
        portal_id: row.id,
        version: row.version,
        design: row.design.clone(),
        published_at: app.now(),
        published_by: actor.name().to_owned(),
    }
}

/// What the forms on the MSP's website may, and ask.
fn change_website(row: &mut Portal, change: &mut PortalChange, fields: &mut Fields) {
    if let Some(origins) = change.embed_origins.take() {
        match website::origins(&origins) {
            Ok(origins) => row.embed_origins = Json(origins),
            Err(detail) => fields.fault("/embed_origins", detail),
        }
    }
    row.embed_fields = change.embed_fields.unwrap_or(row.embed_fields);
    match change.embed_organization_id {
        Wish::Keep => {}
        Wish::Clear => row.embed_organization_id = None,
        Wish::Set(id) => row.embed_organization_id = Some(id),
    }
}

/// Refuses an organization that there is not, or that has another portal.
async fn has_portal(app: &App, organization: OrganizationId, portal: PortalId) -> Result<(), Refused> {
    let found = app.store.organization(organization).await?;
    if found.is_some() && app.looks.portal_of(organization) == Some(portal) {
        return Ok(());
    }
    Err(Refused::field("/embed_organization_id", "must be an organization that has this portal"))
}

/// Refuses a logo that nobody has uploaded.
async fn uploaded(app: &App, logo: Option<&String>) -> Result<(), Refused> {
    let absent = || Refused::field("/logo", "must be the name of an uploaded logo");
    let Some(logo) = logo else { return Ok(()) };
    let hash = logo.parse().map_err(|_| absent())?;
    app.store.icon(&hash).await?.map(|_| ()).ok_or_else(absent)
}
