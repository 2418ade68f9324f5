//! The choice of a language, as forms have it.

use strum::VariantArray as _;

use crate::{app::App, domain::language::Language};

/// The choice of a language.
pub(super) struct Languages {
    /// What the empty choice says; absent: there is none.
    pub(super) none: Option<String>,
    chosen: Option<Language>,
}

impl Languages {
    /// Of somebody who may have none of their own.
    pub(super) fn or_the_msps(app: &App, chosen: Option<Language>) -> Self {
        let default = app.looks.of_default().provider.default_language;
        Self { none: Some(format!("The default, {}", default.title())), chosen }
    }

    /// Of whoever must have one.
    pub(super) fn one_of(chosen: Language) -> Self {
        Self { none: None, chosen: Some(chosen) }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = (Language, bool)> {
        let chosen = self.chosen;
        Language::VARIANTS.iter().map(move |language| (*language, chosen == Some(*language)))
    }
}
