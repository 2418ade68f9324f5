//! `/console/import`: organizations, sites, end users, logins and assignments from a file. It is uploaded once, kept, and what
//! it would change is looked at before it is imported.

mod preview;
mod upload;

use askama::Template;
use axum::{
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use deskbell_protocol::UnixMillis;
use serde::Deserialize;

use self::{
    preview::{Asked, Shown, preview_page},
    upload::SentFile,
};
use super::{
    audit_log::actor_names,
    forms::{FormErrors, Sent, see},
    guard::SignedIn,
    layout::{self, Done, Layout, Section},
    times::moment,
};
use crate::{
    app::{App, SharedApp},
    changes::imports::{self, Imported},
    domain::{
        ids::{ImportFileId, OrganizationId},
        import::{Totals, read},
    },
    export::{self, Beginning},
    portal::pages::{PageFailed, page},
    problems::Refused,
    store::{ImportFile, Json},
};

/// How long a file is kept that is not imported.
const KEPT_MILLIS: i64 = 24 * 60 * 60 * 1000;

#[derive(Template)]
#[template(path = "console/imports.html")]
struct ImportsPage {
    layout: Layout,
    imported: Vec<ImportedLine>,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "console/imported.html")]
struct ImportedPage {
    layout: Layout,
    file: ImportedLine,
}

/// A file that was imported.
struct ImportedLine {
    id: ImportFileId,
    name: String,
    at: String,
    who: String,
    totals: Totals,
}

#[derive(Debug, Deserialize)]
pub(super) struct SentPlan {
    plan: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct ExportAsked {
    organization: Option<OrganizationId>,
}

/// The form, and what was imported last.
pub(super) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    imports_page(&app, &signed_in, StatusCode::OK, &done, FormErrors::default()).await
}

/// Keeps a file, to be looked at and then imported.
pub(super) async fn upload(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response, PageFailed> {
    match SentFile::read(request).await {
        Ok(SentFile { name, content }) => {
            Ok(Redirect::to(&path(keep(&app, &signed_in, name, content).await?)).into_response())
        }
        Err(why) => {
            let (status, errors) = (StatusCode::UNPROCESSABLE_ENTITY, FormErrors::field("file", &why));
            imports_page(&app, &signed_in, status, &Done::default(), errors).await
        }
    }
}

/// What a file would change; once it is imported, what it did.
pub(super) async fn look(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<ImportFileId>,
    Query(asked): Query<Asked>,
) -> Result<Response, PageFailed> {
    let Some(file) = app.store.import_file(id).await? else { return layout::missing(&app, &signed_in, "file") };
    if let (Some(at), Some(Json(totals))) = (file.imported_at, file.totals) {
        let layout = Layout::load(&app, &signed_in, Section::Organizations).with_note(&asked.done);
        let who = actor_names(&app).await?.remove(&file.staff_id.0);
        let page_of = ImportedPage { layout, file: imported_line(file.id, file.name, at, who, totals) };
        return page(StatusCode::OK, &page_of);
    }
    let sheet = read(&file.content).map_err(|why| anyhow::anyhow!("the uploaded file {why}"))?;
    match imports::preview(&app, &sheet.rows).await {
        Ok(preview) => {
            let shown = Shown { status: StatusCode::OK, differs: false, asked };
            preview_page(&app, &signed_in, (id, file.name), sheet.ignored, preview, shown)
        }
        Err(refused) => Err(failed(refused)),
    }
}

/// Imports a file if that changes what the page has shown.
pub(super) async fn apply(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<ImportFileId>,
    Sent(SentPlan { plan }): Sent<SentPlan>,
) -> Result<Response, PageFailed> {
    let file = app.store.import_file(id).await?.filter(|file| file.imported_at.is_none());
    let Some(file) = file else { return layout::missing(&app, &signed_in, "file that waits") };
    let sheet = read(&file.content).map_err(|why| anyhow::anyhow!("the uploaded file {why}"))?;
    let imported =
        imports::import(SharedApp::clone(&app), signed_in.actor(), sheet.rows, Some(plan)).await.map_err(failed)?;
    let (preview, differs, status) = match imported {
        Imported::Done(preview) => {
            app.store.note_imported(id, preview.totals, app.now()).await?;
            return Ok(see(&path(id), "imported"));
        }
        Imported::Differs(preview) => (preview, true, StatusCode::CONFLICT),
        Imported::Refused(preview) => (preview, false, StatusCode::UNPROCESSABLE_ENTITY),
    };
    let shown = Shown { status, differs, asked: Asked::default() };
    preview_page(&app, &signed_in, (id, file.name), sheet.ignored, preview, shown)
}

/// Forgets a file that was not imported.
pub(super) async fn discard(
    State(app): State<SharedApp>,
    Path(id): Path<ImportFileId>,
) -> Result<Response, PageFailed> {
    app.store.forget_import_file(id).await?;
    Ok(see("/console/import", "removed"))
}

/// Everything, or one organization, as a file that a spreadsheet opens.
pub(super) async fn export(State(app): State<SharedApp>, Query(asked): Query<ExportAsked>) -> Response {
    export::file(app, asked.organization, Beginning::ByteOrderMark)
}

async fn keep(app: &App, signed_in: &SignedIn, name: String, content: Vec<u8>) -> Result<ImportFileId, PageFailed> {
    let (id, now) = (ImportFileId(app.new_id()), app.now());
    let staff_id = signed_in.staff.id;
    let file = ImportFile { id, staff_id, name, content, totals: None, created_at: now, imported_at: None };
    app.store.keep_import_file(file, now - KEPT_MILLIS).await?;
    Ok(id)
}

async fn imports_page(
    app: &App,
    signed_in: &SignedIn,
    status: StatusCode,
    done: &Done,
    errors: FormErrors,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Organizations).with_note(done);
    let mut names = actor_names(app).await?;
    let imported = app.store.imported_files().await?.into_iter().filter_map(|file| {
        let who = names.get_mut(&file.staff_id.0).cloned();
        Some(imported_line(file.id, file.name, file.imported_at?, who, file.totals?.0))
    });
    page(status, &ImportsPage { layout, imported: imported.collect(), errors })
}

fn imported_line(id: ImportFileId, name: String, at: UnixMillis, who: Option<String>, totals: Totals) -> ImportedLine {
    ImportedLine { id, name, at: moment(at), who: who.unwrap_or_else(|| "somebody who was removed".into()), totals }
}

fn failed(refused: Refused) -> PageFailed {
    match refused {
        Refused::Failed(cause) => cause.into(),
        Refused::Problem(problem) => anyhow::anyhow!("{}", problem.detail).into(),
    }
}

fn path(id: ImportFileId) -> String {
    format!("/console/import/{id}")
}
