//! `/console/import/{import}`: what a file would change, line by line.

use askama::Template;
use axum::{http::StatusCode, response::Response};
use serde::Deserialize;

use crate::{
    app::App,
    changes::imports::Preview,
    console::{
        guard::SignedIn,
        layout::{Done, Layout, Section},
    },
    domain::{
        ids::ImportFileId,
        import::{Outcome, PlannedLine, Totals},
    },
    portal::pages::{PageFailed, page},
};

/// How many lines stand on a page.
const ON_A_PAGE: usize = 100;

#[derive(Template)]
#[template(path = "console/import.html")]
struct PreviewPage {
    layout: Layout,
    id: ImportFileId,
    name: String,
    /// Whether it is another plan than the one that was agreed to.
    differs: bool,
    ignored: Vec<String>,
    plan: String,
    totals: Totals,
    tabs: Vec<Tab>,
    lines: Vec<PlannedLine>,
    earlier: Option<String>,
    later: Option<String>,
}

/// A way to the lines of which the same comes.
struct Tab {
    address: String,
    title: &'static str,
    lines: usize,
    is_here: bool,
}

/// Which lines are to be seen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Choice {
    /// The refused ones if there are some, else all.
    #[default]
    Fitting,
    All,
    Refused,
    Made,
    Changed,
    Unchanged,
}

/// What was asked for.
#[derive(Debug, Default, Deserialize)]
pub(in crate::console) struct Asked {
    #[serde(default)]
    lines: Choice,
    #[serde(default)]
    from: usize,
    #[serde(flatten)]
    pub(super) done: Done,
}

/// How the page is shown.
pub(super) struct Shown {
    pub(super) status: StatusCode,
    pub(super) differs: bool,
    pub(super) asked: Asked,
}

impl PreviewPage {
    fn can_be_imported(&self) -> bool {
        self.totals.refused == 0 && self.totals.made + self.totals.changed > 0
    }

    fn changes_nothing(&self) -> bool {
        self.totals.refused + self.totals.made + self.totals.changed == 0
    }
}

/// What `file` would change.
pub(super) fn preview_page(
    app: &App,
    signed_in: &SignedIn,
    (id, name): (ImportFileId, String),
    ignored: Vec<String>,
    preview: Preview,
    Shown { status, differs, asked }: Shown,
) -> Result<Response, PageFailed> {
    let Preview { plan, totals, lines } = preview;
    let choice = match asked.lines {
        Choice::Fitting if totals.refused > 0 => Choice::Refused,
        Choice::Fitting => Choice::All,
        chosen => chosen,
    };
    let lines: Vec<_> = lines.into_iter().filter(|line| choice.has(line.outcome)).collect();
    let address = |from: usize| format!("{}?lines={}&from={from}", super::path(id), choice.name());
    let shown = PreviewPage {
        layout: Layout::load(app, signed_in, Section::Organizations).with_note(&asked.done),
        id,
        name,
        differs,
        ignored,
        plan,
        totals,
        tabs: tabs(id, totals, choice),
        earlier: (asked.from > 0).then(|| address(asked.from.saturating_sub(ON_A_PAGE))),
        later: (asked.from + ON_A_PAGE < lines.len()).then(|| address(asked.from + ON_A_PAGE)),
        lines: lines.into_iter().skip(asked.from).take(ON_A_PAGE).collect(),
    };
    page(status, &shown)
}

fn tabs(id: ImportFileId, totals: Totals, here: Choice) -> Vec<Tab> {
    let all = totals.refused + totals.made + totals.changed + totals.unchanged;
    let tabs = [
        (Choice::All, "All lines", all),
        (Choice::Refused, "Refused", totals.refused),
        (Choice::Made, "Make something", totals.made),
        (Choice::Changed, "Change something", totals.changed),
        (Choice::Unchanged, "Unchanged", totals.unchanged),
    ];
    let tabs = tabs.into_iter().map(|(choice, title, lines)| Tab {
        address: format!("{}?lines={}", super::path(id), choice.name()),
        title,
        lines,
        is_here: choice == here,
    });
    tabs.collect()
}

impl Choice {
    fn has(self, outcome: Outcome) -> bool {
        match self {
            Self::Fitting | Self::All => true,
            Self::Refused => outcome == Outcome::Refused,
            Self::Made => outcome == Outcome::Made,
            Self::Changed => outcome == Outcome::Changed,
            Self::Unchanged => outcome == Outcome::Unchanged,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Fitting => "fitting",
            Self::All => "all",
            Self::Refused => "refused",
            Self::Made => "made",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
        }
    }
}
