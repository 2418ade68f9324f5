//! `/console/portal-users/{portal_user}`: one of those who may come in: as whom, with which password, and what they see.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    languages::Languages,
    layout::{self, Done, Layout, Section},
    organizations::filled,
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        fields::Wish,
        portal_user_batch::BatchStep,
        portal_users::{self, NewPortalUser, PortalUserChange},
    },
    domain::{
        ids::{EndUserId, OrganizationId, PortalUserId},
        portal_user::{GroupKey, PortalUserState},
        role::Permission,
        staff::MIN_PASSWORD,
    },
    portal::pages::{PageFailed, page},
    store::{EndUser, Organization, PageRequest, PortalGroup, PortalUser},
};

/// The most end users that a choice shows.
const CHOICES: PageRequest = PageRequest { after: None, limit: 500 };

#[derive(Template)]
#[template(path = "console/portal_user.html")]
struct PortalUserPage {
    layout: Layout,
    may_work: bool,
    portal_user: PortalUser,
    organization: Organization,
    /// Whom it can be for.
    end_users: Vec<EndUser>,
    groups: Vec<PortalGroup>,
    /// What the choice of a language has.
    languages: Languages,
    since: String,
    /// What a password must be.
    password_hint: String,
    errors: FormErrors,
}

impl PortalUserPage {
    fn is_for(&self, id: &EndUserId) -> bool {
        self.portal_user.end_user_id == Some(*id)
    }

    /// What can be done to them.
    fn steps(&self) -> &'static [BatchStep] {
        match self.portal_user.state {
            PortalUserState::Enabled => &[BatchStep::Invite, BatchStep::Deactivate],
            PortalUserState::Invited | PortalUserState::Expired => &[BatchStep::InviteAgain, BatchStep::Deactivate],
            PortalUserState::Active => &[BatchStep::Deactivate],
            PortalUserState::Deactivated => &[BatchStep::Reactivate],
        }
    }
}

/// What the form says. Boxes that are not ticked are not sent.
#[derive(Debug, Deserialize)]
pub(super) struct SentPortalUser {
    sign_in_name: String,
    #[serde(default)]
    email: String,
    /// An id, or empty for the organization itself.
    #[serde(default)]
    end_user_id: String,
    /// A tag, or empty for that of the MSP; absent where it is for an end user.
    language: Option<String>,
    #[serde(default)]
    group: Option<GroupKey>,
    is_user: Option<String>,
    is_admin: Option<String>,
    site_only: Option<String>,
}

/// A new one, on the organization's page.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct SentNew {
    #[serde(rename = "portal_user_sign_in_name")]
    pub(super) sign_in_name: String,
    #[serde(rename = "portal_user_email", default)]
    pub(super) email: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentPassword {
    password: String,
}

/// The portal user.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalUserId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    portal_user(&app, &signed_in, id, StatusCode::OK, &done, FormErrors::default()).await
}

/// Changes who it is for, and what they see (RS-22, ZOH-22).
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalUserId>,
    Sent(sent): Sent<SentPortalUser>,
) -> Result<Response, PageFailed> {
    let change = PortalUserChange {
        sign_in_name: Some(sent.sign_in_name),
        email: filled(sent.email).map_or(Wish::Clear, Wish::Set),
        end_user_id: sent.end_user_id.parse().map_or(Wish::Clear, Wish::Set),
        language: match sent.language.as_deref().map(str::parse) {
            None => Wish::Keep,
            Some(Err(_)) => Wish::Clear,
            Some(Ok(language)) => Wish::Set(language),
        },
        group: sent.group,
        is_user: Some(sent.is_user.is_some()),
        is_admin: Some(sent.is_admin.is_some()),
        site_only: Some(sent.site_only.is_some()),
        ..PortalUserChange::default()
    };
    changed(&app, &signed_in, id, change).await
}

/// Sets a password for them (RS-14).
pub(super) async fn set_password(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PortalUserId>,
    Sent(SentPassword { password }): Sent<SentPassword>,
) -> Result<Response, PageFailed> {
    changed(&app, &signed_in, id, PortalUserChange { password: Some(password), ..PortalUserChange::default() }).await
}

/// Adds one for the organization itself (RS-13).
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(typed): Sent<SentNew>,
) -> Result<Response, PageFailed> {
    let new = NewPortalUser {
        organization_id: id,
        end_user_id: None,
        sign_in_name: typed.sign_in_name.clone(),
        email: filled(typed.email.clone()),
        language: None,
        group: None,
        is_user: None,
        is_admin: None,
        site_only: None,
    };
    match Outcome::of(portal_users::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(row) => Ok(see(&path(row.id), "added")),
        Outcome::Again(status, errors) => {
            super::organization::again_with_portal_user(&app, &signed_in, id, status, typed, errors).await
        }
    }
}

async fn changed(
    app: &App,
    signed_in: &SignedIn,
    id: PortalUserId,
    change: PortalUserChange,
) -> Result<Response, PageFailed> {
    match Outcome::of(portal_users::change(app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&path(id), "saved")),
        Outcome::Again(status, errors) => portal_user(app, signed_in, id, status, &Done::default(), errors).await,
    }
}

async fn portal_user(
    app: &App,
    signed_in: &SignedIn,
    id: PortalUserId,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(portal_user) = app.store.portal_user(id).await? else {
        return layout::missing(app, signed_in, "portal user");
    };
    let Some(organization) = app.store.organization(portal_user.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let mut end_users = app.store.found_end_users(organization.id, "", CHOICES).await?.items;
    if let Some(owner) = portal_user.end_user_id.filter(|owner| end_users.iter().all(|row| row.id != *owner)) {
        end_users.extend(app.store.end_user(owner).await?);
    }
    end_users.sort_by_cached_key(|row| row.name.to_lowercase());
    let shown = PortalUserPage {
        layout: Layout::load(app, signed_in, Section::Organizations).with_note(done),
        may_work: signed_in.may(Permission::Work),
        groups: app.store.portal_groups().await?,
        since: portal_user.accepted_at.map(moment).unwrap_or_default(),
        password_hint: format!(
            "At least {MIN_PASSWORD} characters. They can come in with it, are told by mail, and are signed out everywhere."
        ),
        languages: Languages::or_the_msps(app, portal_user.language),
        organization,
        portal_user,
        end_users,
        errors,
    };
    page(status, &shown)
}

fn path(id: PortalUserId) -> String {
    format!("/console/portal-users/{id}")
}
