//! Everything that an import can say, as a file: written organization by organization while it is sent.

use std::collections::{BTreeMap, HashMap};

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};
use futures_util::{Stream, TryStreamExt as _, stream};
use tracing::error;
use uuid::Uuid;

use crate::{
    app::{App, SharedApp},
    domain::{
        folder::FolderPath,
        ids::{EndUserId, FolderId, OrganizationId, SiteId},
        import::{Column, SheetWriter},
        language::Language,
    },
    store::{Asset, EndUser, Organization, OsLogin, Page, PageRequest, Site, StoreError, exports::OrganizationContent},
};

/// How many organizations are written at once.
const AT_ONCE: u64 = 20;

/// How a file begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Beginning {
    /// With its header, for programs.
    Header,
    /// With a byte order mark, without which Excel does not see that it is UTF-8.
    ByteOrderMark,
}

/// What is written next.
enum Next {
    Header(Beginning),
    Organizations(Option<Uuid>),
    Nothing,
}

type Cells = BTreeMap<Column, String>;

/// The file, as a download.
pub fn file(app: SharedApp, organization: Option<OrganizationId>, beginning: Beginning) -> Response {
    let parts = stream::try_unfold(Next::Header(beginning), move |next| {
        let app = SharedApp::clone(&app);
        async move { part(&app, organization, next).await }
    });
    download("deskbell.csv", parts)
}

/// A CSV file that is written while it is sent.
pub fn download(name: &str, parts: impl Stream<Item = Result<Vec<u8>, StoreError>> + Send + 'static) -> Response {
    let parts = parts.inspect_err(|cause| error!("Writing an export failed: {cause:#}"));
    let disposition = [(header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\""))];
    let mut response = (disposition, Body::from_stream(parts)).into_response();
    response.headers_mut().extend([
        (header::CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]);
    response
}

async fn part(app: &App, only: Option<OrganizationId>, next: Next) -> Result<Option<(Vec<u8>, Next)>, StoreError> {
    let after = match next {
        Next::Header(beginning) => return Ok(Some((header(beginning), Next::Organizations(None)))),
        Next::Organizations(after) => after,
        Next::Nothing => return Ok(None),
    };
    let page = match only {
        Some(id) => Page { items: app.store.organization(id).await?.into_iter().collect(), next: None },
        None => app.store.organizations(PageRequest { after, limit: AT_ONCE }).await?,
    };
    let mut writer = SheetWriter::default();
    for organization in page.items {
        let content = app.store.organization_content(organization.id).await?;
        Writer::of(&organization, &content).write(&content, &mut writer);
    }
    let next = page.next.map_or(Next::Nothing, |after| Next::Organizations(Some(after)));
    Ok(Some((writer.finish(), next)))
}

fn header(beginning: Beginning) -> Vec<u8> {
    let mut header = match beginning {
        Beginning::Header => Vec::new(),
        Beginning::ByteOrderMark => "\u{feff}".into(),
    };
    let mut writer = SheetWriter::default();
    writer.header();
    header.extend(writer.finish());
    header
}

/// Writes the lines of an organization.
struct Writer<'a> {
    organization: &'a Organization,
    sites: HashMap<SiteId, &'a str>,
    end_users: HashMap<EndUserId, &'a EndUser>,
    folders: HashMap<FolderId, String>,
}

impl<'a> Writer<'a> {
    fn of(organization: &'a Organization, content: &'a OrganizationContent) -> Self {
        let folders = content.folders.iter();
        let folders: Vec<_> =
            folders.map(|row| (row.id, row.organization_id, row.parent_id, row.name.clone())).collect();
        Self {
            organization,
            sites: content.sites.iter().map(|row| (row.id, row.name.as_str())).collect(),
            end_users: content.end_users.iter().map(|row| (row.id, row)).collect(),
            folders: FolderPath::with_paths(&folders).into_iter().map(|folder| (folder.id, folder.path)).collect(),
        }
    }

