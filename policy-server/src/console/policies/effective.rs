//! `/console/assets/{asset}/policy`: what is in force for an asset, and which level says so (POL-04).

use askama::Template;
use axum::{
    extract::{Path, Query, State},
    http::StatusCode,
    response::Response,
};
use deskbell_protocol::{Entry, EntryKind};

use super::{
    super::{
        forms::Sent,
        guard::SignedIn,
        layout::{self, Done, Layout, Section},
    },
    attach_form::{AttachForm, SentAttachment},
    tree::{attached, place, way},
};
use crate::{
    app::SharedApp,
    changes::assets,
    domain::{
        ids::{AssetId, PolicyId},
        policy::{DEFAULT_DESTINATION, Effective, Node},
        policy_changes::{icon_names, state},
        policy_draft::EntryType,
    },
    fleet::Step,
    portal::pages::{PageFailed, page},
    store::{Asset, Policy},
};

#[derive(Template)]
#[template(path = "console/effective_policy.html")]
struct EffectivePage {
    layout: Layout,
    row: Asset,
    path: Vec<(String, String)>,
    settings: Vec<SettingLine>,
    lines: Vec<EntryLine>,
    levels: Vec<Level>,
    attach: AttachForm,
}

/// A level and what is attached to it.
#[derive(Clone)]
struct Level {
    address: String,
    name: String,
    policy: Option<(PolicyId, String)>,
}

struct SettingLine {
    name: &'static str,
    value: String,
    from: Option<Level>,
}

struct EntryLine {
    depth: usize,
    label: String,
    entry_type: &'static str,
    target: String,
    from: Option<Level>,
}

/// The page.
pub(in crate::console) async fn show(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
    Query(done): Query<Done>,
) -> Result<Response, PageFailed> {
    let (Some(row), Some(effective)) = (app.store.asset(id).await?, app.fleet.effective(id)) else {
        return layout::missing(&app, &signed_in, "asset");
    };
    let policies = app.store.all_policies().await?;
    let path = app.fleet.path(Node::Asset(id));
    let level = |node: Node| path.iter().find(|step| step.node == node).map(|step| level(step, &policies));
    let mut lines = Vec::new();
    add_lines(&effective.menu, 0, &effective, &level, &mut lines);
    let shown = EffectivePage {
        layout: Layout::load(&app, &signed_in, Section::Policies).with_note(&done),
        settings: settings(&effective, &level),
        lines,
        levels: path.iter().filter_map(|step| level(step.node)).collect(),
        path: way(&path),
        attach: AttachForm::new(Node::Asset(id), row.policy_id, &policies, &signed_in),
        row,
    };
    page(StatusCode::OK, &shown)
}

/// Attaches a policy to the asset alone, or takes it away.
pub(in crate::console) async fn attach(
    State(app): State<SharedApp>,
    signed_in: SignedIn,
    Path(id): Path<AssetId>,
    Sent(sent): Sent<SentAttachment>,
) -> Result<Response, PageFailed> {
    let result = assets::attach_policy(&app, &signed_in.actor(), id, sent.attach()).await;
    attached(&app, &signed_in, Node::Asset(id), result).await
}

fn settings(effective: &Effective, level: &impl Fn(Node) -> Option<Level>) -> Vec<SettingLine> {
    let line = |name, value: Option<String>, otherwise: &str, from: Option<Node>| SettingLine {
        name,
        value: value.unwrap_or_else(|| otherwise.into()),
        from: from.and_then(level),
    };
    let hide_tray = Some(state(Some(effective.hide_tray)).to_owned());
    let keep_in_view = Some(state(Some(effective.keep_in_view)).to_owned());
    let shortcut = effective.shortcut.as_ref().map(ToString::to_string);
    vec![
        line("Hide System Tray", hide_tray, "", effective.hide_tray_from),
        line("Name of the tray", effective.brand_name.clone(), "the MSP’s name", effective.brand_name_from),
        line("Icons", effective.icons.as_ref().map(icon_names), "Deskbell’s own", effective.icons_from),
        line("Keyboard shortcut", shortcut, "none", effective.shortcut_from),
        line("Kept in view", keep_in_view, "", effective.keep_in_view_from),
    ]
}

fn level(step: &Step, policies: &[Policy]) -> Level {
    let policy = policies.iter().find(|row| Some(row.id) == step.policy);
    Level { address: place(step.node), name: step.name.clone(), policy: policy.map(|row| (row.id, row.name.clone())) }
}

fn add_lines(
    menu: &[Entry],
    depth: usize,
    effective: &Effective,
    level: &impl Fn(Node) -> Option<Level>,
    lines: &mut Vec<EntryLine>,
) {
    for entry in menu {
        let (entry_type, target, inside) = match &entry.kind {
            EntryKind::Portal { destination, .. } => {
                (EntryType::Portal, destination.clone().unwrap_or_else(|| DEFAULT_DESTINATION.into()), &[][..])
            }
            EntryKind::Link { url, .. } => (EntryType::Link, url.to_string(), &[][..]),
            EntryKind::Submenu { entries, .. } => (EntryType::Submenu, String::new(), &entries[..]),
            EntryKind::Separator {} => (EntryType::Separator, String::new(), &[][..]),
            EntryKind::Information { .. } => (EntryType::Information, String::new(), &[][..]),
            EntryKind::Copy { text, .. } => (EntryType::Copy, text.to_string(), &[][..]),
        };
        lines.push(EntryLine {
            depth,
            label: entry.kind.label().map(|label| label.text.to_string()).unwrap_or_default(),
            entry_type: entry_type.title(),
            target,
            from: effective.menu_from.get(&entry.id).copied().and_then(level),
        });
        add_lines(inside, depth + 1, effective, level, lines);
    }
}
