//! Which asset a line names, and what it says of it. Assets are never made here.

use std::collections::HashMap;

use crate::domain::{
    folder::{FolderPath, path_key},
    ids::{AssetId, EndUserId, FolderId, OrganizationId, SiteId},
    import::{
        book::{Book, Index},
        column::Column,
        known::{KnownAsset, KnownOrganization},
        plan::LineRemark,
        said::SaidAsset,
    },
    search::search_key,
};

pub(super) struct Assets {
    pub(super) book: Book<KnownAsset>,
    pub(super) folders: Vec<FolderPath>,
    by_id: HashMap<AssetId, usize>,
    by_external_id: HashMap<String, usize>,
    by_serial: Index<String>,
    by_name: Index<(OrganizationId, String)>,
    by_path: HashMap<(OrganizationId, String), Vec<FolderId>>,
}

impl Assets {
    pub(super) fn of(known: Vec<KnownAsset>, folders: Vec<FolderPath>) -> Self {
        let book = Book::of(known);
        let mut by_path: HashMap<_, Vec<FolderId>> = HashMap::new();
        for folder in &folders {
            by_path.entry((folder.organization, path_key(&folder.path))).or_default().push(folder.id);
        }
        Self {
            by_id: book.iter().map(|(place, row)| (row.id, place)).collect(),
            by_external_id: book.iter().filter_map(|(place, row)| Some((row.external_id.clone()?, place))).collect(),
            by_serial: Index::of(&book, |row| Some(row.serial_key.clone()).filter(|key| !key.is_empty())),
            by_name: Index::of(&book, |row| Some((row.organization, search_key(&[&row.name])))),
            by_path,
            folders,
            book,
        }
    }

    pub(super) fn knows(&self, external_id: Option<&str>) -> bool {
        external_id.is_some_and(|id| self.by_external_id.contains_key(id))
    }

    pub(super) fn with_external_id(&self, id: &str) -> Option<usize> {
        self.by_external_id.get(id).copied()
    }

    /// The organization of the asset that a line names by what is unique over all organizations.
    pub(super) fn organization_of(&self, said: &SaidAsset) -> Result<Option<OrganizationId>, LineRemark> {
        if let Some(id) = said.id {
            return self.with_id(id).map(|place| Some(self.book.at(place).organization));
        }
        let by_external_id = said.external_id.as_ref().and_then(|id| self.by_external_id.get(id)).copied();
        if let Some(place) = by_external_id {
            return Ok(Some(self.book.at(place).organization));
        }
        let Some(serial) = &said.serial_key else { return Ok(None) };
        match self.by_serial.get(serial) {
            [] => Ok(None),
            [place] => Ok(Some(self.book.at(*place).organization)),
            several => Err(ambiguous(Column::SerialNumber, "serial number", several.len())),
        }
    }

