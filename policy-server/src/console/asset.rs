//! `/console/assets/{asset}`: one managed computer.

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use deskbell_protocol::{Refusal, TrayState};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    organizations::filled,
    readiness::refusal_sentence,
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        assets::{self, AssetChange, NewAssignment},
        fields::Wish,
        portal_users, take_over,
    },
    domain::{
        asset::AssetState,
        ids::{AssetId, EndUserId, FolderId, PolicyId, SiteId},
        launch::requester,
        role::Permission,
    },
    portal::{
        pages::{PageFailed, page},
        standing::standing_by_assignment,
    },
    problems::Refused,
    store::{Asset, EndUser, Folder, Organization, PageRequest, Policy, Site},
};

/// The most choices of a list that is not searched.
const CHOICES: u64 = 1000;
/// How many lines of the timeline a page shows.
const EVENTS: u64 = 50;

#[derive(Template)]
#[template(path = "console/asset.html")]
struct AssetPage {
    layout: Layout,
    may_work: bool,
    asset: Asset,
    organization: Organization,
    end_user: Option<EndUser>,
    refusal: Option<Refusal>,
    online: bool,
    sessions: Vec<(String, &'static str)>,
    assignments: Vec<(String, String, String)>,
    events: Vec<(String, String, String)>,
    predecessor: Option<Asset>,
    shared_since: Option<String>,
    end_users: Vec<EndUser>,
    folders: Vec<Folder>,
    sites: Vec<Site>,
    policies: Vec<Policy>,
    reported: String,
    enrolled: String,
    errors: FormErrors,
}

impl AssetPage {
    fn waits(&self) -> bool {
        self.asset.state == AssetState::WaitingForApproval
    }

    fn is_retired(&self) -> bool {
        self.asset.state == AssetState::Retired
    }

    fn is_assigned_to(&self, id: &EndUserId) -> bool {
        self.end_user.as_ref().is_some_and(|known| known.id == *id)
    }

    fn has_policy(&self, id: &PolicyId) -> bool {
        self.asset.policy_id == Some(*id)
    }

    fn is_in(&self, id: &FolderId) -> bool {
        self.asset.folder_id == Some(*id)
    }

    fn is_at(&self, id: &SiteId) -> bool {
        self.asset.site_id == Some(*id)
    }

    fn site(&self) -> Option<&Site> {
        self.sites.iter().find(|site| self.is_at(&site.id))
    }

    /// Why a click would not open the form.
    fn reason(&self) -> Option<&'static str> {
        self.refusal.map(refusal_sentence)
    }

    fn can_be_enabled(&self) -> bool {
        matches!(self.refusal, Some(Refusal::NotAPortalUser))
    }

    fn memory(&self) -> String {
        match self.asset.facts.0.memory_bytes.div_ceil(1 << 30) {
            0 => String::new(),
            gigabytes => format!("{gigabytes} GB"),
        }
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct SentAsset {
    name: String,
    folder_id: String,
    /// An id, or empty for none.
    #[serde(default)]
    site_id: String,
    #[serde(default)]
    external_id: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentAssignment {
    end_user_id: String,
}

/// The asset.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    asset(&app, &signed_in, id, StatusCode::OK, &done, FormErrors::default()).await
}

/// Changes its name, or moves it to another folder or site.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
    Sent(sent): Sent<SentAsset>,
) -> Result<Response, PageFailed> {
    let change = AssetChange {
        name: Some(sent.name),
        folder_id: sent.folder_id.parse().map_or(Wish::Clear, Wish::Set),
        site_id: sent.site_id.parse().map_or(Wish::Clear, Wish::Set),
        external_id: filled(sent.external_id).map_or(Wish::Clear, Wish::Set),
    };
    after(&app, &signed_in, id, assets::change(&app, &signed_in.actor(), id, change).await).await
}

/// Lets it in.
pub(super) async fn approve(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, assets::approve(&app, &signed_in.actor(), id).await).await
}

/// Takes it out of use.
pub(super) async fn retire(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, assets::retire(&app, &signed_in.actor(), id).await).await
}

/// Puts it in the place of the asset that it is said to be.
pub(super) async fn take_over(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, take_over::confirm(&app, &signed_in.actor(), id).await).await
}

