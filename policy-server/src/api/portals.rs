//! `/api/v1/portals`: what end users see, where, and whether they do.

use axum::{Json, extract::State};
use deskbell_protocol::UnixMillis;
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::{Made, Tagged},
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::{App, SharedApp},
    changes::portals::{self, NewPortal, PortalChange},
    domain::{
        department::AutoInvite,
        ids::{OrganizationId, PortalId},
        portal_design::{ColorMode, HomeSection, PortalDesign, PortalMenuEntry},
        portal_user::InvitationBrings,
        website::CheckInFields,
    },
    json_body::JsonBody,
    problems::Refused,
    store::{Page, Portal, PortalVersion, Revised as _},
};

/// The most publications that are told.
const MOST_VERSIONS: u64 = 100;

#[derive(Serialize, JsonSchema)]
#[expect(clippy::struct_excessive_bools, reason = "switches, of which each is one")]
pub(super) struct PortalJson {
    id: PortalId,
    /// What staff call it.
    name: String,
    /// Where it is.
    url: String,
    /// Whether it is the one at `public_url`, of which there is one.
    is_default: bool,
    prefix: Option<String>,
    domain: Option<String>,
    published: bool,
    /// Whether it is more than the form that the tray opens.
    access: bool,
    /// Whether whoever has asked for help before can become a portal user by themselves.
    self_sign_up: bool,
    /// What an invitation brings.
    invitation_brings: InvitationBrings,
    /// Which departments invite whoever becomes an end user by a request there.
    auto_invite: AutoInvite,
    /// Where customers give a new card or pay.
    payment_update_url: Option<String>,
    /// The origins of your website, which may sign people in and show the check-in form in a frame.
    embed_origins: Vec<String>,
    /// What the check-in form asks.
    embed_fields: CheckInFields,
    /// Whose the tickets of the check-in form are; absent: there is no such form.
    embed_organization_id: Option<OrganizationId>,
    /// Counts what was published, from 1.
    version: i64,
    display_name: String,
    color_mode: ColorMode,
    primary_color: String,
    accent_color: String,
    logo: Option<String>,
    homepage_url: Option<String>,
    welcome: String,
    home: Vec<HomeSection>,
    menu: Vec<PortalMenuEntry>,
    /// What is not published yet.
    draft: Option<PortalDesign>,
}

#[derive(Serialize, JsonSchema)]
#[schemars(rename = "PortalVersion")]
pub(super) struct VersionJson {
    version: i64,
    design: PortalDesign,
    published_at: UnixMillis,
    published_by: String,
}

impl PortalJson {
    fn of(app: &App, row: Portal) -> Self {
        let PortalDesign {
            display_name,
            color_mode,
            primary_color,
            accent_color,
            logo,
            homepage_url,
            welcome,
            home,
            menu,
        } = row.design.0;
        Self {
            url: app.looks.of(row.id).url("/"),
            id: row.id,
            name: row.name,
            is_default: row.is_default,
            prefix: row.prefix,
            domain: row.domain,
            published: row.published,
            access: row.access,
            self_sign_up: row.self_sign_up,
            invitation_brings: row.invitation_brings,
            auto_invite: row.auto_invite,
            payment_update_url: row.payment_update_url,
            embed_origins: row.embed_origins.0,
            embed_fields: row.embed_fields,
            embed_organization_id: row.embed_organization_id,
            version: row.version,
            display_name,
            color_mode,
            primary_color,
            accent_color,
            logo,
            homepage_url,
            welcome,
            home,
            menu,
            draft: row.draft.map(|draft| draft.0),
        }
    }
}

impl From<PortalVersion> for VersionJson {
    fn from(row: PortalVersion) -> Self {
        let PortalVersion { version, design, published_at, published_by, .. } = row;
        Self { version, design: design.0, published_at, published_by }
    }
}

fn tagged(app: &App, row: Portal) -> Tagged<PortalJson> {
    Tagged { tag: row.revision(), body: PortalJson::of(app, row) }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<PortalJson>>, Refused> {
    let page = app.store.portal_page(list.page()?).await?;
    Ok(ListAnswer::new(page, |row| PortalJson::of(&app, row)))
}

pub(super) async fn make(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    JsonBody(new): JsonBody<NewPortal>,
) -> Result<Made<Tagged<PortalJson>>, Refused> {
    Ok(Made(tagged(&app, portals::make(&app, &actor, new).await?)))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<PortalId>,
) -> Result<Tagged<PortalJson>, Refused> {
    let row = app.store.portal(id).await?;
    row.map(|row| tagged(&app, row)).ok_or_else(|| Refused::not_found("portal"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<PortalChange>,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(tagged(&app, portals::change(&app, &actor, expected.of(id), change).await?))
}

pub(super) async fn remove(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
) -> Result<Json<PortalJson>, Refused> {
    let row = portals::remove(&app, &actor, expected.of(id)).await?;
    Ok(Json(PortalJson::of(&app, row)))
}

pub(super) async fn save_draft(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
    JsonBody(draft): JsonBody<PortalDesign>,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(tagged(&app, portals::save_draft(&app, &actor, expected.of(id), draft).await?))
}

pub(super) async fn drop_draft(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(tagged(&app, portals::drop_draft(&app, &actor, expected.of(id)).await?))
}

pub(super) async fn publish_draft(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(tagged(&app, portals::publish_draft(&app, &actor, expected.of(id)).await?))
}

/// What was published, the newest first, at most 100.
pub(super) async fn versions(
    State(app): State<SharedApp>,
    Path(id): Path<PortalId>,
) -> Result<Json<ListAnswer<VersionJson>>, Refused> {
    app.store.portal(id).await?.ok_or_else(|| Refused::not_found("portal"))?;
    let items = app.store.portal_versions(id, MOST_VERSIONS).await?;
    Ok(ListAnswer::new(Page { items, next: None }, VersionJson::from))
}

pub(super) async fn restore(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path((id, version)): Path<(PortalId, i64)>,
    IfMatch(expected): IfMatch,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(tagged(&app, portals::roll_back(&app, &actor, expected.of(id), version).await?))
}
