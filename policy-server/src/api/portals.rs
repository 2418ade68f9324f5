//! `/api/v1/portals`: what end users see and whether they do.

use axum::{Json, extract::State};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    answers::Tagged,
    caller::Caller,
    lists::{Asked, ListAnswer, PlainList},
    paths::Path,
    preconditions::IfMatch,
};
use crate::{
    app::SharedApp,
    changes::portals::{self, PortalChange},
    domain::{department::AutoInvite, ids::PortalId, portal_user::InvitationBrings},
    json_body::JsonBody,
    problems::Refused,
    store::{Page, Portal},
};

#[derive(Serialize, JsonSchema)]
pub(super) struct PortalJson {
    id: PortalId,
    display_name: String,
    primary_color: String,
    accent_color: String,
    published: bool,
    /// Whether it is more than the form that the tray opens.
    access: bool,
    /// Whether whoever has asked for help before can become a portal user by themselves.
    self_sign_up: bool,
    /// What an invitation brings.
    invitation_brings: InvitationBrings,
    /// Which departments invite whoever becomes an end user by a request there.
    auto_invite: AutoInvite,
}

impl From<Portal> for PortalJson {
    fn from(row: Portal) -> Self {
        Self {
            id: row.id,
            display_name: row.display_name,
            primary_color: row.primary_color,
            accent_color: row.accent_color,
            published: row.published,
            access: row.access,
            self_sign_up: row.self_sign_up,
            invitation_brings: row.invitation_brings,
            auto_invite: row.auto_invite,
        }
    }
}

pub(super) async fn list(
    State(app): State<SharedApp>,
    Asked(list): Asked<PlainList>,
) -> Result<Json<ListAnswer<PortalJson>>, Refused> {
    list.page()?;
    // One server has one portal.
    let page = Page { items: vec![app.portal().await?], next: None };
    Ok(ListAnswer::new(page, PortalJson::from))
}

pub(super) async fn show(
    State(app): State<SharedApp>,
    Path(id): Path<PortalId>,
) -> Result<Tagged<PortalJson>, Refused> {
    let row = app.store.portal(id).await?;
    row.map(Tagged::of).ok_or_else(|| Refused::not_found("portal"))
}

pub(super) async fn change(
    State(app): State<SharedApp>,
    Caller(actor): Caller,
    Path(id): Path<PortalId>,
    IfMatch(expected): IfMatch,
    JsonBody(change): JsonBody<PortalChange>,
) -> Result<Tagged<PortalJson>, Refused> {
    Ok(Tagged::of(portals::change(&app, &actor, expected.of(id), change).await?))
}
