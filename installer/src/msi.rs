//! A package for Windows: a database of what is installed, with the files in a cabinet inside it.
//!
//! It is signed like any program, such as by `osslsigncode`; docs/deploy/windows.md says how.

mod rows;
mod schema;
mod sequences;

use std::{
    io::{self, Cursor, Read as _, Write as _},
    time::{Duration, SystemTime},
};

use anyhow::Context as _;
use cab::{CabinetBuilder, CompressionType};
use msi::{Insert, LanguageId, PackageType};
use sha1::{Digest as _, Sha1};
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

use crate::{customer::Customer, package::Package};

/// What "Installed apps" shows.
const PRODUCT_NAME: &str = "Deskbell Agent";
/// The same for every version: by it, one replaces the other.
const UPGRADE_CODE: &str = "{6B0F4A3C-8E0E-4B62-9C0B-2D6E3A0C9F51}";
/// What the ids of components are made of.
const COMPONENTS: Uuid = Uuid::from_u128(0x3f0a_9a1e_61c5_4d0a_a6f1_0c5b_7a3d_e210);
/// The library of the step that no table can express.
pub const SETUP_ACTION: &str = "deskbell_setup_action.dll";

/// What the tables are made from.
struct Layout<'a> {
    version: &'a str,
    product_code: String,
    files: Vec<Listed>,
    customer: Option<&'a Customer>,
}

/// A file in the tables.
struct Listed {
    /// Its name in the tables and the cabinet.
    key: String,
    /// Short and long.
    name: String,
    size: i32,
}

/// The package and its file name, with the settings of one customer or of nobody.
pub fn msi(package: &Package, customer: Option<&Customer>, setup_action: &[u8]) -> anyhow::Result<(String, Vec<u8>)> {
    let cabinet = cabinet(package)?;
    // Other content is another product, which replaces the one before.
    let hash = Sha1::new().chain_update(&cabinet).chain_update(setup_action).chain_update(&package.version);
    let hash = customer.into_iter().fold(hash, |hash, customer| hash.chain_update(customer.server()));
    let hash = hash.finalize();
    let layout = Layout {
        version: &package.version,
        product_code: guid(id(&hash, b"product")),
        files: package.files.iter().map(listed).collect::<anyhow::Result<_>>()?,
        customer,
    };

    let mut database = msi::Package::create(PackageType::Installer, Cursor::new(Vec::new()))?;
    for (table, columns) in schema::TABLES {
        database.create_table(table, schema::columns(columns)?).with_context(|| table.to_owned())?;
    }
    for (table, row) in rows::rows(&layout)? {
        database.insert_rows(Insert::into(table).row(row)).with_context(|| table.to_owned())?;
    }
    database.write_stream("Binary.setup")?.write_all(setup_action)?;
    database.write_stream("deskbell.cab")?.write_all(&cabinet)?;
    let summary = database.summary_info_mut();
    let moment = SystemTime::UNIX_EPOCH + Duration::from_secs(package.moment.into());
    summary.set_title("Installation Database");
    summary.set_subject(PRODUCT_NAME);
    summary.set_author("Deskbell");
    summary.set_arch("x64");
    summary.set_languages(&[LanguageId::new(9, 1)]);
    summary.set_uuid(id(&hash, b"package"));
    summary.set_creation_time(moment);
    summary.set_last_save_time(moment);
    summary.set_creating_application("deskbell-installer");
    // Version 5 of Windows Installer; long names, compressed.
    summary.set_page_count(500);
    summary.set_word_count(2);
    let name = format!("{}-{}.msi", package.product.name(), package.version);
    Ok((name, without_clock(database, moment)?))
}

fn listed(file: &crate::package::File) -> anyhow::Result<Listed> {
    let name = file.item.path;
    let (stem, extension) = name.rsplit_once('.').context("a file name on Windows has an extension")?;
    // MS-DOS's name, unique by the letters that differ.
    let short: String = stem.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase();
    let short = if short.len() > 8 { format!("{}{}", &short[..3], &short[short.len() - 5..]) } else { short };
    let extension = extension.to_uppercase();
    let extension = &extension[..extension.len().min(3)];
    Ok(Listed {
        key: name.replace('-', "_"),
        name: format!("{short}.{extension}|{name}"),
        size: i32::try_from(file.bytes.len())?,
    })
}

/// The files, compressed, under their keys in the tables.
fn cabinet(package: &Package) -> anyhow::Result<Vec<u8>> {
    let mut builder = CabinetBuilder::new();
    let folder = builder.add_folder(CompressionType::MsZip);
    let moment = OffsetDateTime::from_unix_timestamp(package.moment.into())?;
    for file in &package.files {
        let moment = PrimitiveDateTime::new(moment.date(), moment.time());
        folder.add_file(listed(file)?.key).set_datetime(moment);
    }
    let mut writer = builder.build(Cursor::new(Vec::new()))?;
    let mut files = package.files.iter();
    while let Some(mut member) = writer.next_file()? {
        member.write_all(&files.next().context("a file for each name")?.bytes)?;
    }
    Ok(writer.finish()?.into_inner())
}

/// What is zero to Windows, whose time begins in 1601, before Unix's.
const BEGINNING: Duration = Duration::from_hours(3_234_576);

/// The database's bytes in a file of the third version, which every tool that signs knows, and whose root bears `moment`
/// in place of the time at which it was made.
fn without_clock(database: msi::Package<Cursor<Vec<u8>>>, moment: SystemTime) -> io::Result<Vec<u8>> {
    let mut made = cfb::CompoundFile::open(database.into_inner()?)?;
    let mut file = cfb::CompoundFile::create_with_version(cfb::Version::V3, Cursor::new(Vec::new()))?;
    file.set_storage_clsid("/", *made.root_entry().clsid())?;
    let streams: Vec<_> = made.walk().filter(cfb::Entry::is_stream).map(|entry| entry.path().to_owned()).collect();
    for path in streams {
        let mut content = Vec::new();
        made.open_stream(&path)?.read_to_end(&mut content)?;
        file.create_stream(&path)?.write_all(&content)?;
    }
    file.set_created_time("/", SystemTime::UNIX_EPOCH - BEGINNING)?;
    file.set_modified_time("/", moment)?;
    file.flush()?;
    Ok(file.into_inner().into_inner())
}

/// An id that the same content gives again.
fn id(hash: &[u8], purpose: &[u8]) -> Uuid {
    let digest = Sha1::new().chain_update(hash).chain_update(purpose).finalize();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&digest[..16]);
    uuid::Builder::from_sha1_bytes(bytes).into_uuid()
}

impl Listed {
    /// The id of the component that is this file, the same in every version.
    fn component(&self) -> String {
        guid(id(COMPONENTS.as_bytes(), self.key.as_bytes()))
    }
}

fn guid(id: Uuid) -> String {
    format!("{{{}}}", id.hyphenated()).to_uppercase()
}
