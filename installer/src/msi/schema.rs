//! The tables of a Windows Installer database that the package has, as Microsoft's documentation describes them.
//!
//! A column is its name, its type there (`s` text, `l` text that may be translated, `i` number, `v` a file; upper case
//! where it may be empty; then the size) and what kind of text it holds, which may be a column of another table.

use anyhow::{Context as _, bail};
use msi::{Category, Column};

/// Tables with their columns; the keys have a star.
pub(super) const TABLES: [(&str, &[&str]); 25] = [
    ("Property", &["*Property s72 Identifier", "Value l0 Text"]),
    ("Directory", &["*Directory s72 Identifier", "Directory_Parent S72 Directory", "DefaultDir l255 DefaultDir"]),
    (
        "Component",
        &[
            "*Component s72 Identifier",
            "ComponentId S38 GUID",
            "Directory_ s72 Directory",
            "Attributes i2",
            "Condition S255 Condition",
            "KeyPath S72 Identifier",
        ],
    ),
    (
        "Feature",
        &[
            "*Feature s38 Identifier",
            "Feature_Parent S38 Feature",
            "Title L64 Text",
            "Description L255 Text",
            "Display I2",
            "Level i2",
            "Directory_ S72 Directory",
            "Attributes i2",
        ],
    ),
    ("FeatureComponents", &["*Feature_ s38 Feature", "*Component_ s72 Component"]),
    (
        "File",
        &[
            "*File s72 Identifier",
            "Component_ s72 Component",
            "FileName l255 Filename",
            "FileSize i4",
            "Version S72 Version",
            "Language S20 Language",
            "Attributes I2",
            "Sequence i2",
        ],
    ),
    (
        "Media",
        &[
            "*DiskId i2",
            "LastSequence i2",
            "DiskPrompt L64 Text",
            "Cabinet S255 Cabinet",
            "VolumeLabel S32 Text",
            "Source S72 Property",
        ],
    ),
    (
        "Registry",
        &[
            "*Registry s72 Identifier",
            "Root i2",
            "Key l255 RegPath",
            "Name L255 Formatted",
            "Value L0 Formatted",
            "Component_ s72 Component",
        ],
    ),
    (
        "ServiceInstall",
        &[
            "*ServiceInstall s72 Identifier",
            "Name s255 Formatted",
            "DisplayName L255 Formatted",
            "ServiceType i4",
            "StartType i4",
            "ErrorControl i4",
            "LoadOrderGroup S255 Formatted",
            "Dependencies S255 Formatted",
            "StartName S255 Formatted",
            "Password S255 Formatted",
            "Arguments S255 Formatted",
            "Component_ s72 Component",
            "Description L255 Formatted",
        ],
    ),
    (
        "ServiceControl",
        &[
            "*ServiceControl s72 Identifier",
            "Name l255 Formatted",
            "Event i2",
            "Arguments S255 Formatted",
            "Wait I2",
            "Component_ s72 Component",
        ],
    ),
    (
        "MsiServiceConfigFailureActions",
        &[
            "*MsiServiceConfigFailureActions s72 Identifier",
            "Name s255 Formatted",
            "Event i2",
            "ResetPeriod I4",
            "RebootMessage L255 Formatted",
            "Command L255 Formatted",
            "Actions S0 Text",
            "DelayActions S0 Text",
            "Component_ s72 Component",
        ],
    ),
    (
        "MsiServiceConfig",
        &[
            "*MsiServiceConfig s72 Identifier",
            "Name s255 Formatted",
            "Event i2",
            "ConfigType i4",
            "Argument S0 Text",
            "Component_ s72 Component",
        ],
    ),
    (
        "Shortcut",
        &[
            "*Shortcut s72 Identifier",
            "Directory_ s72 Directory",
            "Name l128 Filename",
            "Component_ s72 Component",
            "Target s72 Shortcut",
            "Arguments S255 Formatted",
            "Description L255 Text",
            "Hotkey I2",
            "Icon_ S72 Identifier",
            "IconIndex I2",
            "ShowCmd I2",
            "WkDir S72 Identifier",
        ],
    ),
    (
        "Upgrade",
        &[
            "*UpgradeCode s38 GUID",
            "*VersionMin S20 Text",
            "*VersionMax S20 Text",
            "*Language S255 Language",
            "*Attributes i4",
            "Remove S255 Formatted",
            "ActionProperty s72 UpperCase",
        ],
    ),
    ("LaunchCondition", &["*Condition s255 Condition", "Description l255 Formatted"]),
    ("AppSearch", &["*Property s72 Identifier", "*Signature_ s72 Identifier"]),
    ("RegLocator", &["*Signature_ s72 Identifier", "Root i2", "Key s255 RegPath", "Name S255 Formatted", "Type I2"]),
    ("Binary", &["*Name s72 Identifier", "Data v0 Binary"]),
    (
        "CustomAction",
        &["*Action s72 Identifier", "Type i2", "Source S72 CustomSource", "Target S255 Formatted", "ExtendedType I4"],
    ),
    ("ActionText", &["*Action s72 Identifier", "Description L0 Text", "Template L0 Template"]),
    ("InstallExecuteSequence", SEQUENCE),
    ("InstallUISequence", SEQUENCE),
    ("AdminExecuteSequence", SEQUENCE),
    ("AdminUISequence", SEQUENCE),
    ("AdvtExecuteSequence", SEQUENCE),
];

const SEQUENCE: &[&str] = &["*Action s72 Identifier", "Condition S255 Condition", "Sequence I2"];

/// The columns of a table of [`TABLES`].
pub(super) fn columns(descriptions: &[&str]) -> anyhow::Result<Vec<Column>> {
    descriptions.iter().map(|description| column(description).with_context(|| (*description).to_owned())).collect()
}

fn column(description: &str) -> anyhow::Result<Column> {
    let mut parts = description.split(' ');
    let name = parts.next().unwrap_or_default();
    let kind = parts.next().context("no type")?;
    let (letter, size) = kind.split_at(1);
    let mut column = Column::build(name.trim_start_matches('*'));
    if name.starts_with('*') {
        column = column.primary_key();
    }
    if letter.chars().all(char::is_uppercase) {
        column = column.nullable();
    }
    if letter.eq_ignore_ascii_case("l") {
        column = column.localizable();
    }
    if let Some(holds) = parts.next() {
        column = match holds {
            "Component" | "Directory" | "Feature" => column.category(Category::Identifier).foreign_key(holds, 1),
            _ => column.category(holds.parse()?),
        };
    }
    Ok(match (letter.to_ascii_lowercase().as_str(), size.parse()?) {
        ("i", 2) => column.range(-32767, 32767).int16(),
        ("i", _) => column.range(-2_147_483_647, 2_147_483_647).int32(),
        ("v", _) => column.binary(),
        ("s" | "l", size) => column.string(size),
        _ => bail!("an unknown type"),
    })
}
