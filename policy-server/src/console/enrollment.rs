//! `/console/organizations/{organization}/enrollment`: how an organization's computers get the agent. Packages, tokens with
//! which computers enroll, and what to type with both (AGT-11).

use std::time::Duration;

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
    layout::{self, Done, Layout, Section, secret},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::{
        enrollment_tokens::{self, NewEnrollmentToken},
        staff::after,
    },
    domain::{
        enrollment::admission,
        ids::{EnrollmentTokenId, OrganizationId},
        role::Permission,
    },
    packages::{
        AgentPackage,
        commands::{InstallCommand, commands},
        newest,
    },
    portal::pages::{PageFailed, page},
    store::{EnrollmentToken, Folder, Organization, PageRequest},
};

const DAY: Duration = Duration::from_hours(24);
const SHOWN: PageRequest = PageRequest { after: None, limit: 200 };

#[derive(Template)]
#[template(path = "console/enrollment.html")]
struct EnrollmentPage {
    layout: Layout,
    may_work: bool,
    organization: Organization,
    folders: Vec<Folder>,
    lines: Vec<Line>,
    typed: SentToken,
    errors: FormErrors,
    packages: Vec<AgentPackage>,
    packages_folder: String,
}

struct Line {
    id: EnrollmentTokenId,
    name: String,
    folder: String,
    state: &'static str,
    counts: bool,
    uses_left: String,
    expires: String,
    made: String,
}

#[derive(Template)]
#[template(path = "console/enrollment_token.html")]
struct EnrollmentTokenPage {
    layout: Layout,
    organization: Organization,
    name: String,
    token: String,
    /// By system.
    commands: Vec<(String, Vec<InstallCommand>)>,
    /// The newest of each kind.
    packages: Vec<AgentPackage>,
}

/// For which folder's computers, when somebody comes from a folder's page.
#[derive(Debug, Deserialize)]
pub(super) struct ForFolder {
    #[serde(default)]
    folder_id: String,
}

/// A new token's form.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct SentToken {
    name: String,
    #[serde(default)]
    folder_id: String,
    #[serde(default)]
    days: String,
    #[serde(default)]
    uses: String,
    #[serde(default)]
    needs_approval: Option<String>,
}

/// The tokens.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Query(done): Query<Done>,
    Query(ForFolder { folder_id }): Query<ForFolder>,
) -> Result<Response, PageFailed> {
    let typed =
        SentToken { name: String::new(), folder_id, days: "30".into(), uses: "100".into(), needs_approval: None };
    enrollment(&app, &signed_in, id, (StatusCode::OK, typed, FormErrors::default()), &done).await
}

/// Makes a token and shows it with what to type, once.
pub(super) async fn make(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<OrganizationId>,
    Sent(typed): Sent<SentToken>,
) -> Result<Response, PageFailed> {
    let new = match new_token(&app, id, &typed) {
        Ok(new) => new,
        Err(errors) => {
            let again = (StatusCode::UNPROCESSABLE_ENTITY, typed, errors);
            return enrollment(&app, &signed_in, id, again, &Done::default()).await;
        }
    };
    match Outcome::of(enrollment_tokens::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done((row, token)) => made(&app, &signed_in, row, token).await,
        Outcome::Again(status, errors) => {
            enrollment(&app, &signed_in, id, (status, typed, errors), &Done::default()).await
        }
    }
}

/// Revokes a token.
pub(super) async fn revoke(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<EnrollmentTokenId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(enrollment_tokens::revoke(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(row) => Ok(see(&format!("/console/organizations/{}/enrollment", row.organization_id), "revoked")),
        Outcome::Again(..) => layout::missing(&app, &signed_in, "enrollment token"),
    }
}

fn new_token(app: &App, id: OrganizationId, typed: &SentToken) -> Result<NewEnrollmentToken, FormErrors> {
    let (days, uses) = (number("days", &typed.days)?, number("uses", &typed.uses)?);
    Ok(NewEnrollmentToken {
        organization_id: id,
        folder_id: typed.folder_id.parse().ok(),
        name: typed.name.clone(),
        expires_at: days.map(|days| after(app.now(), DAY * days)),
        uses: uses.map(i64::from),
        needs_approval: typed.needs_approval.is_some(),
    })
}

/// A number that may be left out.
fn number(name: &str, typed: &str) -> Result<Option<u32>, FormErrors> {
    match typed.trim() {
        "" => Ok(None),
        typed => match typed.parse() {
            Ok(number @ 1..=36_500) => Ok(Some(number)),
            Ok(_) | Err(_) => Err(FormErrors::field(name, "Must be a number from 1 to 36500, or empty.")),
        },
    }
}

async fn enrollment(
    app: &App,
    signed_in: &SignedIn,
    id: OrganizationId,
    (status, typed, errors): (StatusCode, SentToken, FormErrors),
    done: &Done,
) -> Result<Response, PageFailed> {
    let Some(organization) = app.store.organization(id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let folders = app.store.folders_of(id).await?;
    let tokens = app.store.enrollment_tokens(Some(id), SHOWN).await?.items;
    let lines = tokens.into_iter().rev().map(|row| line(app, row, &folders)).collect();
    let layout = Layout::load(app, signed_in, Section::Organizations).with_note(done);
    let may_work = signed_in.may(Permission::Work);
    let (packages, packages_folder) = (app.packages.list().await?, app.packages.path().display().to_string());
    let page_of =
        EnrollmentPage { layout, may_work, organization, folders, lines, typed, errors, packages, packages_folder };
    page(status, &page_of)
}

fn line(app: &App, row: EnrollmentToken, folders: &[Folder]) -> Line {
    let counts = admission(row.terms(), app.now()).is_ok();
    let folder = folders.iter().find(|folder| Some(folder.id) == row.folder_id);
    Line {
        id: row.id,
        name: row.name,
        folder: folder.map(|folder| folder.name.clone()).unwrap_or_default(),
        state: match (row.revoked_at, counts, row.needs_approval) {
            (Some(_), ..) => "revoked",
            (None, false, _) => "expired or used up",
            (None, true, true) => "counts, with approval",
            (None, true, false) => "counts",
        },
        counts,
        uses_left: row.uses_left.map_or_else(|| "any number".into(), |uses| uses.to_string()),
        expires: row.expires_at.map_or_else(|| "never".into(), moment),
        made: moment(row.created_at),
    }
}

async fn made(app: &App, signed_in: &SignedIn, row: EnrollmentToken, token: String) -> Result<Response, PageFailed> {
    let Some(organization) = app.store.organization(row.organization_id).await? else {
        return layout::missing(app, signed_in, "organization");
    };
    let layout = Layout::load(app, signed_in, Section::Organizations);
    let packages = app.packages.list().await?;
    let mut by_system = Vec::<(String, Vec<_>)>::new();
    for command in commands(&app.origin, &token, &packages)? {
        match by_system.last_mut() {
            Some((system, commands)) if *system == command.system => commands.push(command),
            _ => by_system.push((command.system.clone(), vec![command])),
        }
    }
    let packages = newest(&packages).into_iter().cloned().collect();
    let shown = EnrollmentTokenPage { layout, organization, name: row.name, token, commands: by_system, packages };
    Ok(secret(page(StatusCode::OK, &shown)?))
}
