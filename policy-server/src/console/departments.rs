//! `/console/settings/departments`: whom tickets are for, and where new contacts are invited. Each switch is stored as it is
//! turned (ZOH-12, ZOH-19).

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use serde::Deserialize;

use super::{
    forms::{FormErrors, Outcome, Sent, see},
    guard::{Routes, SignedIn},
    layout::{self, Done, Layout, Section},
};
use crate::{
    app::{App, SharedApp},
    changes::{
        departments::{self, DepartmentChange, NewDepartment},
        fields::Wish,
        portals::{self, PortalChange},
    },
    domain::{department::AutoInvite, ids::DepartmentId, role::Permission::Administer},
    portal::pages::{PageFailed, page},
    store::Department,
};

const PATH: &str = "/console/settings/departments";

#[derive(Template)]
#[template(path = "console/departments.html")]
struct DepartmentsPage {
    layout: Layout,
    departments: Vec<Department>,
    all_invite: bool,
    typed: SentDepartment,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "console/department.html")]
struct DepartmentPage {
    layout: Layout,
    department: Department,
    typed: SentDepartment,
    errors: FormErrors,
}

/// What is typed of a department.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SentDepartment {
    name: String,
    address: String,
}

/// One switch, turned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Turned {
    active: Option<bool>,
    is_default: Option<bool>,
    auto_invite: Option<bool>,
}

/// "All active departments", turned.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TurnedForAll {
    auto_invite: AutoInvite,
}

/// These pages.
pub(super) fn pages(routes: Routes) -> Routes {
    routes
        .get("/console/settings/departments", Administer, list)
        .post("/console/settings/departments", Administer, add)
        .post("/console/settings/departments/all", Administer, turn_for_all)
        .get("/console/settings/departments/{department}", Administer, show)
        .post("/console/settings/departments/{department}", Administer, change)
        .post("/console/settings/departments/{department}/switch", Administer, turn)
        .post("/console/settings/departments/{department}/remove", Administer, remove)
}

/// The departments.
pub(super) async fn list(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    listed(&app, &signed_in, StatusCode::OK, &done, SentDepartment::default(), FormErrors::default()).await
}

/// Makes one.
pub(super) async fn add(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(typed): Sent<SentDepartment>,
) -> Result<Response, PageFailed> {
    let new = NewDepartment {
        name: typed.name.clone(),
        address: Some(typed.address.clone()).filter(|address| !address.trim().is_empty()),
        active: None,
        is_default: None,
        auto_invite: None,
    };
    match Outcome::of(departments::make(&app, &signed_in.actor(), new).await)? {
        Outcome::Done(_) => Ok(see(PATH, "added")),
        Outcome::Again(status, errors) => listed(&app, &signed_in, status, &Done::default(), typed, errors).await,
    }
}

/// Turns "all active departments".
pub(super) async fn turn_for_all(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Sent(TurnedForAll { auto_invite }): Sent<TurnedForAll>,
) -> Result<Response, PageFailed> {
    let change = PortalChange { auto_invite: Some(auto_invite), ..PortalChange::default() };
    match Outcome::of(portals::change(&app, &signed_in.actor(), app.portal().await?.id, change).await)? {
        Outcome::Done(_) => Ok(see(PATH, "saved")),
        Outcome::Again(status, errors) => {
            listed(&app, &signed_in, status, &Done::default(), SentDepartment::default(), errors).await
        }
    }
}

/// One of them.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<DepartmentId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    shown(&app, &signed_in, id, StatusCode::OK, &done, None, FormErrors::default()).await
}

/// Sets name and address.
pub(super) async fn change(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<DepartmentId>,
    Sent(typed): Sent<SentDepartment>,
) -> Result<Response, PageFailed> {
    let address = typed.address.trim();
    let address = if address.is_empty() { Wish::Clear } else { Wish::Set(address.to_owned()) };
    let change = DepartmentChange { name: Some(typed.name.clone()), address, ..DepartmentChange::default() };
    match Outcome::of(departments::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(&format!("{PATH}/{id}"), "saved")),
        Outcome::Again(status, errors) => {
            shown(&app, &signed_in, id, status, &Done::default(), Some(typed), errors).await
        }
    }
}

/// Turns one switch.
pub(super) async fn turn(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<DepartmentId>,
    Sent(Turned { active, is_default, auto_invite }): Sent<Turned>,
) -> Result<Response, PageFailed> {
    let change = DepartmentChange { active, is_default, auto_invite, ..DepartmentChange::default() };
    match Outcome::of(departments::change(&app, &signed_in.actor(), id, change).await)? {
        Outcome::Done(_) => Ok(see(PATH, "saved")),
        Outcome::Again(status, errors) => {
            listed(&app, &signed_in, status, &Done::default(), SentDepartment::default(), errors).await
        }
    }
}

/// Removes one that nothing has come to.
pub(super) async fn remove(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<DepartmentId>,
) -> Result<Response, PageFailed> {
    match Outcome::of(departments::remove(&app, &signed_in.actor(), id).await)? {
        Outcome::Done(_) => Ok(see(PATH, "removed")),
        Outcome::Again(status, errors) => shown(&app, &signed_in, id, status, &Done::default(), None, errors).await,
    }
}

async fn listed(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    typed: SentDepartment,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    let all_invite = app.portal().await?.auto_invite == AutoInvite::AllActive;
    let departments = app.store.departments().await?;
    page(status, &DepartmentsPage { layout, departments, all_invite, typed, errors })
}

async fn shown(
    app: &App,
    signed_in: &SignedIn,
    id: DepartmentId,
    status: StatusCode,
    done: &Done,
    typed: Option<SentDepartment>,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let Some(department) = app.store.department(id).await? else {
        return layout::missing(app, signed_in, "department");
    };
    let layout = Layout::load(app, signed_in, Section::Settings).with_note(done);
    let kept =
        || SentDepartment { name: department.name.clone(), address: department.address.clone().unwrap_or_default() };
    let typed = typed.unwrap_or_else(kept);
    page(status, &DepartmentPage { layout, department, typed, errors })
}
