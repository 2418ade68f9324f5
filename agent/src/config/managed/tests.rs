use super::*;
use crate::config::tests::everything;

fn settings(settings: &[(&str, &str)]) -> BTreeMap<String, String> {
    settings.iter().map(|(key, text)| ((*key).to_owned(), (*text).to_owned())).collect()
}

#[test]
fn every_key_of_the_file_can_be_managed_and_nothing_else() {
    let file = Table::try_from(everything()).expect("a table");
    let mut keys = Vec::new();
    for (key, value) in &file {
        match value.as_table() {
            Some(table) => keys.extend(table.keys().map(|name| format!("{key}.{name}"))),
            None => keys.push(key.clone()),
        }
    }
    keys.sort();
    let mut managed = SETTINGS.map(|setting| setting.key);
    managed.sort_unstable();
    assert_eq!(keys, managed);
}

#[test]
fn a_managed_setting_goes_before_the_file_and_leaves_the_others() {
    let managed = config(settings(&[("server", "https://managed.example/")])).expect("a configuration");
    let over_all = over(managed, everything());
    assert_eq!(over_all.server.as_ref().expect("a server").host(), "managed.example");
    assert_eq!(over_all, Config { server: over_all.server.clone(), ..everything() });
    for (text, hidden) in [("true", true), ("false", false)] {
        let managed = config(settings(&[("hide_tray", text)])).expect("a configuration");
        assert_eq!(over(managed, everything()).hide_tray, Some(hidden));
    }
    assert_eq!(over(Config::default(), everything()), everything());
}

/// AGT-13: what is managed is checked like the file.
#[test]
fn an_unknown_or_wrong_managed_setting_is_refused_by_name() {
    for (key, text, word) in [
        ("server", "http://support.example", "https://"),
        ("sevrer", "https://support.example", "sevrer"),
        ("network.prxy", "http://proxy.example:3128", "prxy"),
        ("network", "x", "Network"),
        ("hide_tray", "yes", "true or false"),
    ] {
        let words = config(settings(&[(key, text)])).expect_err("refused").to_string();
        assert!(words.starts_with("the managed settings cannot be used: ") && words.contains(word), "{words}");
    }
    assert!(config(settings(&[("server", "https://x.example"), ("server.x", "y")])).is_err());
}

/// The files for the editor of group policies say what the agent reads.
#[test]
fn the_administrative_templates_offer_every_setting() {
    for (path, text, expected) in [
        ("deskbell.admx", include_str!("../../../admx/deskbell.admx"), definitions()),
        ("en-US/deskbell.adml", include_str!("../../../admx/en-US/deskbell.adml"), words()),
    ] {
        assert!(text == expected, "agent/admx/{path} must be:\n{expected}");
    }
}

/// The policies, without words.
fn definitions() -> String {
    let policies = SETTINGS.iter().map(definition).collect::<Vec<_>>().concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<policyDefinitions xmlns=\"http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions\" revision=\"1.0\" schemaVersion=\"1.0\">
  <policyNamespaces>
    <target prefix=\"deskbell\" namespace=\"Deskbell.Policies\"/>
    <using prefix=\"windows\" namespace=\"Microsoft.Policies.Windows\"/>
  </policyNamespaces>
  <resources minRequiredRevision=\"1.0\"/>
  <categories>
    <category name=\"deskbell\" displayName=\"$(string.deskbell)\"/>
  </categories>
  <policies>
{policies}  </policies>
</policyDefinitions>
"
    )
}

fn definition(setting: &Setting) -> String {
    let (folder, value) = setting
        .key
        .rsplit_once('.')
        .map_or((String::new(), setting.key), |(table, value)| (format!("\\{table}"), value));
    let (presentation, content) = match setting.kind {
        Kind::Text => (
            format!(" presentation=\"$(presentation.{value})\""),
            format!(
                "      <elements>
        <text id=\"{value}\" valueName=\"{value}\" required=\"true\"/>
      </elements>"
            ),
        ),
        Kind::Switch => (
            format!(" valueName=\"{value}\""),
            "      <enabledValue>
        <string>true</string>
      </enabledValue>
      <disabledValue>
        <string>false</string>
      </disabledValue>"
                .to_owned(),
        ),
    };
    format!(
        "    <policy name=\"{value}\" class=\"Machine\" displayName=\"$(string.{value})\" explainText=\"$(string.{value}_help)\"\
         {presentation} key=\"{REGISTRY_KEY}{folder}\">
      <parentCategory ref=\"deskbell\"/>
      <supportedOn ref=\"windows:SUPPORTED_Windows_10_0\"/>
{content}
    </policy>
"
    )
}

/// The words, in English.
fn words() -> String {
    let strings = SETTINGS
        .iter()
        .map(|Setting { key, name, help, .. }| {
            let value = key.rsplit('.').next().unwrap_or_default();
            format!("      <string id=\"{value}\">{name}</string>\n      <string id=\"{value}_help\">{help}</string>\n")
        })
        .collect::<Vec<_>>()
        .concat();
    let presentations = SETTINGS
        .iter()
        .filter(|setting| setting.kind == Kind::Text)
        .map(|Setting { key, name, .. }| {
            let value = key.rsplit('.').next().unwrap_or_default();
            format!(
                "      <presentation id=\"{value}\">
        <textBox refId=\"{value}\">
          <label>{name}</label>
        </textBox>
      </presentation>
"
            )
        })
        .collect::<Vec<_>>()
        .concat();
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<policyDefinitionResources xmlns=\"http://schemas.microsoft.com/GroupPolicy/2006/07/PolicyDefinitions\" revision=\"1.0\" schemaVersion=\"1.0\">
  <displayName>Deskbell</displayName>
  <description>Settings of Deskbell's agent.</description>
  <resources>
    <stringTable>
      <string id=\"deskbell\">Deskbell</string>
{strings}    </stringTable>
    <presentationTable>
{presentations}    </presentationTable>
  </resources>
</policyDefinitionResources>
"
    )
}
