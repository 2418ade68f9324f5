//! The portal's sentences, from Fluent catalogs. No sentence for end users stands in code.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};

use crate::domain::language::Language;

static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::new(Language::English, ENGLISH_CATALOG));
static GERMAN: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::German, include_str!("../locales/de/portal.ftl")));
static FRENCH: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::French, include_str!("../locales/fr/portal.ftl")));
static SPANISH: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::Spanish, include_str!("../locales/es/portal.ftl")));
static ARABIC: LazyLock<Words> =
    LazyLock::new(|| Words::new(Language::Arabic, include_str!("../locales/ar/portal.ftl")));

const ENGLISH_CATALOG: &str = include_str!("../locales/en/portal.ftl");

/// The sentences of one language.
pub struct Words {
    language: Language,
    bundle: FluentBundle<FluentResource>,
}

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Words").field("language", &self.language).finish_non_exhaustive()
    }
}

impl Words {
    /// The sentences in `language`.
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::English => &ENGLISH,
            Language::German => &GERMAN,
            Language::French => &FRENCH,
            Language::Spanish => &SPANISH,
            Language::Arabic => &ARABIC,
        }
    }

    /// The sentences in English, which stands in for what another language lacks.
    pub fn english() -> &'static Self {
        &ENGLISH
    }

    /// The language's BCP 47 tag, for `<html lang>`.
    pub fn language(&self) -> &'static str {
        self.language.name()
    }

    /// Where its lines begin, for `<html dir>`.
    pub fn direction(&self) -> &'static str {
        self.language.direction()
    }

    /// The sentence called `id`.
    pub fn say(&self, id: &str) -> String {
        self.say_with(id, &[])
    }

    /// The sentence called `id` with one value.
    pub fn say1(&self, id: &str, name: &str, value: &str) -> String {
        self.say_with(id, &[(name, value)])
    }

    /// The sentence called `id` with its values filled in: in English where this language lacks it. One that English lacks,
    /// too, is logged and shown as its id, so that a page appears all the same.
    pub fn say_with(&self, id: &str, values: &[(&str, &str)]) -> String {
        let arguments: FluentArgs<'_> =
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), FluentValue::from(*value))).collect();
        let mut errors = Vec::new();
        let words = if self.bundle.has_message(id) { self } else { Self::english() };
        let pattern = words.bundle.get_message(id).and_then(|message| message.value());
        let sentence = pattern.map(|pattern| words.bundle.format_pattern(pattern, Some(&arguments), &mut errors));
        if sentence.is_none() || !errors.is_empty() {
            tracing::error!(sentence = id, "The catalog has no usable sentence {id}");
        }
        sentence.map_or_else(|| id.to_owned(), Cow::into_owned)
    }

    fn new(language: Language, catalog: &str) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.name().parse().into_iter().collect());
        // Templates mark each name with <bdi>; isolation characters would be copied along with the text.
        bundle.set_use_isolating(false);
        let resource = FluentResource::try_new(catalog.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalog_has_no_syntax_errors() {
        assert!(FluentResource::try_new(include_str!("../locales/en/portal.ftl").to_owned()).is_ok());
    }

    #[test]
    fn a_sentence_takes_its_values_as_they_are() {
        let sentence =
            Words::english().say_with("new-ticket-reporting-as", &[("person", "Jane Doe"), ("asset", "PC-042")]);
        assert_eq!(sentence, "Reporting as Jane Doe for PC-042");
    }

    #[test]
    fn every_sentence_that_a_template_asks_for_is_there() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates/portal");
        let mut asked = 0;
        for file in std::fs::read_dir(folder).expect("templates") {
            let text = std::fs::read_to_string(file.expect("a file").path()).expect("text");
            for (at, _) in text.match_indices("words.say") {
                // Whatever comes as a value is not written here.
                let Some((_, quoted)) = text[at..].split_once('(').filter(|(_, rest)| rest.starts_with('"')) else {
                    continue;
                };
                let id = quoted.split('"').nth(1).expect("an id");
                assert!(Words::english().bundle.has_message(id), "{id} is not in the catalog");
                asked += 1;
            }
        }
        assert!(asked > 20, "only {asked} sentences found in templates");
    }
}
