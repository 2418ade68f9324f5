//! The tables of the MSI, as msitools reads them, and the rules that Microsoft's own checks (ICE) hold them against.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
    process::Command,
};

use anyhow::Context;
use deskbell_installer::{contents::Product, packages::Format};

use crate::made::{Made, run};

/// Actions that Windows Installer has by itself and that the package names.
const STANDARD_ACTIONS: &str = "FindRelatedProducts AppSearch LaunchConditions ValidateProductID CostInitialize FileCost \
    CostFinalize MigrateFeatureStates InstallValidate InstallInitialize RemoveExistingProducts ProcessComponents \
    UnpublishFeatures StopServices DeleteServices RemoveRegistryValues RemoveShortcuts RemoveFiles InstallFiles \
    CreateShortcuts WriteRegistryValues InstallServices MsiConfigureServices StartServices RegisterUser RegisterProduct \
    PublishFeatures PublishProduct InstallFinalize ExecuteAction InstallAdminPackage";

/// Rows by column, of every table.
struct Tables(BTreeMap<String, Vec<BTreeMap<String, String>>>);

impl Tables {
    fn of_the_package() -> anyhow::Result<(Self, String)> {
        let made = Made::small(Format::Msi, &[Product::Agent])?;
        let package = made.package("deskbell-agent")?;
        let mut tables = BTreeMap::new();
        let mut text = String::new();
        for name in run(Command::new("msiinfo").arg("tables").arg(package))?.lines().filter(|name| is_table(name)) {
            let exported = export(package, name)?;
            if name != "_Validation" {
                text.push_str(&exported);
            }
            tables.insert(name.to_owned(), rows(&exported).with_context(|| name.to_owned())?);
        }
        Ok((Self(tables), text))
    }

    fn rows(&self, table: &str) -> &[BTreeMap<String, String>] {
        self.0.get(table).map_or(&[], Vec::as_slice)
    }

    fn column(&self, table: &str, column: &str) -> Vec<&str> {
        self.rows(table).iter().filter_map(|row| row.get(column)).map(String::as_str).collect()
    }

    fn property(&self, name: &str) -> &str {
        let row = self.rows("Property").iter().find(|row| row["Property"] == name);
        row.map_or("", |row| row["Value"].as_str())
    }

    fn place(&self, action: &str) -> i32 {
        let row = self.rows("InstallExecuteSequence").iter().find(|row| row["Action"] == action);
        row.and_then(|row| row["Sequence"].parse().ok()).unwrap_or_default()
    }
}

fn is_table(name: &str) -> bool {
    !matches!(name, "_SummaryInformation" | "_ForceCodepage")
}

fn export(package: &Path, table: &str) -> anyhow::Result<String> {
    // It writes what is in Binary beside it.
    let folder = package.parent().context("a folder")?;
    Ok(run(Command::new("msiinfo").arg("export").arg(package).arg(table).current_dir(folder))?.replace('\r', ""))
}

/// An exported table: names, types, the table's name and keys, then rows.
fn rows(exported: &str) -> anyhow::Result<Vec<BTreeMap<String, String>>> {
    let mut lines = exported.lines();
    let names: Vec<_> = lines.next().context("no names")?.split('\t').collect();
    let row =
        |line: &str| names.iter().map(|name| (*name).to_owned()).zip(line.split('\t').map(str::to_owned)).collect();
    Ok(lines.skip(2).map(row).collect())
}

#[test]
fn the_tables_say_what_they_said() -> anyhow::Result<()> {
    let (tables, text) = Tables::of_the_package()?;
    // Its content's id, which is another with each library that compresses.
    insta::assert_snapshot!(text.replace(tables.property("ProductCode"), "{PRODUCT}"));
    Ok(())
}

/// ICE03: what names a row of another table finds it.
#[test]
fn every_reference_finds_its_row() -> anyhow::Result<()> {
    let (tables, _) = Tables::of_the_package()?;
    let mut checked = 0;
    for rule in tables.rows("_Validation").iter().filter(|rule| !rule["KeyTable"].is_empty()) {
        let (table, column, key_table) = (&rule["Table"], &rule["Column"], &rule["KeyTable"]);
        let known = rows_first(&tables, key_table);
        for value in tables.column(table, column).into_iter().filter(|value| !value.is_empty()) {
            assert!(known.contains(value), "{table}.{column}: {value} is not in {key_table}");
            checked += 1;
        }
    }
    assert!(checked > 20, "{checked}");
    Ok(())
}

fn rows_first<'a>(tables: &'a Tables, table: &str) -> BTreeSet<&'a str> {
    let keys = ["Directory", "Component", "Feature", "File", "Property"];
    keys.iter().filter(|key| **key == table).flat_map(|key| tables.column(table, key)).collect()
}

