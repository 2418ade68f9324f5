//! `/console/policies/new` and `/console/policies/{policy}`: one form for the whole policy. Each of its buttons sends the
//! whole draft, which comes back changed; nothing is stored before "Save Policy" (POL-06).

use askama::Template;
use axum::{
    extract::{Path, Query, Request, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use deskbell_protocol::{EntryId, Fault, Variable};
use serde::Deserialize;

use super::{
    super::{
        forms::{FormErrors, Outcome},
        guard::SignedIn,
        layout::{self, Done, Layout, Section},
        page_script::{BUILDER, with_scripts},
        times::moment,
    },
    entry_row::{EntryRow, rows},
    preview::{Basis, Preview, picture},
    reach::Reach,
    sent_draft::{Action, MODES, SentDraft},
    sent_policy,
};
use crate::{
    app::{App, SharedApp},
    changes::policies::{self, WrittenPolicy},
    domain::{
        ids::PolicyId,
        policy::PolicyDocument,
        policy_changes::{PolicyChange, policy_changes},
        policy_draft::{Edit, EntryType, IconShade, PolicyDraft, SettingState},
        role::Permission,
    },
    icons,
    multipart::FormError,
    portal::{
        new_ticket,
        pages::{PageFailed, page},
    },
    problems::Refused,
    store::Policy,
};

#[derive(Template)]
#[template(path = "console/policy.html")]
struct BuilderPage {
    layout: Layout,
    saved: Option<Policy>,
    draft: PolicyDraft,
    version: i64,
    rows: Vec<EntryRow>,
    preview: Preview,
    errors: FormErrors,
    notice: Option<Notice>,
    reach: Option<Reach>,
    submenus: Vec<(EntryId, String)>,
    add_into: Option<EntryId>,
    unsaved: bool,
    may_save: bool,
    variables: String,
    script: &'static str,
}

impl BuilderPage {
    /// What is wrong with one of the icons.
    fn icon_fault(&self, shade: IconShade) -> Option<&str> {
        self.errors.of(&format!("settings/icons/{}", shade.name()))
    }

    /// Where the picture of an icon is.
    fn picture(&self, shade: IconShade) -> Option<String> {
        self.draft.icons.icon(shade).map(picture)
    }
}

/// What stands above the form after a save.
enum Notice {
    /// The tray of so many assets changes.
    Saved(usize),
    /// More or fewer assets than the page said.
    OtherCount,
    /// Somebody else saved meanwhile.
    Stale(Stale),
}

/// What somebody else saved.
struct Stale {
    version: i64,
    by: String,
    at: String,
    changes: Vec<PolicyChange>,
}

/// What is shown around a draft.
#[derive(Default)]
struct Around {
    errors: FormErrors,
    notice: Option<Notice>,
    edit: Option<Edit>,
    /// Of a policy as it was saved.
    reach: Option<Reach>,
    done: Done,
}

/// The part of a query that a save leads to.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Saved {
    /// How many assets changed.
    changed: Option<usize>,
    /// Whose menu is to be shown.
    #[serde(default)]
    computer: String,
}

/// An empty form.
pub(in crate::console) async fn show_new(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
) -> Result<Response, PageFailed> {
    let sent = SentDraft { draft: PolicyDraft::new(), ..SentDraft::default() };
    builder(&app, &signed_in, None, StatusCode::OK, sent, Around::default())
}

/// A policy as it is.
pub(in crate::console) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
    Query(done): Query<Done>,
    Query(Saved { changed, computer }): Query<Saved>,
) -> Result<Response, PageFailed> {
    let Some(saved) = app.store.policy(id).await? else { return layout::missing(&app, &signed_in, "policy") };
    let draft = PolicyDraft::of(&saved.name, &saved.document.0);
    let sent = SentDraft { draft, version: saved.version, computer, ..SentDraft::default() };
    let reach = Some(Reach::of(&app, id).await?);
    let around = Around { notice: changed.map(Notice::Saved), reach, done, ..Around::default() };
    builder(&app, &signed_in, Some(saved), StatusCode::OK, sent, around)
}

/// The form that a portal entry opens, before anybody clicks it.
pub(in crate::console) async fn show_form(
    State(app): State<SharedApp>,
    Query(Saved { computer, .. }): Query<Saved>,
) -> Result<Response, PageFailed> {
    let computer = if computer.is_empty() { "PC-042" } else { &computer };
    new_ticket::sample(app.looks.of_default(), "Jane Doe", computer)
}

/// An icon that the pages show.
pub(in crate::console) async fn icon(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(hash): Path<String>,
) -> Result<Response, PageFailed> {
    match icons::answer(&app, &hash).await {
        Ok(png) => Ok(png),
        Err(Refused::Problem(_)) => layout::missing(&app, &signed_in, "icon"),
        Err(Refused::Failed(cause)) => Err(cause.into()),
    }
}