    /// The asset that a line names; nothing when no computer like that has enrolled.
    pub(super) fn find<'a>(
        &self,
        organization: &KnownOrganization,
        said: &SaidAsset,
        name_of: impl Fn(OrganizationId) -> &'a str,
    ) -> Result<Option<usize>, LineRemark> {
        let Some((column, place)) = self.find_anywhere(organization.id, said)? else { return Ok(None) };
        let row = self.book.at(place);
        if row.organization != organization.id {
            let detail = format!("is that of {}, which is an asset of {}", row.name, name_of(row.organization));
            return Err(LineRemark::of(column, detail));
        }
        match &said.serial_key {
            Some(serial) if !row.serial_key.is_empty() && row.serial_key != *serial => {
                let detail = format!("must be {}, which is what the computer {} tells", row.serial_key, row.name);
                Err(LineRemark::of(Column::SerialNumber, detail))
            }
            _ => Ok(Some(place)),
        }
    }

    fn find_anywhere(
        &self,
        organization: OrganizationId,
        said: &SaidAsset,
    ) -> Result<Option<(Column, usize)>, LineRemark> {
        if let Some(id) = said.id {
            return self.with_id(id).map(|place| Some((Column::DeskbellAssetId, place)));
        }
        if let Some(place) = said.external_id.as_ref().and_then(|id| self.by_external_id.get(id)) {
            return Ok(Some((Column::AssetExternalId, *place)));
        }
        if let Some(serial) = &said.serial_key {
            let place = self.with_serial(organization, serial)?;
            return Ok(place.map(|place| (Column::SerialNumber, place)));
        }
        match &said.name {
            Some(name) => self.named(organization, name, said.external_id.is_some()),
            None => Ok(None),
        }
    }

    fn with_id(&self, id: AssetId) -> Result<usize, LineRemark> {
        let fault = || LineRemark::of(Column::DeskbellAssetId, "names no asset that is in use");
        self.by_id.get(&id).copied().ok_or_else(fault)
    }

    /// The one of the organization, else that of another, which the caller refuses.
    fn with_serial(&self, organization: OrganizationId, serial: &String) -> Result<Option<usize>, LineRemark> {
        let places = self.by_serial.get(serial);
        let own = places.iter().copied().filter(|place| self.book.at(*place).organization == organization);
        match own.collect::<Vec<_>>().as_slice() {
            [] => Ok(places.first().copied()),
            [place] => Ok(Some(*place)),
            several => Err(ambiguous(Column::SerialNumber, "serial number", several.len())),
        }
    }

    /// With `unclaimed`, only one that has no external id yet, nor gets one from another line.
    fn named(
        &self,
        organization: OrganizationId,
        name: &str,
        unclaimed: bool,
    ) -> Result<Option<(Column, usize)>, LineRemark> {
        let key = search_key(&[name]);
        let places = self.by_name.get(&(organization, key.clone())).iter().copied().filter(|place| {
            let row = self.book.at(*place);
            search_key(&[&row.name]) == key
        });
        let places: Vec<_> = places.collect();
        let gets_one = |place: &usize| {
            let had_none = self.book.before(*place).is_some_and(|row| row.external_id.is_none());
            had_none && self.book.at(*place).external_id.is_some()
        };
        match places.as_slice() {
            [place] if unclaimed && gets_one(place) => Err(LineRemark::of(
                Column::AssetExternalId,
                "is not the only one that lines of this file give to this name",
            )),
            [place] if unclaimed && self.book.at(*place).external_id.is_some() => Ok(None),
            [] => Ok(None),
            [place] => Ok(Some((Column::Asset, *place))),
            several => Err(ambiguous(Column::Asset, "name", several.len())),
        }
    }

    /// What a line says of an asset. A name that was all that told which one it is stays as it was written.
    pub(super) fn tell(&mut self, place: usize, said: &SaidAsset) -> Result<(), LineRemark> {
        self.tell_external_id(place, said.external_id.as_ref())?;
        if let Some(folder) = &said.folder {
            self.move_to(place, folder)?;
        }
        if let Some(name) = said.name.as_ref().filter(|_| said.has_key()) {
            let row = &mut self.book.entry(place).now;
            row.name.clone_from(name);
            self.by_name.add((row.organization, search_key(&[name])), place);
        }
        Ok(())
    }

    fn tell_external_id(&mut self, place: usize, said: Option<&String>) -> Result<(), LineRemark> {
        let Some(id) = said else { return Ok(()) };
        let column = Column::AssetExternalId;
        if let Some(other) = self.by_external_id.get(id).filter(|other| **other != place) {
            return Err(LineRemark::of(column, format!("is that of {}", self.book.at(*other).name)));
        }
        let row = &mut self.book.entry(place).now;
        match &row.external_id {
            Some(known) if known == id => {}
            Some(known) => return Err(LineRemark::of(column, format!("must be {known}, or empty, for {}", row.name))),
            None => {
                row.external_id = Some(id.clone());
                self.by_external_id.insert(id.clone(), place);
            }
        }
        Ok(())
    }

    fn move_to(&mut self, place: usize, path: &str) -> Result<(), LineRemark> {
        let row = &mut self.book.entry(place).now;
        let folders = self.by_path.get(&(row.organization, path_key(path))).map_or(&[][..], Vec::as_slice);
        match folders {
            present if row.folder.is_some_and(|folder| present.contains(&folder)) => Ok(()),
            [] => {
                let detail =
                    "names no folder of this organization; make it first, on the organization's page of policies";
                Err(LineRemark::of(Column::Folder, detail))
            }
            [folder] => {
                row.folder = Some(*folder);
                Ok(())
            }
            several => Err(ambiguous(Column::Folder, "path", several.len())),
        }
    }

    pub(super) fn put_at(&mut self, place: usize, site: SiteId) {
        self.book.entry(place).now.site = Some(site);
    }

    pub(super) fn assign(&mut self, place: usize, end_user: EndUserId) {
        self.book.entry(place).now.end_user = Some(end_user);
    }
}

fn ambiguous(column: Column, what: &str, count: usize) -> LineRemark {
    let (things, instead) = match column {
        Column::Folder => ("folders", "move the asset on its page"),
        _ => ("assets", "name one by deskbell_asset_id or asset_external_id"),
    };
    LineRemark::of(column, format!("is the {what} of {count} {things}: {instead}"))
}
