//! What happens in which order.

/// An action, when it happens (always, where nothing is said), and its place.
pub(super) struct Step(pub(super) &'static str, pub(super) &'static str, pub(super) i32);

const INSTALL: &[Step] = &[
    Step("FindRelatedProducts", "", 25),
    Step("AppSearch", "", 50),
    Step("LaunchConditions", "", 100),
    Step("ValidateProductID", "", 700),
    Step("CostInitialize", "", 800),
    Step("FileCost", "", 900),
    // A folder that somebody chose once is the folder of every upgrade.
    Step("KeepInstallDir", "PREVIOUSDIR AND NOT INSTALLDIR", 950),
    Step("CostFinalize", "", 1000),
    Step("MigrateFeatureStates", "", 1200),
    Step("InstallValidate", "", 1400),
    Step("InstallInitialize", "", 1500),
    // The older version goes within the transaction, and is back when this one fails.
    Step("RemoveExistingProducts", "", 1510),
    Step("ProcessComponents", "", 1600),
    Step("UnpublishFeatures", "", 1800),
    Step("StopServices", "VersionNT", 1900),
    // After the service, which would start them anew.
    Step("EndTrays", "Installed", 1950),
    Step("DeleteServices", "VersionNT", 2000),
    // Windows sets the last of these where a newer version removes this one.
    Step("NameData", "REMOVE ~= \"ALL\" AND NOT KEEP AND NOT UPGRADINGPRODUCTCODE", 2100),
    Step("Forget", "REMOVE ~= \"ALL\" AND NOT KEEP AND NOT UPGRADINGPRODUCTCODE", 2110),
    Step("RemoveRegistryValues", "", 2600),
    Step("RemoveShortcuts", "", 3200),
    Step("RemoveFiles", "", 3500),
    Step("InstallFiles", "", 4000),
    Step("CreateShortcuts", "", 4500),
    Step("WriteRegistryValues", "", 5000),
    Step("InstallServices", "VersionNT", 5800),
    Step("MsiConfigureServices", "VersionMsi >= \"5.00\"", 5850),
    Step("GiveSettings", "SERVER_URL AND NOT REMOVE ~= \"ALL\"", 5860),
    Step("Configure", "SERVER_URL AND NOT REMOVE ~= \"ALL\"", 5870),
    Step("StartServices", "VersionNT", 5900),
    Step("RegisterUser", "", 6000),
    Step("RegisterProduct", "", 6100),
    Step("PublishFeatures", "", 6300),
    Step("PublishProduct", "", 6400),
    Step("InstallFinalize", "", 6600),
];

const INSTALL_UI: &[Step] = &[
    Step("FindRelatedProducts", "", 25),
    Step("AppSearch", "", 50),
    Step("LaunchConditions", "", 100),
    Step("ValidateProductID", "", 700),
    Step("CostInitialize", "", 800),
    Step("FileCost", "", 900),
    Step("CostFinalize", "", 1000),
    Step("ExecuteAction", "", 1300),
];

const ADMIN: &[Step] = &[
    Step("CostInitialize", "", 800),
    Step("FileCost", "", 900),
    Step("CostFinalize", "", 1000),
    Step("InstallValidate", "", 1400),
    Step("InstallInitialize", "", 1500),
    Step("InstallAdminPackage", "", 3900),
    Step("InstallFiles", "", 4000),
    Step("InstallFinalize", "", 6600),
];

const ADMIN_UI: &[Step] = &[
    Step("CostInitialize", "", 800),
    Step("FileCost", "", 900),
    Step("CostFinalize", "", 1000),
    Step("ExecuteAction", "", 1300),
];

const ADVERTISE: &[Step] = &[
    Step("CostInitialize", "", 800),
    Step("CostFinalize", "", 1000),
    Step("InstallValidate", "", 1400),
    Step("InstallInitialize", "", 1500),
    Step("CreateShortcuts", "", 4500),
    Step("PublishFeatures", "", 6300),
    Step("PublishProduct", "", 6400),
    Step("InstallFinalize", "", 6600),
];

/// Every sequence by its table.
pub(super) const SEQUENCES: [(&str, &[Step]); 5] = [
    ("InstallExecuteSequence", INSTALL),
    ("InstallUISequence", INSTALL_UI),
    ("AdminExecuteSequence", ADMIN),
    ("AdminUISequence", ADMIN_UI),
    ("AdvtExecuteSequence", ADVERTISE),
];