/// Says that it is another computer.
pub(super) async fn decline_take_over(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, PageFailed> {
    after(&app, &signed_in, id, take_over::decline(&app, &signed_in.actor(), id).await).await
}

/// Assigns it, or takes it from its end user.
pub(super) async fn assign(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
    Sent(sent): Sent<SentAssignment>,
) -> Result<Response, PageFailed> {
    let actor = signed_in.actor();
    let changed = match sent.end_user_id.parse() {
        Ok(end_user_id) => assets::assign(&app, &actor, id, NewAssignment { end_user_id }).await,
        Err(_) => assets::unassign(&app, &actor, id).await,
    };
    after(&app, &signed_in, id, changed).await
}

/// Enables the assigned end user for the tray, without mail (decision C6).
pub(super) async fn enable(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
) -> Result<Response, PageFailed> {
    let assigned = app.store.open_assignment(id).await?.map(|open| open.end_user_id);
    let enabled = match assigned {
        Some(end_user) => portal_users::enable_for_tray(&app, &signed_in.actor(), end_user).await.map(drop),
        None => Err(Refused::field("/end_user_id", "must be chosen first")),
    };
    after(&app, &signed_in, id, enabled).await
}

async fn after<T>(
    app: &App,
    signed_in: &SignedIn,
    id: AssetId,
    changed: Result<T, Refused>,
) -> Result<Response, PageFailed> {
    match Outcome::of(changed)? {
        Outcome::Done(_) => Ok(see(&format!("/console/assets/{id}"), "saved")),
        Outcome::Again(status, errors) => asset(app, signed_in, id, status, &Done::default(), errors).await,
    }
}

async fn asset(
    app: &App,
    signed_in: &SignedIn,
    id: AssetId,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(asset) = app.store.asset(id).await? else { return layout::missing(app, signed_in, "asset") };
    let Some(organization) = app.store.organization(asset.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let assigned = app.store.assigned(&[id]).await?;
    let standing = standing_by_assignment(app, &asset, assigned.get(&id));
    let predecessor = match asset.predecessor_id {
        Some(id) => app.store.asset(id).await?,
        None => None,
    };
    let choices = PageRequest { after: None, limit: CHOICES };
    let end_user = match standing.requester {
        Some(requester) => app.store.end_user(requester.end_user).await?,
        None => None,
    };
    let shown = AssetPage {
        layout: Layout::load(app, signed_in, Section::Assets).with_note(done),
        may_work: signed_in.may(Permission::Work),
        end_user,
        refusal: requester(&standing).err(),
        online: app.fleet.is_online(id),
        sessions: asset.sessions.0.iter().map(|session| (session.os_user.name.clone(), tray(session.tray))).collect(),
        assignments: assignments(app, id).await?,
        events: events(app, id).await?,
        predecessor,
        shared_since: asset.shared_identity_since.map(moment),
        end_users: app.store.end_users(Some(asset.organization_id), choices).await?.items,
        folders: app.store.folders_of(asset.organization_id).await?,
        sites: app.store.sites_of(asset.organization_id).await?,
        policies: app.store.policies(choices).await?.items,
        reported: asset.reported_at.map_or_else(|| "never".into(), moment),
        enrolled: moment(asset.enrolled_at),
        asset,
        organization,
        errors,
    };
    page(status, &shown)
}

/// To whom it was assigned, from when, until when; the newest first.
async fn assignments(app: &App, id: AssetId) -> Result<Vec<(String, String, String)>, PageFailed> {
    let mut lines = Vec::new();
    for past in app.store.assignments(id).await?.into_iter().take(20) {
        let name = name_of(app, past.end_user_id).await?;
        lines.push((name, moment(past.started_at), past.ended_at.map(moment).unwrap_or_default()));
    }
    Ok(lines)
}

/// When something happened to it, what, and more about it; the newest first.
async fn events(app: &App, id: AssetId) -> Result<Vec<(String, String, String)>, PageFailed> {
    let mut lines = Vec::new();
    for event in app.store.latest_asset_events(id, EVENTS).await? {
        let detail = match event.detail.parse::<EndUserId>() {
            Ok(end_user) => name_of(app, end_user).await?,
            Err(_) => event.detail.replace('_', " "),
        };
        lines.push((moment(event.at), <&str>::from(event.kind).replace('_', " "), detail));
    }
    Ok(lines)
}

async fn name_of(app: &App, id: EndUserId) -> Result<String, PageFailed> {
    Ok(app.store.end_user(id).await?.map_or_else(|| "somebody who was removed".into(), |row| row.name))
}

fn tray(state: TrayState) -> &'static str {
    match state {
        TrayState::Visible => "visible",
        TrayState::Overflow => "in the overflow",
        TrayState::Hidden => "hidden by the policy",
        TrayState::NoTrayHost => "the desktop shows no icons",
        TrayState::Stopped => "stopped",
    }
}
