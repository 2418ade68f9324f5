//! Words for people, from the catalogs in `locales`.

use deskbell_protocol::{Caption, Refusal, UnixMillis, ipc::Failure};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use jiff::{Timestamp, tz::TimeZone};

use crate::platform;

/// Each language by its tag; the first one is for everybody else.
const CATALOGS: [(&str, &str); 5] = [
    ("en", include_str!("../locales/en/agent.ftl")),
    ("de", include_str!("../locales/de/agent.ftl")),
    ("fr", include_str!("../locales/fr/agent.ftl")),
    ("es", include_str!("../locales/es/agent.ftl")),
    ("ar", include_str!("../locales/ar/agent.ftl")),
];

/// A catalog in one language.
pub struct Words {
    bundle: FluentBundle<FluentResource>,
    time_zone: TimeZone,
}

/// Something that went wrong at the person's own desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mishap {
    /// The service or the server said no.
    Failure(Failure),
    /// The clipboard took nothing.
    Clipboard,
    /// No browser could be started.
    Browser,
}

impl Words {
    /// The catalog of the person's language, with times in this computer's time zone.
    pub fn here() -> Self {
        Self::new(&platform::language(), TimeZone::system())
    }

    /// The catalog of `language`, a BCP 47 tag whose first part counts.
    pub(crate) fn new(language: &str, time_zone: TimeZone) -> Self {
        let primary = language.split('-').next().unwrap_or_default();
        let known = CATALOGS.iter().find(|(tag, _)| tag.eq_ignore_ascii_case(primary));
        let (tag, catalog) = known.unwrap_or(&CATALOGS[0]);
        let mut bundle = FluentBundle::new(tag.parse().into_iter().collect());
        // Isolation marks are for text that is drawn with bidirectional layout; menus and terminals show them as boxes.
        bundle.set_use_isolating(false);
        // The catalogs are part of the program, and a test reads each of their messages.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new((*catalog).to_owned());
        let _ = bundle.add_resource(resource);
        Self { bundle, time_zone }
    }

    /// What a menu line says.
    pub fn caption(&self, caption: &Caption) -> String {
        match caption {
            Caption::Text { text } => text.clone(),
            Caption::Offline { since } => self.say("caption-offline", &[("time", &self.time(*since))]),
            Caption::Refused => self.say("caption-refused", &[]),
            Caption::BeingSetUp => self.say("caption-being-set-up", &[]),
            Caption::WaitingForApproval => self.say("caption-waiting-for-approval", &[]),
            Caption::CallSupport { phone } => self.say("caption-call-support", &[("phone", phone)]),
            Caption::WriteToSupport { email } => self.say("caption-write-to-support", &[("email", email)]),
        }
    }

    /// What went wrong, and whom to ask.
    pub fn mishap(&self, mishap: Mishap, phone: Option<&str>, email: Option<&str>) -> String {
        let what = self.say(mishap_key(mishap), &[]);
        let whom = match (phone, email) {
            (Some(phone), Some(email)) => self.say("support-phone-and-email", &[("phone", phone), ("email", email)]),
            (Some(phone), None) => self.say("support-phone", &[("phone", phone)]),
            (None, Some(email)) => self.say("support-email", &[("email", email)]),
            (None, None) => return what,
        };
        format!("{what} {whom}")
    }

    /// Why the portal shows a page in place of the form.
    pub fn refusal(&self, refusal: Refusal) -> String {
        self.say(&format!("refusal-{}", refusal.as_str()), &[])
    }

    /// A moment on this computer's clock, to the minute.
    pub fn time(&self, moment: UnixMillis) -> String {
        let timestamp = Timestamp::from_millisecond(moment).unwrap_or(Timestamp::UNIX_EPOCH);
        let local = timestamp.to_zoned(self.time_zone.clone());
        let part = |format: &str| local.strftime(format).to_string();
        let (year, month, day, time) = (part("%Y"), part("%m"), part("%d"), part("%H:%M"));
        self.say("moment", &[("year", &year), ("month", &month), ("day", &day), ("time", &time)])
    }

    /// The message called `key`, or `key` itself where the catalog lacks it.
    fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        let Some(pattern) = self.bundle.get_message(key).and_then(|message| message.value()) else {
            return key.to_owned();
        };
        let arguments: FluentArgs<'_> = values.iter().copied().collect();
        self.bundle.format_pattern(pattern, Some(&arguments), &mut Vec::new()).into_owned()
    }
}