    /// One line for each thing, what others need first. End users are on the line of their first login where they have one.
    fn write(&self, content: &OrganizationContent, writer: &mut SheetWriter) {
        writer.row(&self.organization());
        for row in &content.sites {
            writer.row(&self.site(row));
        }
        let mut logins: HashMap<_, Vec<_>> = HashMap::new();
        for row in &content.logins {
            logins.entry(row.end_user_id).or_default().push(row);
        }
        for row in &content.end_users {
            let logins = logins.remove(&row.id).unwrap_or_default();
            let (first, others) =
                logins.split_first().map_or((None, &[][..]), |(first, others)| (Some(*first), others));
            writer.row(&with_login(self.end_user(row), first));
            for other in others {
                writer.row(&with_login(self.of_end_user(row), Some(other)));
            }
        }
        for (row, owner) in &content.assets {
            writer.row(&self.asset(row, *owner));
        }
    }

    fn organization(&self) -> Cells {
        let mut cells = self.of_organization();
        put(&mut cells, Column::OrganizationExternalId, self.organization.external_id.as_deref());
        put(&mut cells, Column::OrganizationEmail, self.organization.email.as_deref());
        cells
    }

    fn of_organization(&self) -> Cells {
        let id = (Column::DeskbellOrganizationId, self.organization.id.to_string());
        [id, (Column::Organization, self.organization.name.clone())].into()
    }

    fn site(&self, row: &Site) -> Cells {
        let mut cells = self.of_organization();
        put(&mut cells, Column::Site, Some(&row.name));
        put(&mut cells, Column::SiteAddress, Some(&row.address));
        cells
    }

    fn end_user(&self, row: &EndUser) -> Cells {
        let mut cells = self.of_end_user(row);
        self.put_site(&mut cells, row.site_id);
        put(&mut cells, Column::EndUserExternalId, row.external_id.as_deref());
        put(&mut cells, Column::EndUserEmail, row.email.as_deref());
        put(&mut cells, Column::EndUserPhone, row.phone.as_deref());
        put(&mut cells, Column::EndUserLanguage, row.language.map(Language::name));
        cells
    }

    fn of_end_user(&self, row: &EndUser) -> Cells {
        let mut cells = self.of_organization();
        cells.insert(Column::DeskbellEndUserId, row.id.to_string());
        put(&mut cells, Column::EndUser, Some(&row.name));
        cells
    }

    fn asset(&self, row: &Asset, owner: Option<EndUserId>) -> Cells {
        let owner = owner.and_then(|owner| self.end_users.get(&owner));
        let mut cells = owner.map_or_else(|| self.of_organization(), |owner| self.of_end_user(owner));
        self.put_site(&mut cells, row.site_id);
        cells.insert(Column::DeskbellAssetId, row.id.to_string());
        put(&mut cells, Column::AssetExternalId, row.external_id.as_deref());
        put(&mut cells, Column::Asset, Some(&row.name));
        put(&mut cells, Column::SerialNumber, Some(&row.facts.0.serial));
        put(&mut cells, Column::Folder, row.folder_id.and_then(|id| self.folders.get(&id)).map(String::as_str));
        cells
    }

    fn put_site(&self, cells: &mut Cells, site: Option<SiteId>) {
        put(cells, Column::Site, site.and_then(|id| self.sites.get(&id)).copied());
    }
}

fn with_login(mut cells: Cells, login: Option<&OsLogin>) -> Cells {
    let Some(row) = login else { return cells };
    // A name with a backslash begins with another one, so that what stands before it is no domain.
    let is_plain = !row.domain.is_empty() || !row.name.contains('\\');
    let name = if is_plain { row.name.clone() } else { format!("\\{}", row.name) };
    put(&mut cells, Column::OsLogin, Some(&name));
    put(&mut cells, Column::OsDomain, Some(&row.domain));
    put(&mut cells, Column::OsId, Some(&row.os_id));
    cells
}

fn put(cells: &mut Cells, column: Column, cell: Option<&str>) {
    if let Some(cell) = cell.filter(|cell| !cell.is_empty()) {
        cells.insert(column, cell.to_owned());
    }
}
