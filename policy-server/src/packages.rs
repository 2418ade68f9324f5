//! The agent's packages, from a folder that the administrator fills.
//!
//! A link to one names its content: whoever has the hash may have the package, and nobody is told which there are. The server
//! writes nothing there and changes no package, whose signature would be lost.

pub mod commands;
pub mod packed;

use std::{
    collections::HashMap,
    fs::{self, File},
    io::{self, Read as _, Seek as _},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    time::SystemTime,
};

use anyhow::Context as _;
use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;

use crate::{
    app::SharedApp,
    domain::agent_package::PackageName,
    portal::{
        looks::Here,
        pages::{self, PageFailed},
    },
    secrets::Sha256Sum,
};

/// A package that is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AgentPackage {
    /// What its file name says.
    pub name: PackageName,
    /// The file's name.
    pub file: String,
    /// In bytes.
    pub size: u64,
    /// Of its content, in hexadecimal.
    pub sha256: String,
}

/// A file's name, size and time: as long as these are the same, so is the file.
type Unchanged = (String, u64, SystemTime);

/// The folder with packages.
#[derive(Debug, Clone)]
pub struct PackageFolder {
    folder: PathBuf,
    /// What was computed once, by what changes with a file.
    sums: Arc<Mutex<HashMap<Unchanged, String>>>,
}

impl AgentPackage {
    /// Where it is, below the server's origin.
    pub fn path(&self) -> String {
        format!("/packages/{}/{}", self.sha256, self.file)
    }
}

impl PackageFolder {
    /// The folder at `folder`, which need not be there.
    pub fn at(folder: PathBuf) -> Self {
        Self { folder, sums: Arc::default() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.folder
    }

    /// The packages that are there, by system, the newest first.
    pub async fn list(&self) -> anyhow::Result<Vec<AgentPackage>> {
        let folder = self.clone();
        let listed = tokio::task::spawn_blocking(move || folder.read()).await?;
        listed.with_context(|| format!("reading packages.folder {}", self.folder.display()))
    }

    /// The package of this name and content, ready to be read.
    pub async fn open(&self, sha256: String, file: String) -> anyhow::Result<Option<(AgentPackage, File)>> {
        let folder = self.clone();
        let opened = tokio::task::spawn_blocking(move || folder.open_named(&file)).await?;
        Ok(opened.context("opening a package")?.filter(|(package, _)| package.sha256 == sha256))
    }

    /// The package with this content, ready to be read.
    pub async fn open_content(&self, sha256: &str) -> anyhow::Result<Option<(AgentPackage, File)>> {
        match self.list().await?.into_iter().find(|package| package.sha256 == sha256) {
            Some(package) => self.open(package.sha256, package.file).await,
            None => Ok(None),
        }
    }

    fn read(&self) -> io::Result<Vec<AgentPackage>> {
        let entries = match fs::read_dir(&self.folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            read => read?,
        };
        let mut packages = Vec::new();
        for entry in entries {
            if let Ok(file) = entry?.file_name().into_string() {
                packages.extend(self.open_named(&file)?.map(|(package, _)| package));
            }
        }
        packages.sort_by(|one: &AgentPackage, other| {
            let by_system = |package: &AgentPackage| (package.name.kind, package.name.processor);
            by_system(one).cmp(&by_system(other)).then(other.name.version.cmp(&one.name.version))
        });
        Ok(packages)
    }

    /// Only a package's name is looked for: it has no slash in it.
    fn open_named(&self, file: &str) -> io::Result<Option<(AgentPackage, File)>> {
        let Some(name) = PackageName::of(file) else { return Ok(None) };
        let mut opened = match File::open(self.folder.join(file)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let metadata = opened.metadata()?;
        if !metadata.is_file() {
            return Ok(None);
        }
        let key = (file.to_owned(), metadata.len(), metadata.modified()?);
        let known = self.sums.lock().unwrap_or_else(PoisonError::into_inner).get(&key).cloned();
        let sha256 = match known {
            Some(known) => known,
            None => self.sum(key, &mut opened)?,
        };
        Ok(Some((AgentPackage { name, file: file.to_owned(), size: metadata.len(), sha256 }, opened)))
    }

    fn sum(&self, key: (String, u64, SystemTime), file: &mut File) -> io::Result<String> {
        let (mut sum, mut piece) = (Sha256Sum::default(), vec![0; 64 * 1024]);
        loop {
            let read = file.read(&mut piece)?;
            if read == 0 {
                break;
            }
            sum.add(&piece[..read]);
        }
        file.rewind()?;
        let sha256 = sum.hexadecimal();
        let mut sums = self.sums.lock().unwrap_or_else(PoisonError::into_inner);
        sums.retain(|(file, ..), _| *file != key.0);
        sums.insert(key, sha256.clone());
        Ok(sha256)
    }
}

/// The newest package for each system and processor.
pub fn newest(packages: &[AgentPackage]) -> Vec<&AgentPackage> {
    let mut newest: Vec<&AgentPackage> = Vec::new();
    for package in packages {
        let of = |package: &AgentPackage| (package.name.kind, package.name.processor);
        match newest.iter_mut().find(|known| of(known) == of(package)) {
            Some(known) if known.name.version < package.name.version => *known = package,
            Some(_) => {}
            None => newest.push(package),
        }
    }
    newest
}

/// `/packages/{sha256}/{file}`: a package, for anybody who has the link.
pub async fn download(
    State(app): State<SharedApp>,
    Here(look): Here,
    axum::extract::Path((sha256, file)): axum::extract::Path<(String, String)>,
) -> Result<Response, PageFailed> {
    let Some((package, file)) = app.packages.open(sha256, file).await? else {
        return pages::absent(&look);
    };
    // What is written to the file meanwhile is not part of the package.
    let content = tokio::fs::File::from_std(file).take(package.size);
    let mut response = Body::from_stream(ReaderStream::new(content)).into_response();
    response.headers_mut().extend(download_headers(&package.file, package.size)?);
    // The link names the content.
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=86400, immutable"));
    Ok(response)
}

/// What is said of a file that is to be stored; its name is plain.
fn download_headers(file: &str, size: u64) -> anyhow::Result<[(header::HeaderName, HeaderValue); 4]> {
    Ok([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_LENGTH, HeaderValue::from(size)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&format!("attachment; filename=\"{file}\""))?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ])
}
