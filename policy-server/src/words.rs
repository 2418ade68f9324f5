//! The portal's sentences, from Fluent catalogs. No sentence for end users stands in code.

use std::{borrow::Cow, sync::LazyLock};

use deskbell_protocol::{Facts, OsUser, UnixMillis};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{Timestamp, civil::Date, tz::TimeZone};

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
            values.iter().map(|(name, value)| (Cow::Borrowed(*name), argument(value))).collect();
        let mut errors = Vec::new();
        let words = if self.bundle.has_message(id) { self } else { Self::english() };
        let pattern = words.bundle.get_message(id).and_then(|message| message.value());
        let sentence = pattern.map(|pattern| words.bundle.format_pattern(pattern, Some(&arguments), &mut errors));
        if sentence.is_none() || !errors.is_empty() {
            tracing::error!(sentence = id, "The catalog has no usable sentence {id}");
        }
        sentence.map_or_else(|| id.to_owned(), Cow::into_owned)
    }

    /// What a computer says of itself and of who sits there, with its names, as it goes along with a ticket; what is not known is
    /// left out.
    pub fn facts(&self, facts: &Facts, user: &OsUser) -> Vec<(String, String)> {
        let gigabytes = facts.memory_bytes.div_ceil(1 << 30).to_string();
        let memory = match facts.memory_bytes {
            0 => String::new(),
            _ => self.say1("fact-memory-gigabytes", "gigabytes", &gigabytes),
        };
        let login = if user.domain.is_empty() { user.name.clone() } else { format!("{}\\{}", user.domain, user.name) };
        let both = |one: &str, other: &str| format!("{one} {other}").trim().to_owned();
        let rows = [
            ("fact-computer", facts.computer.clone()),
            ("fact-serial", facts.serial.clone()),
            ("fact-model", both(&facts.manufacturer, &facts.model)),
            ("fact-os", both(&facts.os, &facts.architecture)),
            ("fact-processor", facts.processor.clone()),
            ("fact-memory", memory),
            ("fact-addresses", facts.addresses.join(", ")),
            ("fact-user", login),
            ("fact-agent", facts.agent_version.clone()),
        ];
        rows.into_iter().filter(|(_, value)| !value.is_empty()).map(|(id, value)| (self.say(id), value)).collect()
    }

    /// A moment to the minute, in UTC.
    pub fn moment(&self, at: UnixMillis) -> String {
        let at = Timestamp::from_millisecond(at).unwrap_or_default().to_zoned(TimeZone::UTC);
        let time = at.strftime("%H:%M").to_string();
        self.say_with("moment", &[("date", &self.date(at.date())), ("time", &time)])
    }

    /// A day as `2026-11-23` names it, in this language's way; what names none stays as it is.
    pub fn day(&self, day: &str) -> String {
        day.parse().map_or_else(|_| day.to_owned(), |day| self.date(day))
    }

    fn date(&self, date: Date) -> String {
        let part = |format: &str| date.strftime(format).to_string();
        let (year, month, day) = (part("%Y"), part("%m"), part("%d"));
        self.say_with("date", &[("year", &year), ("month", &month), ("day", &day)])
    }

    fn new(language: Language, catalog: &str) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.name().parse().into_iter().collect());
        // Where a page reads left to right, templates mark each name with <bdi>, and isolation characters would be copied along
        // with the text. Right to left, a name would tear its sentence apart without them.
        bundle.set_use_isolating(language.is_right_to_left());
        let added = bundle.add_function("NUMBER", move |values, _| match values {
            [FluentValue::Number(number)] => FluentValue::from(grouped(language, &number.as_string())),
            [other] => other.clone(),
            _ => FluentValue::Error,
        });
        added.expect("the first function of that name");
        let resource = FluentResource::try_new(catalog.to_owned()).unwrap_or_else(|(resource, _)| resource);
        bundle.add_resource_overriding(resource);
        Self { language, bundle }
    }
}

/// A value as Fluent takes it: what is written as a whole number can be counted, and reads the same.
fn argument(value: &str) -> FluentValue<'_> {
    let is_plain = value == "0" || (!value.starts_with('0') && value.bytes().all(|digit| digit.is_ascii_digit()));
    let number = value.parse::<i64>().ok().filter(|number| is_plain && *number < 1_000_000_000_000);
    number.map_or_else(|| FluentValue::from(value), FluentValue::from)
}

