//! Words for people, from the catalogs in `locales`.

use deskbell_protocol::{Caption, Refusal, UnixMillis, ipc::Failure};
use fluent_bundle::{FluentArgs, FluentBundle, FluentResource};
use jiff::{Timestamp, tz::TimeZone};

const ENGLISH: &str = include_str!("../locales/en/agent.ftl");

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
    /// The catalog, with times in this computer's time zone.
    pub fn here() -> Self {
        Self::new(TimeZone::system())
    }

    fn new(time_zone: TimeZone) -> Self {
        let mut bundle = FluentBundle::new("en".parse().into_iter().collect());
        // Isolation marks are for text that is drawn with bidirectional layout; menus and terminals show them as boxes.
        bundle.set_use_isolating(false);
        // The catalog is part of the program, and a test reads each of its messages.
        let (Ok(resource) | Err((resource, _))) = FluentResource::try_new(ENGLISH.to_owned());
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
        timestamp.to_zoned(self.time_zone.clone()).strftime("%Y-%m-%d %H:%M").to_string()
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
    use super::*;

    fn words() -> Words {
        Words::new(TimeZone::UTC)
    }

    #[test]
    fn every_caption_and_refusal_and_mishap_has_words() {
        let words = words();
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
        let said = captions
            .iter()
            .map(|caption| words.caption(caption))
            .chain(refusals.map(|refusal| words.refusal(refusal)))
            .chain(mishaps.map(|mishap| words.mishap(mishap, None, None)));
        for sentence in said {
            assert!(sentence.contains(' '), "{sentence:?} is no sentence");
            assert!(!sentence.contains('{'), "{sentence:?} lacks a value");
        }
    }

    #[test]
    fn the_offline_line_says_since_when() {
        let caption = Caption::Offline { since: 1_700_000_000_000 };
        assert_eq!(words().caption(&caption), "Offline since 2023-11-14 22:13");
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
            assert!(words().mishap(failure, phone, email).ends_with(end));
        }
    }
}
