//! What a configuration profile for macOS says, as settings by key.

use std::{collections::BTreeMap, io::Cursor};

use anyhow::{Context as _, bail};
use plist::{Dictionary, Value};

/// What a profile says of itself; the system may keep that with the settings.
const ABOUT_THE_PROFILE: &str = "Payload";

/// The texts and switches in `plist` (XML or binary), with a dot between the name of a dictionary and a key in it.
pub(super) fn settings(plist: &[u8]) -> anyhow::Result<BTreeMap<String, String>> {
    let plist = Value::from_reader(Cursor::new(plist)).context("reading the profile's preferences")?;
    let mut settings = BTreeMap::new();
    gather(plist.as_dictionary().context("the profile's preferences are no dictionary")?, "", &mut settings)?;
    settings.retain(|key, _| !key.starts_with(ABOUT_THE_PROFILE));
    Ok(settings)
}

fn gather(dictionary: &Dictionary, prefix: &str, settings: &mut BTreeMap<String, String>) -> anyhow::Result<()> {
    for (name, value) in dictionary {
        let key = format!("{prefix}{name}");
        match value {
            Value::String(text) => {
                settings.insert(key, text.clone());
            }
            Value::Boolean(switch) => {
                settings.insert(key, switch.to_string());
            }
            Value::Dictionary(inner) if prefix.is_empty() => gather(inner, &format!("{key}."), settings)?,
            // Numbers, dates and the like stand in what a profile says of itself.
            _ if key.starts_with(ABOUT_THE_PROFILE) => {}
            _ => bail!("{key} must be a text, or true or false"),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{ServerUrl, managed::SETTINGS};

    /// The example is what an administrator begins with.
    #[test]
    fn the_example_of_a_profile_offers_every_setting_and_nothing_else() {
        let profile =
            Value::from_reader(Cursor::new(include_bytes!("../../deskbell.mobileconfig"))).expect("a profile");
        let contents = profile.as_dictionary().and_then(|profile| profile.get("PayloadContent")?.as_array());
        let [Value::Dictionary(payload)] = contents.expect("payloads").as_slice() else { panic!("one payload") };
        assert_eq!(payload.get("PayloadType").and_then(Value::as_string), Some("org.deskbell.agent"));
        let mut plist = Vec::new();
        Value::from(payload.clone()).to_writer_xml(&mut plist).expect("written");

        let settings = settings(&plist).expect("settings");

        let mut expected = SETTINGS.map(|setting| setting.key);
        expected.sort_unstable();
        assert_eq!(settings.keys().collect::<Vec<_>>(), expected);
        assert!(settings["server"].parse::<ServerUrl>().is_ok());
    }

    fn read(inside: &str) -> Result<Vec<(String, String)>, String> {
        let plist =
            format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><plist version=\"1.0\"><dict>{inside}</dict></plist>");
        settings(plist.as_bytes()).map(|settings| settings.into_iter().collect()).map_err(|error| format!("{error:#}"))
    }

    #[test]
    fn a_profiles_texts_are_settings_and_what_it_says_of_itself_is_none() {
        let settings = read(
            "<key>server</key><string>https://help.example</string>
             <key>network</key><dict><key>proxy</key><string>http://proxy.example:3128</string></dict>
             <key>PayloadUUID</key><string>9C0E0B7E-2B5B-4C39-8D0F-6F8A6E0E7A22</string>
             <key>PayloadVersion</key><integer>1</integer>",
        );
        let expected = [("network.proxy", "http://proxy.example:3128"), ("server", "https://help.example")];
        assert_eq!(settings.expect("settings"), expected.map(|(key, text)| (key.to_owned(), text.to_owned())));
    }

    #[test]
    fn the_binary_form_says_the_same() {
        let mut network = Dictionary::new();
        network.insert("ca_certificate".into(), "/Library/ca.pem".into());
        let all: Dictionary = [("network".to_owned(), Value::from(network))].into_iter().collect();
        let mut binary = Vec::new();
        Value::from(all).to_writer_binary(&mut binary).expect("written");
        let settings = settings(&binary).expect("settings");
        assert_eq!(
            settings.into_iter().collect::<Vec<_>>(),
            [("network.ca_certificate".into(), "/Library/ca.pem".into())]
        );
    }

    #[test]
    fn what_is_no_text_is_refused_by_name() {
        for (inside, word) in [
            ("<key>server</key><integer>1</integer>", "server must be a text"),
            ("<key>network</key><dict><key>proxy</key><array/></dict>", "network.proxy must be a text"),
            ("<key>network</key><dict><key>x</key><dict/></dict>", "network.x must be a text"),
            ("<key>server</key>", "reading the profile's preferences"),
        ] {
            let words = read(inside).expect_err("refused");
            assert!(words.starts_with(word), "{words}");
        }
        assert!(settings(b"bplist00").is_err() && settings(b"").is_err());
    }
}
