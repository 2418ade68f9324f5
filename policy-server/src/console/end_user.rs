//! `/console/end-users/{end_user}`: one person who works with managed computers.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};
use serde::Deserialize;

use super::{
    assets::{Line, lines},
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    languages::Languages,
    layout::{self, Done, Layout, Section},
    organizations::filled,
};
use crate::{
    api,
    app::{App, SharedApp},
    changes::{
        self,
        end_users::{self, EndUserChange},
        fields::Wish,
        os_logins::{self, NewOsLogin},
        portal_user_steps,
        portal_users::{self, PortalUserChange, WantedState},
    },
    domain::{
        ids::{EndUserId, OsLoginId, SiteId},
        portal_user::PortalUserState,
        role::Permission,
    },
    portal::pages::{PageFailed, page},
    problems::Refused,
    store::{EndUser, Organization, OsLogin, PageRequest, PortalUser, Site, lists::AssetFilter},
};

/// The most of what one person has that a page shows.
const SHOWN: PageRequest = PageRequest { after: None, limit: 200 };

#[derive(Template)]
#[template(path = "console/end_user.html")]
struct EndUserPage {
    layout: Layout,
    may_work: bool,
    end_user: EndUser,
    organization: Organization,
    portal_user: Option<PortalUser>,
    logins: Vec<OsLogin>,
    assets: Vec<Line>,
    sites: Vec<Site>,
    /// What the choice of a language has.
    languages: Languages,
    /// The others who have the same address (decision C11).
    same_address: Vec<EndUser>,
    errors: FormErrors,
}

impl EndUserPage {
    fn is_at(&self, id: &SiteId) -> bool {
        self.end_user.site_id == Some(*id)
    }

    fn site(&self) -> Option<&Site> {
        self.sites.iter().find(|site| self.is_at(&site.id))
    }

    /// Which invitation can be sent: the form's value and the button.
    fn invitation(&self) -> Option<(&'static str, &'static str)> {
        match self.portal_user.as_ref().map(|row| row.state) {
            None | Some(PortalUserState::Enabled) => Some(("invited", "Invite to the portal")),
            Some(PortalUserState::Invited | PortalUserState::Expired) => Some(("invited_again", "Invite again")),
            Some(PortalUserState::Active | PortalUserState::Deactivated) => None,
        }
    }

    fn is_deactivated(&self) -> bool {
        self.portal_user.as_ref().is_some_and(|row| row.state == PortalUserState::Deactivated)
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct SentEndUser {
    name: String,
    #[serde(default)]
    email: String,
    #[serde(default)]
    phone: String,
    /// An id, or empty for none.
    #[serde(default)]
    site_id: String,
    /// A tag, or empty for that of the MSP.
    #[serde(default)]
    language: String,
    #[serde(default)]
    external_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentLogin {
    #[serde(rename = "login_name")]
    name: String,
    #[serde(rename = "login_domain", default)]
    domain: String,
    #[serde(rename = "login_os_id", default)]
    os_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentState {
    state: Wanted,
}

/// What staff want of a portal user.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Wanted {
    Enabled,
    Deactivated,
    Invited,
    InvitedAgain,
}

/// The end user.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    end_user(&app, &signed_in, id, StatusCode::OK, &done, FormErrors::default()).await
}

/// Changes name, addresses, telephone or site.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
    Sent(sent): Sent<SentEndUser>,
) -> Result<Response, PageFailed> {
    let change = EndUserChange {
        name: Some(sent.name),
        email: filled(sent.email).map_or(Wish::Clear, Wish::Set),
        phone: filled(sent.phone).map_or(Wish::Clear, Wish::Set),
        site_id: sent.site_id.parse().map_or(Wish::Clear, Wish::Set),
        language: sent.language.parse().map_or(Wish::Clear, Wish::Set),
        external_id: filled(sent.external_id).map_or(Wish::Clear, Wish::Set),
        portal_access: None,
    };
    after(&app, &signed_in, id, "", end_users::change(&app, &signed_in.actor(), id, change).await).await
}

/// What is kept of them, as a file.
pub(super) async fn personal_data(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
) -> Result<Response, PageFailed> {
    let found = match api::personal_data::load(&app, id).await {
        Ok(found) => found,
        Err(Refused::Failed(cause)) => return Err(cause.into()),
        Err(Refused::Problem(_)) => return layout::missing(&app, &signed_in, "end user"),
    };
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"personal-data.json\""),
    ];
    Ok((headers, serde_json::to_string_pretty(&found)?).into_response())
}

