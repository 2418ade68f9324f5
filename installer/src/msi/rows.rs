//! What the tables of the package say.

use msi::Value;

use super::{
    Layout, PRODUCT_NAME, UPGRADE_CODE,
    sequences::{SEQUENCES, Step},
};

/// Rows by the name of their table.
pub(super) type Rows = Vec<(&'static str, Vec<Value>)>;

/// A row, from texts, numbers and `()` for nothing.
macro_rules! row {
    ($table:literal: $($value:expr),+ $(,)?) => {
        ($table, vec![$(Cell::from($value).0),+])
    };
}

struct Cell(Value);

impl From<()> for Cell {
    fn from((): ()) -> Self {
        Self(Value::Null)
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self(text.into())
    }
}

impl From<i32> for Cell {
    fn from(number: i32) -> Self {
        Self(number.into())
    }
}

/// `HKEY_LOCAL_MACHINE`
const MACHINE: i32 = 2;
/// A component of 64-bit programs.
const SIXTY_FOUR_BITS: i32 = 256;
/// Only ask whether such a version is there.
const ONLY_DETECT: i32 = 2;
/// An upgrade keeps the features, and takes the version at the range's ends, too.
const MIGRATE_WITH_ENDS: i32 = 1 | 256 | 512;
/// Custom actions: run as the system within the script, not shown in the log, and passed over when they fail.
const IN_SCRIPT: i32 = 1024 | 2048;
const HIDDEN: i32 = 8192;
const PASSED_OVER: i32 = 64;
/// In the script of what is done when everything else is.
const AT_THE_END: i32 = 512;

pub(super) fn rows(layout: &Layout<'_>) -> anyhow::Result<Rows> {
    let mut rows = vec![
        row!("Directory": "TARGETDIR", (), "SourceDir"),
        row!("Directory": "ProgramFiles64Folder", "TARGETDIR", "."),
        row!("Directory": "INSTALLDIR", "ProgramFiles64Folder", "Deskbell"),
        row!("Directory": "ProgramMenuFolder", "TARGETDIR", "."),
        row!("Directory": "System64Folder", "TARGETDIR", "."),
        row!("Directory": "CommonAppDataFolder", "TARGETDIR", "."),
        row!("Feature": "Agent", (), PRODUCT_NAME, "The service and the tray", 0, 1, "INSTALLDIR", 0),
        row!("Media": 1, i32::try_from(layout.files.len())?, (), "#deskbell.cab", (), ()),
        row!("Registry": "Run", MACHINE, r"Software\Microsoft\Windows\CurrentVersion\Run", "Deskbell", "\"[#deskbell_tray.exe]\"", "deskbell_tray.exe"),
        row!("Registry": "InstallDir", MACHINE, r"Software\Deskbell", "InstallDir", "[INSTALLDIR]", "deskbell_agent.exe"),
        row!("ServiceInstall": "Agent", "deskbell-agent", "Deskbell agent", 16, 2, 1, (), (), (), (), "run", "deskbell_agent.exe",
            "Keeps this computer's help menu and opens the support portal"),
        // Started by an installation, ended by each, deleted by a removal.
        row!("ServiceControl": "Agent", "deskbell-agent", 1 | 2 | 32 | 128, (), 1, "deskbell_agent.exe"),
        // Restarted after 2, 10 and 60 seconds; counted anew after a day.
        row!("MsiServiceConfigFailureActions": "Agent", "deskbell-agent", 1, 86400, (), (), "1[~]1[~]1", "2000[~]10000[~]60000", "deskbell_agent.exe"),
        // SERVICE_CONFIG_FAILURE_ACTIONS_FLAG: also when it says that it ended with an error, not only when it crashed.
        row!("MsiServiceConfig": "Agent", "deskbell-agent", 1, 4, "1", "deskbell_agent.exe"),
        row!("Shortcut": "Help", "ProgramMenuFolder", "GETHELP|Get IT help", "deskbell_agent.exe", "Agent", "open",
            "Report a problem with this computer to your IT support", (), (), (), 7, "INSTALLDIR"),
        row!("Upgrade": UPGRADE_CODE, "0.0.0", layout.version, (), MIGRATE_WITH_ENDS, (), "OLDERFOUND"),
        row!("Upgrade": UPGRADE_CODE, layout.version, (), (), ONLY_DETECT, (), "NEWERFOUND"),
        row!("AppSearch": "PREVIOUSDIR", "InstallDir"),
        // 2 is a value, 16 one of 64-bit programs.
        row!("RegLocator": "InstallDir", MACHINE, r"Software\Deskbell", "InstallDir", 2 | 16),
        ("Binary", vec!["setup".into(), Value::Binary]),
        row!("CustomAction": "KeepInstallDir", 51, "INSTALLDIR", "[PREVIOUSDIR]", ()),
        row!("CustomAction": "GiveSettings", 51, "Configure", "[INSTALLDIR]|[SERVER_URL]|[HIDE_TRAY]|[ENROLLMENT_TOKEN]|[FOLDER]", ()),
        row!("CustomAction": "Configure", 1 | IN_SCRIPT | HIDDEN, "setup", "configure", ()),
        row!("CustomAction": "NameData", 51, "Forget", "[CommonAppDataFolder]Deskbell", ()),
        row!("CustomAction": "Forget", 1 | IN_SCRIPT | AT_THE_END | PASSED_OVER, "setup", "forget", ()),
        row!("CustomAction": "EndTrays", 0x22 | IN_SCRIPT | PASSED_OVER, "System64Folder", "\"[System64Folder]taskkill.exe\" /F /IM deskbell-tray.exe", ()),
        row!("ActionText": "Configure", "Giving the settings to the agent", ()),
        row!("ActionText": "Forget", "Removing what the agent wrote", ()),
        row!("ActionText": "EndTrays", "Closing the trays", ()),
    ];
    rows.extend(properties(layout));
    rows.extend(LAUNCH_CONDITIONS.map(|(condition, words)| row!("LaunchCondition": condition, words)));
    for (number, file) in (1..).zip(&layout.files) {
        let key = file.key.as_str();
        rows.push(row!("Component": key, file.component(), "INSTALLDIR", SIXTY_FOUR_BITS, (), key));
        rows.push(row!("FeatureComponents": "Agent", key));
        // Vital: without it, the installation fails.
        rows.push(row!("File": key, key, file.name.as_str(), file.size, (), (), 512, number));
    }
    for (table, steps) in SEQUENCES {
        rows.extend(steps.iter().map(|Step(action, condition, number)| {
            let condition = if condition.is_empty() { Cell::from(()) } else { Cell::from(*condition) };
            (table, vec![Cell::from(*action).0, condition.0, Cell::from(*number).0])
        }));
    }
    Ok(rows)
}

/// Conditions without which nothing is installed, and what the log and the screen say then.
const LAUNCH_CONDITIONS: [(&str, &str); 7] = [
    ("VersionNT64", "Deskbell needs a 64-bit Windows."),
    (
        "NOT NEWERFOUND",
        "A newer version of Deskbell is installed. Remove it first, if the older one is what you want; with KEEP=1, its \
         data stays.",
    ),
    (
        "NOT SERVER_URL OR SERVER_URL ~<< \"https://\" OR SERVER_URL ~<< \"http://localhost\"",
        "SERVER_URL must begin with https://, as in SERVER_URL=https://help.example (http:// is for localhost only).",
    ),
    (
        "NOT ENROLLMENT_TOKEN OR SERVER_URL",
        "ENROLLMENT_TOKEN needs the address of the server that it is for: SERVER_URL=https://help.example",
    ),
    (
        "NOT SERVER_URL OR ENROLLMENT_TOKEN",
        "SERVER_URL needs a token to enroll with: ENROLLMENT_TOKEN=... (or put agent.toml and enrollment-token into \
         ProgramData\\Deskbell, and leave both away)",
    ),
    (
        "NOT FOLDER OR SERVER_URL",
        "FOLDER is where a computer hangs that enrolls: it needs SERVER_URL and ENROLLMENT_TOKEN.",
    ),
    (
        "NOT HIDE_TRAY OR SERVER_URL AND (HIDE_TRAY = \"0\" OR HIDE_TRAY = \"1\")",
        "HIDE_TRAY must be 0 or 1, and needs SERVER_URL and ENROLLMENT_TOKEN: it counts until the first policy arrives.",
    ),
];

fn properties(layout: &Layout<'_>) -> Rows {
    let customer = layout.customer.into_iter().flat_map(|customer| {
        [row!("Property": "SERVER_URL", customer.server()), row!("Property": "ENROLLMENT_TOKEN", customer.token())]
    });
    let mut rows: Rows = [
        ("ProductCode", layout.product_code.as_str()),
        ("UpgradeCode", UPGRADE_CODE),
        ("ProductName", PRODUCT_NAME),
        ("ProductVersion", layout.version),
        ("ProductLanguage", "1033"),
        ("Manufacturer", "Deskbell"),
        // For all users, which needs an administrator.
        ("ALLUSERS", "1"),
        ("ARPNOMODIFY", "1"),
        ("REBOOT", "ReallySuppress"),
        ("MSIRESTARTMANAGERCONTROL", "Disable"),
        // What an elevated installation takes from whoever started it.
        (
            "SecureCustomProperties",
            "ENROLLMENT_TOKEN;FOLDER;HIDE_TRAY;INSTALLDIR;KEEP;NEWERFOUND;OLDERFOUND;PREVIOUSDIR;SERVER_URL",
        ),
        ("MsiHiddenProperties", "Configure;ENROLLMENT_TOKEN"),
    ]
    .map(|(name, value)| row!("Property": name, value))
    .into();
    rows.extend(customer);
    rows
}
