//! `/console/assets`: the managed computers.

use askama::Template;
use axum::{
    extract::{Query, State},
    http::StatusCode,
    response::Response,
};
use deskbell_protocol::{SessionReport, TrayState};
use serde::Deserialize;
use strum::VariantArray as _;
use uuid::Uuid;

use super::{
    guard::SignedIn,
    layout::{Layout, Section},
    paging::{ON_A_PAGE, Paging},
    readiness::{line_refusal, refusal_sentence},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    domain::{
        asset::AssetState,
        ids::{AssetId, EndUserId, OrganizationId},
    },
    portal::pages::{PageFailed, page},
    store::{
        PageRequest, Site,
        lists::{AssetFilter, AssetLine},
    },
};

#[derive(Template)]
#[template(path = "console/assets.html")]
struct AssetsPage {
    layout: Layout,
    asked: Asked,
    organization: Option<String>,
    /// Of the organization.
    sites: Vec<Site>,
    states: &'static [AssetState],
    lines: Vec<Line>,
    paging: Paging,
}

/// An asset on a line.
pub(super) struct Line {
    /// Which one.
    pub(super) id: AssetId,
    /// What staff call it.
    pub(super) name: String,
    /// Whose.
    pub(super) organization_id: OrganizationId,
    /// What the organization is called.
    pub(super) organization: String,
    /// What its site is called; empty without one.
    pub(super) site: String,
    /// To whom it is assigned.
    pub(super) end_user: Option<(EndUserId, String)>,
    /// Its standing.
    pub(super) state: &'static str,
    /// Where its trays are.
    pub(super) trays: String,
    /// Why it cannot open the form; absent: it can.
    pub(super) refusal: Option<&'static str>,
    /// When the agent reported last.
    pub(super) reported: String,
}

/// What was asked for.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    words: String,
    #[serde(default)]
    state: String,
    #[serde(default)]
    not_ready: Option<String>,
    #[serde(default)]
    organization: Option<OrganizationId>,
    /// A form sends nothing along as nothing.
    #[serde(default)]
    site: String,
    before: Option<Uuid>,
}

impl Asked {
    fn is_site(&self, site: &Site) -> bool {
        self.site.parse() == Ok(site.id)
    }

    fn filter(&self, app: &App) -> AssetFilter {
        AssetFilter {
            organization: self.organization,
            site: self.site.parse().ok(),
            state: self.state.parse().ok(),
            not_ready: self.not_ready.is_some().then(|| app.looks.published_for()),
            words: self.words.clone(),
            ..AssetFilter::default()
        }
    }
}

/// Part of the list.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(&app, &signed_in, Section::Assets);
    let part = PageRequest { after: asked.before, limit: ON_A_PAGE };
    let found = app.store.asset_lines(&asked.filter(&app), part).await?;
    let (organization, sites) = match asked.organization {
        Some(id) => (app.store.organization(id).await?.map(|row| row.name), app.store.sites_of(id).await?),
        None => (None, Vec::new()),
    };
    let organization_key = asked.organization.map(|id| id.to_string()).unwrap_or_default();
    let not_ready = if asked.not_ready.is_some() { "yes" } else { "" };
    let query = [
        ("words", &*asked.words),
        ("state", &*asked.state),
        ("not_ready", not_ready),
        ("organization", &organization_key),
        ("site", &*asked.site),
    ];
    let paging = Paging::new("/console/assets", &query, asked.before.is_some(), found.next);
    let lines = lines(&app, found.items);
    let states = AssetState::VARIANTS;
    page(StatusCode::OK, &AssetsPage { layout, asked, organization, sites, states, lines, paging })
}

/// Assets as they stand on lines.
pub(super) fn lines(app: &App, found: Vec<AssetLine>) -> Vec<Line> {
    found.into_iter().map(|found| line(app, found)).collect()
}

fn line(app: &App, found: AssetLine) -> Line {
    Line {
        refusal: line_refusal(app, &found).map(refusal_sentence),
        id: found.id,
        name: found.name,
        organization_id: found.organization_id,
        organization: found.organization_name,
        site: found.site_name.unwrap_or_default(),
        end_user: found.end_user_id.zip(found.end_user_name),
        state: found.state.title(),
        trays: trays(&found.sessions.0),
        reported: found.reported_at.map(moment).unwrap_or_default(),
    }
}

/// Such as `2 visible, 1 hidden`.
fn trays(sessions: &[SessionReport]) -> String {
    let kinds = [
        (TrayState::Visible, "visible"),
        (TrayState::Overflow, "in the overflow"),
        (TrayState::Hidden, "hidden"),
        (TrayState::NoTrayHost, "without a tray host"),
        (TrayState::Stopped, "stopped"),
    ];
    let counted = kinds.into_iter().filter_map(|(kind, name)| {
        let count = sessions.iter().filter(|session| session.tray == kind).count();
        (count > 0).then(|| format!("{count} {name}"))
    });
    counted.collect::<Vec<_>>().join(", ")
}