/// A button of the form of a new policy.
pub(in crate::console) async fn send_new(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response, PageFailed> {
    answer(&app, &signed_in, None, request).await
}

/// A button of the form of a policy.
pub(in crate::console) async fn send(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<PolicyId>,
    request: Request,
) -> Result<Response, PageFailed> {
    let Some(saved) = app.store.policy(id).await? else { return layout::missing(&app, &signed_in, "policy") };
    answer(&app, &signed_in, Some(saved), request).await
}

async fn answer(
    app: &SharedApp,
    signed_in: &SignedIn,
    saved: Option<Policy>,
    request: Request,
) -> Result<Response, PageFailed> {
    let mut form = match sent_policy::read(app, request).await {
        Ok(form) => form,
        Err(FormError::Failed(cause)) => return Err(cause.into()),
        Err(FormError::TooLarge | FormError::Unreadable) => return layout::unreadable(app, signed_in),
    };
    let mut sent = SentDraft::read(std::mem::take(&mut form.pairs), app.new_id());
    let no_icons = form.keep_icons(app, &mut sent.draft).await?;
    match std::mem::take(&mut sent.action) {
        Action::Save => save(app, signed_in, saved, sent, no_icons).await,
        Action::Edit(edit) => {
            sent.draft.apply(edit.clone());
            let around = Around { edit: Some(edit), errors: no_icons.into(), ..Around::default() };
            builder(app, signed_in, saved, StatusCode::OK, sent, around)
        }
        Action::Preview => {
            let (_, faults) = checked(app, &sent.draft, no_icons);
            let around = Around { errors: faults.into(), ..Around::default() };
            builder(app, signed_in, saved, StatusCode::OK, sent, around)
        }
    }
}

/// Saves what the person was told about: how many assets change is said before, and again when it turns out otherwise.
async fn save(
    app: &App,
    signed_in: &SignedIn,
    saved: Option<Policy>,
    sent: SentDraft,
    no_icons: Vec<Fault>,
) -> Result<Response, PageFailed> {
    let (document, faults) = checked(app, &sent.draft, no_icons);
    if !faults.is_empty() {
        let around = Around { errors: faults.into(), ..Around::default() };
        return builder(app, signed_in, saved, StatusCode::UNPROCESSABLE_ENTITY, sent, around);
    }
    let changed = app.fleet.would_change(saved.as_ref().map(|saved| (saved.id, document.clone())));
    let is_stale = saved.as_ref().is_some_and(|saved| saved.version != sent.version);
    if changed != sent.promised && !is_stale {
        let around = Around { notice: Some(Notice::OtherCount), ..Around::default() };
        return builder(app, signed_in, saved, StatusCode::OK, sent, around);
    }
    let PolicyDocument { settings, menu } = document;
    let written = WrittenPolicy { name: sent.draft.name.clone(), settings, menu };
    let actor = signed_in.actor();
    let result = match &saved {
        Some(saved) => policies::save(app, &actor, saved.id, Some(sent.version), written).await,
        None => policies::make(app, &actor, written).await,
    };
    match Outcome::of(result)? {
        Outcome::Done(row) => {
            Ok(Redirect::to(&format!("/console/policies/{}?changed={changed}", row.id)).into_response())
        }
        Outcome::Again(StatusCode::PRECONDITION_FAILED, _) => stale(app, signed_in, saved, sent).await,
        Outcome::Again(status, errors) => {
            builder(app, signed_in, saved, status, sent, Around { errors, ..Around::default() })
        }
    }
}

/// The draft again, with what somebody else has saved; saving it once more replaces that knowingly.
async fn stale(
    app: &App,
    signed_in: &SignedIn,
    saved: Option<Policy>,
    mut sent: SentDraft,
) -> Result<Response, PageFailed> {
    let Some(id) = saved.map(|saved| saved.id) else { return layout::missing(app, signed_in, "policy") };
    let Some(now) = app.store.policy(id).await? else { return layout::missing(app, signed_in, "policy") };
    let read = app.store.policy_version(id, sent.version).await?;
    let last = app.store.policy_version(id, now.version).await?;
    let changes = read.map(|read| policy_changes((&read.name, &read.document.0), (&now.name, &now.document.0)));
    let stale = Stale {
        version: now.version,
        by: last.as_ref().map(|last| last.saved_by.clone()).unwrap_or_default(),
        at: last.map(|last| moment(last.saved_at)).unwrap_or_default(),
        changes: changes.unwrap_or_default(),
    };
    sent.version = now.version;
    let around = Around { notice: Some(Notice::Stale(stale)), ..Around::default() };
    builder(app, signed_in, Some(now), StatusCode::CONFLICT, sent, around)
}

/// What is wrong with a draft stands behind what is wrong with the files that were chosen for its icons.
fn checked(app: &App, draft: &PolicyDraft, no_icons: Vec<Fault>) -> (PolicyDocument, Vec<Fault>) {
    let (document, unreadable) = draft.document();
    let unfit = policies::all_faults(app, &draft.name, &document);
    (document, no_icons.into_iter().chain(unreadable).chain(unfit).collect())
}

fn builder(
    app: &App,
    signed_in: &SignedIn,
    saved: Option<Policy>,
    status: StatusCode,
    sent: SentDraft,
    around: Around,
) -> Result<Response, PageFailed> {
    let layout = Layout::load(app, signed_in, Section::Policies).with_note(&around.done);
    let rows = rows(&sent.draft.entries, around.edit.as_ref());
    let submenus = rows.iter().filter(|row| row.entry_type == EntryType::Submenu);
    let begun = saved.as_ref().map_or_else(PolicyDraft::new, |saved| PolicyDraft::of(&saved.name, &saved.document.0));
    let shown = BuilderPage {
        layout,
        preview: Preview::of(app, saved.as_ref().map(|saved| saved.id), &sent),
        submenus: submenus.map(|row| (row.id.clone(), row.label.clone())).collect(),
        rows,
        add_into: sent.add_into,
        unsaved: sent.draft != begun,
        saved,
        draft: sent.draft,
        version: sent.version,
        errors: around.errors,
        notice: around.notice,
        reach: around.reach,
        may_save: signed_in.may(Permission::Work),
        variables: Variable::ALL.map(|(name, _)| format!("{{{{{name}}}}}")).join(", "),
        script: BUILDER.address(),
    };
    page(status, &shown).map(with_scripts)
}
