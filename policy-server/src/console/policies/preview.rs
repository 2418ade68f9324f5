//! What stands beside the builder's form: the menu as a tray will draw it, and for how many assets a save changes it.

use super::{menu_lines::MenuLines, sent_draft::SentDraft};
use deskbell_protocol::{IconHash, Icons};

use crate::{
    app::App,
    changes::policies,
    domain::{ids::PolicyId, policy_draft::IconShade},
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
    /// What the icon is called.
    pub(super) title: String,
    /// What opens the form from the keyboard.
    pub(super) shortcut: Option<String>,
    icons: Option<Icons>,
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
        let basis = match &found {
            Some(MenuPreview { in_force: InForce::Here, .. }) => Basis::InForce,
            Some(MenuPreview { in_force: InForce::Elsewhere, .. }) => Basis::AsIfAttached,
            None if sent.computer.is_empty() => Basis::Alone,
            None => Basis::NoSuchComputer,
        };
        let MenuPreview { menu, icons, .. } = found.unwrap_or_else(|| menu_alone(document.clone(), &sent.language));
        // Alone, a policy does not know the MSP.
        let title = if menu.title.is_empty() { app.looks.of_default().provider.name.clone() } else { menu.title };
        Self {
            computer: sent.computer.clone(),
            language: sent.language.clone(),
            languages: sent.draft.languages(),
            offered: policy.map(|policy| app.fleet.names_below(policy, OFFERED)).unwrap_or_default(),
            basis,
            is_visible: menu.visible,
            title,
            shortcut: menu.shortcut.map(|shortcut| shortcut.to_string()),
            icons,
            lines: MenuLines::of(&menu.items),
            changed: app.fleet.would_change(policy.map(|policy| (policy, document))),
            faults,
        }
    }

    /// Where the picture is that a light or dark desktop shows.
    pub(super) fn picture(&self, shade: IconShade) -> String {
        let icon = self.icons.as_ref().map(|icons| match shade {
            IconShade::Light => &icons.light,
            IconShade::Dark => icons.dark.as_ref().unwrap_or(&icons.light),
        });
        icon.map_or("/static/icon.svg".into(), picture)
    }
}

/// Where the console gives out an icon.
pub(super) fn picture(icon: &IconHash) -> String {
    format!("/console/icons/{icon}")
}
