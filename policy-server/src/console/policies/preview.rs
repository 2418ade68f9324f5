//! What stands beside the builder's form: the menu as a tray will draw it, and for how many assets a save changes it.

use super::{menu_lines::MenuLines, sent_draft::SentDraft};
use crate::{
    app::App,
    changes::policies,
    domain::ids::PolicyId,
    fleet::{InForce, MenuPreview, menu_alone},
};

/// As many names of assets as are offered to choose from.
const OFFERED: usize = 50;

/// What a save would do.
pub(super) struct Preview {
    /// Whose menu, as typed.
    pub(super) computer: String,
    /// In which language.
    pub(super) language: String,
    /// The languages that the policy has words in.
    pub(super) languages: Vec<String>,
    /// Names of assets for which the policy counts.
    pub(super) offered: Vec<String>,
    /// How the menu comes about.
    pub(super) basis: Basis,
    /// Whether there is an icon.
    pub(super) is_visible: bool,
    /// The menu.
    pub(super) lines: MenuLines,
    /// How many assets a save changes.
    pub(super) changed: usize,
    /// How many things must be corrected first.
    pub(super) faults: usize,
}

/// How a menu comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Basis {
    /// Of the policy alone.
    Alone,
    /// In force for the asset.
    InForce,
    /// As if the policy was attached to the asset.
    AsIfAttached,
    /// There is no such asset.
    NoSuchComputer,
}

impl Preview {
    /// Of a draft; `policy` is absent while it is new.
    pub(super) fn of(app: &App, policy: Option<PolicyId>, sent: &SentDraft) -> Self {
        let (document, faults) = sent.draft.document();
        let faults = faults.len() + policies::all_faults(app, &sent.draft.name, &document).len();
        let asset = app.fleet.asset_called(&sent.computer);
        let found = asset.and_then(|asset| app.fleet.menu_with(asset, policy, document.clone(), &sent.language));
        let (menu, basis) = match found {
            Some(MenuPreview { menu, in_force: InForce::Here }) => (menu, Basis::InForce),
            Some(MenuPreview { menu, in_force: InForce::Elsewhere }) => (menu, Basis::AsIfAttached),
            None if sent.computer.is_empty() => (menu_alone(document.clone(), &sent.language), Basis::Alone),
            None => (menu_alone(document.clone(), &sent.language), Basis::NoSuchComputer),
        };
        Self {
            computer: sent.computer.clone(),
            language: sent.language.clone(),
            languages: sent.draft.languages(),
            offered: policy.map(|policy| app.fleet.names_below(policy, OFFERED)).unwrap_or_default(),
            basis,
            is_visible: menu.visible,
            lines: MenuLines::of(&menu.items),
            changed: app.fleet.would_change(policy.map(|policy| (policy, document))),
            faults,
        }
    }
}
