//! Which site a line names, and what it says of it.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::{
    ids::{OrganizationId, SiteId},
    import::{book::Book, column::Column, known::KnownSite, plan::LineRemark, said::SaidSite},
    search::search_key,
};

pub(super) struct Sites {
    pub(super) book: Book<KnownSite>,
    by_name: HashMap<(OrganizationId, String), usize>,
}

impl Sites {
    pub(super) fn of(known: Vec<KnownSite>) -> Self {
        let book = Book::of(known);
        let by_name = book.iter().map(|(place, row)| ((row.organization, search_key(&[&row.name])), place)).collect();
        Self { book, by_name }
    }

    /// The site of an organization that a line names, made if there is none, with what the line says of it.
    pub(super) fn resolve(
        &mut self,
        organization: OrganizationId,
        said: &SaidSite,
        line: usize,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<usize, LineRemark> {
        let name = said.name.clone().unwrap_or_default();
        let book = &mut self.book;
        let place = *self.by_name.entry((organization, search_key(&[&name]))).or_insert_with(|| {
            book.make(KnownSite { id: SiteId(new_id()), organization, name, address: String::new() })
        });
        if let Some(address) = &said.address {
            let entry = self.book.entry(place);
            if entry.say(Column::SiteAddress, address, line, |address| search_key(&[address]))? {
                entry.now.address.clone_from(address);
            }
        }
        Ok(place)
    }
}