fn mishap_key(mishap: Mishap) -> &'static str {
    match mishap {
        Mishap::Clipboard => "failure-clipboard",
        Mishap::Browser => "failure-browser",
        Mishap::Failure(Failure::NoSuchEntry) => "failure-no-such-entry",
        Mishap::Failure(Failure::ServerUnreachable) => "failure-server-unreachable",
        Mishap::Failure(Failure::Refused) => "failure-refused",
        Mishap::Failure(Failure::NotEnrolled) => "failure-not-enrolled",
        Mishap::Failure(Failure::Retired) => "failure-retired",
        Mishap::Failure(Failure::TooMany) => "failure-too-many",
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    fn words(language: &str) -> Words {
        Words::new(language, TimeZone::UTC)
    }

    /// The variables of each message of a catalog, which has no faults.
    fn messages(catalog: &str) -> BTreeMap<String, BTreeSet<String>> {
        assert!(FluentResource::try_new(catalog.to_owned()).is_ok(), "{catalog}");
        let lines = catalog.lines().filter(|line| !line.starts_with('#'));
        let mut messages = BTreeMap::<_, BTreeSet<_>>::new();
        for (id, text) in lines.filter_map(|line| line.split_once(" = ")) {
            let words = text.split(|c: char| !c.is_alphanumeric() && c != '$');
            let variables = words.filter(|word| word.starts_with('$')).map(str::to_owned);
            assert!(messages.insert(id.to_owned(), variables.collect()).is_none(), "{id} is there twice");
        }
        messages
    }

    #[test]
    fn every_language_has_what_english_has() {
        for (language, catalog) in CATALOGS {
            assert_eq!(messages(catalog), messages(CATALOGS[0].1), "{language}");
        }
    }

    #[test]
    fn words_are_in_the_language_of_the_person_else_in_english() {
        for (language, said) in [
            ("de-AT", "Sie erreichen den Support unter 1."),
            ("FR", "Vous pouvez joindre l’assistance au 1."),
            ("es-419", "Puede contactar con el soporte en el 1."),
            ("ar-EG", "يمكنك الوصول إلى الدعم الفني على \u{202a}1\u{202c}."),
            ("pt-BR", "You can reach support at 1."),
            ("", "You can reach support at 1."),
        ] {
            assert_eq!(words(language).say("support-phone", &[("phone", "1")]), said, "{language}");
        }
    }

    #[test]
    fn every_caption_and_refusal_and_mishap_has_words() {
        let captions = [
            Caption::Offline { since: 0 },
            Caption::Refused,
            Caption::BeingSetUp,
            Caption::WaitingForApproval,
            Caption::CallSupport { phone: "1".into() },
            Caption::WriteToSupport { email: "a@b.example".into() },
        ];
        let refusals = [
            Refusal::NoEndUser,
            Refusal::NotAPortalUser,
            Refusal::Deactivated,
            Refusal::NotPermitted,
            Refusal::PortalNotPublished,
            Refusal::AssetRetired,
        ];
        let mishaps = [
            Mishap::Clipboard,
            Mishap::Browser,
            Mishap::Failure(Failure::NoSuchEntry),
            Mishap::Failure(Failure::ServerUnreachable),
            Mishap::Failure(Failure::Refused),
            Mishap::Failure(Failure::NotEnrolled),
            Mishap::Failure(Failure::Retired),
            Mishap::Failure(Failure::TooMany),
        ];
        let said = CATALOGS.map(|(language, _)| words(language)).into_iter().flat_map(|words| {
            let captions = captions.iter().map(|caption| words.caption(caption));
            let refusals = refusals.iter().map(|refusal| words.refusal(*refusal));
            let mishaps = mishaps.iter().map(|mishap| words.mishap(*mishap, None, None));
            captions.chain(refusals).chain(mishaps).collect::<Vec<_>>()
        });
        for sentence in said {
            assert!(sentence.contains(' '), "{sentence:?} is no sentence");
            assert!(!sentence.contains('{'), "{sentence:?} lacks a value");
        }
    }

    #[test]
    fn the_offline_line_says_since_when() {
        let caption = Caption::Offline { since: 1_700_000_000_000 };
        for (language, line) in [
            ("en", "Offline since 2023-11-14 22:13"),
            ("de", "Offline seit 14.11.2023 22:13"),
            ("ar", "غير متصل منذ 14/11/2023 22:13"),
        ] {
            assert_eq!(words(language).caption(&caption), line);
        }
    }

    #[test]
    fn a_mishap_names_the_ways_to_support_that_there_are() {
        let failure = Mishap::Failure(Failure::ServerUnreachable);
        for (phone, email, end) in [
            (Some("+1 555"), Some("a@b.example"), "You can reach support at +1 555 or a@b.example."),
            (Some("+1 555"), None, "You can reach support at +1 555."),
            (None, Some("a@b.example"), "You can reach support at a@b.example."),
            (None, None, "The support portal cannot be reached at the moment."),
        ] {
            assert!(words("en").mishap(failure, phone, email).ends_with(end));
        }
    }
}
