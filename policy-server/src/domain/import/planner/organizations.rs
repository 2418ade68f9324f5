//! Which organization a line names, and what it says of it.

use std::collections::{HashMap, HashSet};

use uuid::Uuid;

use crate::domain::{
    ids::OrganizationId,
    import::{
        book::{Book, Index},
        column::Column,
        known::KnownOrganization,
        plan::LineRemark,
        said::SaidOrganization,
    },
    search::search_key,
};

pub(super) struct Organizations {
    pub(super) book: Book<KnownOrganization>,
    by_id: HashMap<OrganizationId, usize>,
    by_external_id: HashMap<String, usize>,
    by_name: Index<String>,
    /// Every name that one has, or had before the import: what is renamed last would otherwise be in the way.
    names: HashMap<String, HashSet<usize>>,
}

impl Organizations {
    pub(super) fn of(known: Vec<KnownOrganization>) -> Self {
        let book = Book::of(known);
        let mut names: HashMap<String, HashSet<usize>> = HashMap::new();
        for (place, row) in book.iter() {
            names.entry(row.name.clone()).or_default().insert(place);
        }
        Self {
            by_id: book.iter().map(|(place, row)| (row.id, place)).collect(),
            by_external_id: book.iter().filter_map(|(place, row)| Some((row.external_id.clone()?, place))).collect(),
            by_name: Index::of(&book, |row| Some(search_key(&[&row.name]))),
            names,
            book,
        }
    }

    pub(super) fn knows(&self, external_id: Option<&str>) -> bool {
        external_id.is_some_and(|id| self.by_external_id.contains_key(id))
    }

    pub(super) fn place(&self, id: OrganizationId) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub(super) fn name_of(&self, id: OrganizationId) -> &str {
        self.place(id).map_or("another organization", |place| &self.book.at(place).name)
    }

    /// The organization that a line names, made if there is none, with what the line says of it.
    pub(super) fn resolve(
        &mut self,
        said: &SaidOrganization,
        line: usize,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<usize, LineRemark> {
        let place = match self.find(said)? {
            Some(place) => place,
            None => self.make(said, new_id)?,
        };
        self.tell(place, said, line)?;
        Ok(place)
    }

    fn find(&self, said: &SaidOrganization) -> Result<Option<usize>, LineRemark> {
        if let Some(id) = said.id {
            let fault = || LineRemark::of(Column::DeskbellOrganizationId, "names no organization; leave it empty");
            return self.place(id).map(Some).ok_or_else(fault);
        }
        if let Some(place) = said.external_id.as_ref().and_then(|id| self.by_external_id.get(id)) {
            return Ok(Some(*place));
        }
        said.name.as_ref().map_or(Ok(None), |name| self.named(name))
    }

    /// The one with exactly this name, else the one whose name differs in case or white space alone.
    fn named(&self, name: &str) -> Result<Option<usize>, LineRemark> {
        let key = search_key(&[name]);
        let alike = self.by_name.get(&key).iter().copied();
        let alike: Vec<_> = alike.filter(|place| search_key(&[&self.book.at(*place).name]) == key).collect();
        let exact = alike.iter().copied().find(|place| self.book.at(*place).name == name);
        match (exact, alike.as_slice()) {
            (Some(place), _) => Ok(Some(place)),
            (None, []) => Ok(None),
            (None, [place]) => Ok(Some(*place)),
            (None, several) => {
                let detail = format!("could be {} organizations: write the name of one exactly", several.len());
                Err(LineRemark::of(Column::Organization, detail))
            }
        }
    }

    fn make(&mut self, said: &SaidOrganization, new_id: &mut dyn FnMut() -> Uuid) -> Result<usize, LineRemark> {
        let needed = || LineRemark::of(Column::Organization, "must not be empty: no organization has this external id");
        let name = said.name.clone().ok_or_else(needed)?;
        let id = OrganizationId(new_id());
        let place = self.book.make(KnownOrganization { id, external_id: None, name: name.clone(), email: None });
        self.by_id.insert(id, place);
        self.by_name.add(search_key(&[&name]), place);
        self.names.entry(name).or_default().insert(place);
        Ok(place)
    }

    /// A name that was all that told which one it is stays as it was written.
    fn tell(&mut self, place: usize, said: &SaidOrganization, line: usize) -> Result<(), LineRemark> {
        self.tell_external_id(place, said.external_id.as_ref())?;
        if let Some(name) = &said.name {
            let is_new = self.book.entry(place).say(Column::Organization, name, line, |name| search_key(&[name]))?;
            if is_new && said.has_key() {
                self.rename(place, name)?;
            }
        }
        if let Some(email) = &said.email {
            let entry = self.book.entry(place);
            if entry.say(Column::OrganizationEmail, email, line, str::to_lowercase)? {
                entry.now.email = Some(email.clone());
            }
        }
        Ok(())
    }

    fn tell_external_id(&mut self, place: usize, said: Option<&String>) -> Result<(), LineRemark> {
        let Some(id) = said else { return Ok(()) };
        let column = Column::OrganizationExternalId;
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

    fn rename(&mut self, place: usize, name: &str) -> Result<(), LineRemark> {
        if self.names.get(name).is_some_and(|places| places.iter().any(|other| *other != place)) {
            return Err(LineRemark::of(Column::Organization, "is the name of another organization"));
        }
        self.names.entry(name.to_owned()).or_default().insert(place);
        self.by_name.add(search_key(&[name]), place);
        name.clone_into(&mut self.book.entry(place).now.name);
        Ok(())
    }
}