/// Replaces what is kept of them, for good.
pub(super) async fn erase(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, "", changes::personal_data::erase(&app, &signed_in.actor(), id).await).await
}

/// Says that a login is this person.
pub(super) async fn add_login(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
    Sent(sent): Sent<SentLogin>,
) -> Result<Response, PageFailed> {
    let new = NewOsLogin { name: sent.name, domain: sent.domain, os_id: sent.os_id };
    after(&app, &signed_in, id, "login_", os_logins::make(&app, &signed_in.actor(), id, new).await).await
}

/// Takes a login away.
pub(super) async fn remove_login(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path((id, login)): Path<(EndUserId, OsLoginId)>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, "", os_logins::remove(&app, &signed_in.actor(), login).await).await
}

/// Enables this person for the tray, invites them to the portal, or shuts them out.
pub(super) async fn set_portal_user(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EndUserId>,
    Sent(SentState { state }): Sent<SentState>,
) -> Result<Response, PageFailed> {
    let actor = signed_in.actor();
    let state_of = |state| PortalUserChange { state: Some(state), ..PortalUserChange::default() };
    let changed = match (state, app.store.portal_user_of(id).await?) {
        (Wanted::Invited, _) => portal_user_steps::invite_end_user(&app, &actor, id).await,
        (Wanted::InvitedAgain, Some(row)) => portal_user_steps::invite_again(&app, &actor, row.id).await,
        (Wanted::Deactivated, Some(row)) => {
            portal_users::change(&app, &actor, row.id, state_of(WantedState::Deactivated)).await
        }
        (Wanted::Enabled, Some(row)) => {
            portal_users::change(&app, &actor, row.id, state_of(WantedState::Enabled)).await
        }
        (Wanted::Enabled | Wanted::Deactivated | Wanted::InvitedAgain, None) => {
            portal_users::enable_for_tray(&app, &actor, id).await
        }
    };
    after(&app, &signed_in, id, "", changed).await
}

async fn after<T>(
    app: &App,
    signed_in: &SignedIn,
    id: EndUserId,
    fields: &str,
    changed: Result<T, Refused>,
) -> Result<Response, PageFailed> {
    match Outcome::of(changed)? {
        Outcome::Done(_) => Ok(see(&format!("/console/end-users/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            end_user(app, signed_in, id, status, &Done::default(), errors.under(fields)).await
        }
    }
}

async fn end_user(
    app: &App,
    signed_in: &SignedIn,
    id: EndUserId,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(end_user) = app.store.end_user(id).await? else {
        return layout::missing(app, signed_in, "end user");
    };
    let Some(organization) = app.store.organization(end_user.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let filter = AssetFilter { end_user: Some(id), ..AssetFilter::default() };
    let shown = EndUserPage {
        layout: Layout::load(app, signed_in, Section::Organizations).with_note(done),
        may_work: signed_in.may(Permission::Work),
        organization,
        portal_user: app.store.portal_user_of(id).await?,
        logins: app.store.os_logins_of(id, SHOWN).await?.items,
        assets: lines(app, app.store.asset_lines(&filter, SHOWN).await?.items),
        sites: app.store.sites_of(end_user.organization_id).await?,
        languages: Languages::or_the_msps(app, end_user.language),
        same_address: app.store.end_users_with_address_of(&end_user).await?,
        end_user,
        errors,
    };
    page(status, &shown)
}