/// ICE08, ICE18, ICE21, ICE30, ICE80: components are told apart, have a file, belong to the feature, are 64-bit.
#[test]
fn each_component_is_one_file_of_the_feature() -> anyhow::Result<()> {
    let (tables, _) = Tables::of_the_package()?;
    let components = tables.rows("Component");
    let ids: BTreeSet<_> = tables.column("Component", "ComponentId").into_iter().collect();
    assert_eq!(ids.len(), components.len());
    let in_feature: BTreeSet<_> = tables.column("FeatureComponents", "Component_").into_iter().collect();
    for component in components {
        let name = component["Component"].as_str();
        assert!(in_feature.contains(name), "{name} belongs to no feature");
        assert_eq!(component["Attributes"], "256", "{name}");
        let file = tables.rows("File").iter().find(|file| file["File"] == component["KeyPath"]);
        assert_eq!(file.map(|file| file["Component_"].as_str()), Some(name), "{name}'s key file");
    }
    let names = tables.column("File", "FileName");
    let short: BTreeSet<_> = names.iter().filter_map(|name| name.split('|').next()).collect();
    assert_eq!(short.len(), names.len(), "{names:?}");
    assert!(short.iter().all(|name| name.len() <= 12 && name.split('.').next().is_some_and(|stem| stem.len() <= 8)));
    Ok(())
}

/// ICE24, ICE61: identity and upgrades.
#[test]
fn what_an_upgrade_finds_may_pass_to_the_elevated_half() -> anyhow::Result<()> {
    let (tables, _) = Tables::of_the_package()?;
    let secure: BTreeSet<_> = tables.property("SecureCustomProperties").split(';').collect();
    for found in tables.column("Upgrade", "ActionProperty") {
        assert!(secure.contains(found), "{found} is lost when an installation is elevated");
        assert_eq!(tables.property(found), "", "{found} is set by itself");
    }
    for given in ["SERVER_URL", "ENROLLMENT_TOKEN", "INSTALLDIR"] {
        assert!(secure.contains(given), "{given}");
    }
    assert_eq!(tables.column("Upgrade", "UpgradeCode"), [tables.property("UpgradeCode"); 2]);
    let product = tables.property("ProductCode");
    assert_eq!((product.len(), product), (38, product.to_uppercase().as_str()));
    Ok(())
}

/// ICE12, ICE26, ICE27, ICE63, ICE77, ICE82: actions exist, have places of their own and stand in the right order.
#[test]
fn actions_stand_in_an_order_that_works() -> anyhow::Result<()> {
    let (tables, _) = Tables::of_the_package()?;
    let own: BTreeMap<_, _> = tables
        .rows("CustomAction")
        .iter()
        .map(|row| (row["Action"].as_str(), row["Type"].parse().unwrap_or(0)))
        .collect();
    for (table, rows) in tables.0.iter().filter(|(table, _)| table.ends_with("Sequence")) {
        let places: BTreeSet<_> = rows.iter().map(|row| &row["Sequence"]).collect();
        assert_eq!(places.len(), rows.len(), "{table} has two actions in one place");
        for action in rows.iter().map(|row| row["Action"].as_str()) {
            let is_standard = STANDARD_ACTIONS.split_whitespace().any(|standard| standard == action);
            assert!(is_standard || own.contains_key(action), "{table} names {action}");
        }
    }
    let order = [
        "FindRelatedProducts",
        "LaunchConditions",
        "CostInitialize",
        "FileCost",
        "CostFinalize",
        "InstallValidate",
        "InstallInitialize",
        "RemoveExistingProducts",
        "ProcessComponents",
        "StopServices",
        "EndTrays",
        "DeleteServices",
        "RemoveFiles",
        "InstallFiles",
        "InstallServices",
        "Configure",
        "StartServices",
        "RegisterProduct",
        "InstallFinalize",
    ]
    .map(|action| tables.place(action));
    assert!(order.is_sorted() && order[0] > 0, "{order:?}");
    // Bit 1024: within the script, which runs as the system.
    for (action, _) in own.iter().filter(|(_, kind): &(_, &i32)| **kind & 1024 != 0) {
        let place = tables.place(action);
        assert!(tables.place("InstallInitialize") < place && place < tables.place("InstallFinalize"), "{action}");
    }
    Ok(())
}

/// The token is in no log: what holds it is hidden by name, and the action that takes it by its kind.
#[test]
fn the_token_is_hidden_from_logs() -> anyhow::Result<()> {
    let (tables, _) = Tables::of_the_package()?;
    let hidden: BTreeSet<_> = tables.property("MsiHiddenProperties").split(';').collect();
    for row in tables.rows("CustomAction").iter().filter(|row| row["Target"].contains("[ENROLLMENT_TOKEN]")) {
        assert!(hidden.contains(row["Source"].as_str()), "{row:?}");
        let taker = tables.rows("CustomAction").iter().find(|taker| taker["Action"] == row["Source"]);
        let kind: i32 = taker.context("nobody takes it")?["Type"].parse()?;
        assert!(kind & 8192 != 0, "the action's target is shown");
    }
    assert!(hidden.contains("ENROLLMENT_TOKEN"));
    let elsewhere = ["Registry", "IniFile", "ServiceInstall", "ServiceControl", "Shortcut"];
    let named = elsewhere.iter().flat_map(|table| tables.rows(table)).flat_map(BTreeMap::values);
    assert_eq!(named.filter(|value| value.contains("ENROLLMENT_TOKEN")).count(), 0);
    Ok(())
}
