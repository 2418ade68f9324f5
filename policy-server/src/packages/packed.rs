//! A package with a token beside it, as one file: for tools and people that take a folder and run what is in it.
//!
//! The package itself is left as it is, so that its signature stays good.

use std::io::{Cursor, Read as _, Write as _};

use anyhow::Context as _;
use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use deskbell_protocol::UnixMillis;
use zip::{CompressionMethod, ZipWriter, write::SimpleFileOptions};

use super::{
    commands::{Filling, text},
    download_headers,
};
use crate::{
    app::App,
    domain::{agent_package::PackageKind, enrollment::admission},
    problems::Refused,
    secrets,
};

/// What every administrator can read and run, and what only they can.
const SCRIPT: u32 = 0o755;
const PUBLIC: u32 = 0o644;
const PRIVATE: u32 = 0o600;

/// The package with this content, with a token that counts, as a zip.
pub async fn packed(app: &App, sha256: &str, token: &str) -> Result<Response, Refused> {
    let (package, mut file) =
        app.packages.open_content(sha256).await?.ok_or_else(|| Refused::not_found("package of the agent"))?;
    let known = match secrets::hash(token) {
        Some(hash) => app.store.enrollment_token_by_hash(&hash).await?,
        None => None,
    };
    if known.is_none_or(|row| admission(row.terms(), app.now()).is_err()) {
        return Err(Refused::field("/enrollment_token", "must be an enrollment token that counts"));
    }
    let (token, origin, now) = (token.to_owned(), app.origin.clone(), app.now());
    let zipped = tokio::task::spawn_blocking(move || {
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        zip_of(Filling { package: &package, origin: &origin, token: &token }, &bytes, now)
            .map(|zipped| (stem(&package.file).to_owned(), zipped))
    });
    let (stem, zipped) = zipped.await.map_err(anyhow::Error::from)?.context("packing a package with its token")?;
    let headers = download_headers(&format!("{stem}.zip"), zipped.len() as u64)?;
    let mut response = Body::from(zipped).into_response();
    response.headers_mut().extend(headers);
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

fn stem(file: &str) -> &str {
    file.rsplit_once('.').map_or(file, |(stem, _)| stem)
}

/// A folder named as the package, with the package, its token and a script that installs it.
fn zip_of(filling: Filling<'_>, package: &[u8], now: UnixMillis) -> anyhow::Result<Vec<u8>> {
    let moment = moment(now).unwrap_or_default();
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let mut add = |name: &str, mode: u32, content: &[u8]| {
        // A package is compressed already.
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        zip.start_file(
            format!("{}/{name}", stem(&filling.package.file)),
            options.unix_permissions(mode).last_modified_time(moment),
        )?;
        zip.write_all(content)?;
        anyhow::Ok(())
    };
    add(&filling.package.file, PUBLIC, package)?;
    let settings = format!("server = \"{}\"\n", filling.origin);
    let token = format!("{}\n", filling.token);
    match filling.package.name.kind {
        PackageKind::Msi => add(
            "install.cmd",
            PUBLIC,
            with_windows_lines(&text!("installation/packed_windows.txt", filling)?).as_bytes(),
        )?,
        PackageKind::Pkg => {
            add("agent.toml", PUBLIC, settings.as_bytes())?;
            add("enrollment-token", PRIVATE, token.as_bytes())?;
            add("install.sh", SCRIPT, text!("installation/packed_macos.txt", filling)?.as_bytes())?;
        }
        PackageKind::Deb | PackageKind::Rpm => {
            add("enrollment-token", PRIVATE, token.as_bytes())?;
            add("install.sh", SCRIPT, text!("installation/packed_linux.txt", filling)?.as_bytes())?;
        }
    }
    Ok(zip.finish()?.into_inner())
}

fn moment(now: UnixMillis) -> Option<zip::DateTime> {
    let now = jiff::Timestamp::from_millisecond(now).ok()?.to_zoned(jiff::tz::TimeZone::UTC);
    let part = |number: i8| u8::try_from(number).ok();
    zip::DateTime::from_date_and_time(
        u16::try_from(now.year()).ok()?,
        part(now.month())?,
        part(now.day())?,
        part(now.hour())?,
        part(now.minute())?,
        part(now.second())?,
    )
    .ok()
}

/// `cmd.exe` misreads labels and long files whose lines end as Unix's do.
fn with_windows_lines(text: &str) -> String {
    text.replace('\n', "\r\n")
}