/// A whole number with its thousands apart, as CLDR has it for the language.
fn grouped(language: Language, digits: &str) -> String {
    let (separator, shortest) = match language {
        Language::English | Language::Arabic => (",", 4),
        Language::German => (".", 4),
        Language::French => ("\u{202f}", 4),
        Language::Spanish => (".", 5),
    };
    if digits.len() < shortest || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return digits.to_owned();
    }
    let (first, rest) = digits.split_at((digits.len() - 1) % 3 + 1);
    let mut grouped = first.to_owned();
    for (at, digit) in rest.chars().enumerate() {
        if at % 3 == 0 {
            grouped.push_str(separator);
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use strum::VariantArray as _;

    use super::*;

    fn catalog(language: Language) -> &'static str {
        match language {
            Language::English => ENGLISH_CATALOG,
            Language::German => include_str!("../locales/de/portal.ftl"),
            Language::French => include_str!("../locales/fr/portal.ftl"),
            Language::Spanish => include_str!("../locales/es/portal.ftl"),
            Language::Arabic => include_str!("../locales/ar/portal.ftl"),
        }
    }

    /// The variables of each message of a catalog.
    fn messages(language: Language) -> BTreeMap<&'static str, BTreeSet<&'static str>> {
        let mut messages = BTreeMap::<_, BTreeSet<_>>::new();
        let mut last = "";
        for line in catalog(language).lines().filter(|line| !line.starts_with('#')) {
            let mut text = line;
            if let Some((id, rest)) = line.split_once(" =").filter(|(id, _)| !id.starts_with([' ', '}'])) {
                assert!(messages.insert(id, BTreeSet::new()).is_none(), "{id} is in {language:?} twice");
                (last, text) = (id, rest);
            }
            let words = text.split(|c: char| !c.is_ascii_alphanumeric() && !"$_".contains(c));
            messages.entry(last).or_default().extend(words.filter(|word| word.starts_with('$')));
        }
        messages.remove("");
        messages
    }

    #[test]
    fn every_language_has_what_english_has_without_a_fault() {
        let english = messages(Language::English);
        assert!(english.len() > 150, "{english:?}");
        for language in Language::VARIANTS {
            let messages = messages(*language);
            let ids = |messages: &BTreeMap<&'static str, _>| messages.keys().copied().collect::<Vec<_>>();
            assert_eq!(ids(&messages), ids(&english), "{language:?}");
            assert_eq!(messages, english, "{language:?}");
            let parsed = FluentResource::try_new(catalog(*language).to_owned());
            assert!(parsed.is_ok(), "{language:?}: {:?}", parsed.err().map(|(_, faults)| faults));
            let first = catalog(*language).lines().next().unwrap_or_default();
            assert_eq!(first.contains("Not yet reviewed by a speaker"), !language.is_reviewed(), "{first}");
        }
    }

    #[test]
    fn every_sentence_can_be_said_with_any_number_and_any_name() {
        for language in Language::VARIANTS {
            let words = Words::of(*language);
            for (id, variables) in messages(*language) {
                for value in ["", "0", "1", "2", "3", "11", "100", "20000", "Jane <b>"] {
                    let arguments: FluentArgs<'_> =
                        variables.iter().map(|name| (Cow::Borrowed(&name[1..]), argument(value))).collect();
                    let message = words.bundle.get_message(id).and_then(|message| message.value()).expect(id);
                    let mut errors = Vec::new();
                    let sentence = words.bundle.format_pattern(message, Some(&arguments), &mut errors);
                    assert!(errors.is_empty() && !sentence.contains('{'), "{language:?} {id}: {sentence} {errors:?}");
                }
            }
        }
    }

    #[test]
    fn numbers_and_days_are_written_as_the_language_has_them() {
        for (language, longer, moment, day) in [
            (Language::English, "10,000 characters", "2027-01-15 08:00 UTC", "2027-01-15"),
            (Language::German, "10.000 Zeichen", "15.01.2027, 08:00 UTC", "15.01.2027"),
            (Language::French, "10\u{202f}000 caractères", "15/01/2027 à 08:00 UTC", "15/01/2027"),
            (Language::Spanish, "10.000 caracteres", "15/01/2027, 08:00 UTC", "15/01/2027"),
            (Language::Arabic, "10,000 حرف", "15/01/2027، 08:00 UTC", "15/01/2027"),
        ] {
            let words = Words::of(language);
            let plain = |text: String| text.replace(|c| ('\u{2066}'..='\u{2069}').contains(&c), "");
            let said = plain(words.say1("error-too-long", "limit", "10000"));
            assert!(said.contains(longer), "{said}");
            assert_eq!(plain(words.moment(1_800_000_059_999)), moment);
            assert_eq!((plain(words.day("2027-01-15")), words.day("soon")), (day.to_owned(), "soon".to_owned()));
        }
        assert_eq!(grouped(Language::Spanish, "1234"), "1234");
        assert_eq!(grouped(Language::German, "1234567"), "1.234.567");
        assert_eq!(grouped(Language::English, "123"), "123");
    }

    #[test]
    fn a_number_is_said_with_its_plural() {
        let files = |language, count: &str| {
            let said = Words::of(language).say1("error-files-too-many", "limit", count);
            said.replace(|c| ('\u{2066}'..='\u{2069}').contains(&c), "")
        };
        assert_eq!(files(Language::German, "1"), "Das ist mehr als eine Datei.");
        assert_eq!(files(Language::German, "10"), "Das sind mehr als 10 Dateien.");
        assert_eq!(files(Language::Arabic, "10"), "عدد الملفات أكثر من 10 ملفات.");
        assert_eq!(files(Language::Arabic, "11"), "عدد الملفات أكثر من 11 ملفًا.");
        assert_eq!(files(Language::Arabic, "100"), "عدد الملفات أكثر من 100 ملف.");
    }

    #[test]
    fn what_is_written_in_digits_reads_as_it_was_written() {
        for written in ["0", "007", "42", "+15550100", "99999999999999999999", "1.0", "", "-1"] {
            assert_eq!(Words::english().say1("ticket-title", "number", written), format!("Ticket {written}"));
        }
    }

    #[test]
    fn a_name_in_a_sentence_from_right_to_left_stands_alone() {
        let said = Words::of(Language::Arabic).say1("link-account", "name", "+1 jane");
        assert_eq!(said, "اسم الدخول: \u{2068}+1 jane\u{2069}");
    }

    #[test]
    fn english_stands_in_for_what_a_language_lacks() {
        let words = Words::new(Language::German, "sign-out = Abmelden");
        assert_eq!(
            (words.say("sign-out"), words.say("password-change")),
            ("Abmelden".into(), "Change the password".into())
        );
        assert_eq!(words.say("no-such-sentence"), "no-such-sentence");
    }

    #[test]
    fn a_sentence_takes_its_values_as_they_are() {
        let sentence =
            Words::english().say_with("new-ticket-reporting-as", &[("person", "Jane Doe"), ("asset", "PC-042")]);
        assert_eq!(sentence, "Reporting as Jane Doe for PC-042");
    }

    /// What end users read comes from catalogs and from data: a template has no letter of its own.
    #[test]
    fn no_word_stands_in_a_template_itself() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("templates");
        let of = |folder: &str, name: &str| std::fs::read_to_string(folder.to_owned() + name).expect("a template");
        let portal = std::fs::read_dir(folder.join("portal")).expect("templates");
        let portal = portal.map(|file| std::fs::read_to_string(file.expect("a file").path()).expect("text"));
        let mail = folder.join("mail").display().to_string();
        for template in portal.chain([of(&mail, "/letter.html"), of(&mail, "/_paragraphs.html")]) {
            let code = [("{#", "#}"), ("{%", "%}"), ("{{", "}}"), ("<script", "</script>"), ("<style", "</style>")];
            let plain = code.into_iter().fold(template, |text, (open, close)| without(&text, open, close));
            let page = scraper::Html::parse_document(&plain);
            let texts = page.root_element().text().map(str::to_owned);
            let elements = page.root_element().descendants().filter_map(scraper::ElementRef::wrap);
            let attributes = elements.flat_map(|element| {
                let shown = ["alt", "title", "placeholder", "aria-label"].into_iter();
                shown.filter_map(|name| element.value().attr(name).map(str::to_owned)).collect::<Vec<_>>()
            });
            for text in texts.chain(attributes) {
                assert!(!text.contains(char::is_alphabetic), "{text:?} is in no catalog: {plain}");
            }
        }
    }

    fn without(text: &str, open: &str, close: &str) -> String {
        let mut pieces = text.split(open);
        let first = pieces.next().unwrap_or_default().to_owned();
        let rest = pieces.map(|piece| piece.split_once(close).map_or("", |(_, rest)| rest));
        first + &rest.collect::<String>()
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
