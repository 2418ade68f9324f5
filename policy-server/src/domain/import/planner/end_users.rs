//! Which end user a line names, and what it says of them. An address may be that of several (decision C11), so it names
//! somebody only where it is that of one.

use std::collections::HashMap;

use uuid::Uuid;

use crate::domain::{
    ids::{EndUserId, OrganizationId, OsLoginId},
    import::{
        book::{Book, Index},
        column::Column,
        known::{KnownEndUser, KnownLogin, KnownOrganization, KnownSite},
        plan::LineRemark,
        said::{SaidEndUser, SaidLogin},
    },
    os_login::OsLoginKey,
    search::search_key,
};

pub(super) struct EndUsers {
    pub(super) book: Book<KnownEndUser>,
    pub(super) logins: Book<KnownLogin>,
    by_id: HashMap<EndUserId, usize>,
    by_external_id: HashMap<String, usize>,
    by_email: Index<(OrganizationId, String)>,
    by_name: Index<(OrganizationId, String)>,
    by_login: HashMap<(OrganizationId, OsLoginKey), usize>,
}

impl EndUsers {
    pub(super) fn of(end_users: Vec<KnownEndUser>, logins: Vec<KnownLogin>) -> Self {
        let (book, logins) = (Book::of(end_users), Book::of(logins));
        let login_key = |row: &KnownLogin| (row.organization, OsLoginKey::new(&row.name, &row.domain, &row.os_id));
        Self {
            by_id: book.iter().map(|(place, row)| (row.id, place)).collect(),
            by_external_id: book.iter().filter_map(|(place, row)| Some((row.external_id.clone()?, place))).collect(),
            by_email: Index::of(&book, |row| Some((row.organization, email_key(row.email.as_ref()?)))),
            by_name: Index::of(&book, |row| Some((row.organization, search_key(&[&row.name])))),
            by_login: logins.iter().map(|(place, row)| (login_key(row), place)).collect(),
            book,
            logins,
        }
    }

    pub(super) fn knows(&self, external_id: Option<&str>) -> bool {
        external_id.is_some_and(|id| self.by_external_id.contains_key(id))
    }

    /// The organization of the end user whom a line names by an id.
    pub(super) fn organization_of(&self, said: &SaidEndUser) -> Option<OrganizationId> {
        let by_id = said.id.and_then(|id| self.by_id.get(&id));
        let place = by_id.or_else(|| self.by_external_id.get(said.external_id.as_ref()?))?;
        Some(self.book.at(*place).organization)
    }

    /// Whom a line names, made if there is nobody like that, with what staff should know about it.
    pub(super) fn resolve(
        &mut self,
        organization: &KnownOrganization,
        said: &SaidEndUser,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<(usize, Option<LineRemark>), LineRemark> {
        if let Some(place) = self.find(organization, said)? {
            return Ok((place, None));
        }
        let unknown = || {
            let detail = format!("must not be empty: this end user of {} is not known yet", organization.name);
            LineRemark::of(Column::EndUser, detail)
        };
        let name = said.name.clone().ok_or_else(unknown)?;
        let note = self.namesake(organization.id, &name);
        let id = EndUserId(new_id());
        let row = KnownEndUser {
            id,
            organization: organization.id,
            site: None,
            external_id: None,
            name: name.clone(),
            email: None,
            phone: None,
            language: None,
        };
        let place = self.book.make(row);
        self.by_id.insert(id, place);
        self.by_name.add((organization.id, search_key(&[&name])), place);
        Ok((place, note))
    }

    /// Tells that somebody else has this name.
    fn namesake(&self, organization: OrganizationId, name: &str) -> Option<LineRemark> {
        let place = *self.named(organization, name).first()?;
        let known = self.book.at(place).email.as_ref().map_or_else(String::new, |email| format!(", {email}"));
        Some(LineRemark::of(
            Column::EndUser,
            format!("is another person than the one of this name who is there{known}"),
        ))
    }

    fn find(&self, organization: &KnownOrganization, said: &SaidEndUser) -> Result<Option<usize>, LineRemark> {
        if let Some(id) = said.id {
            let place = self.by_id.get(&id).copied();
            let fault = || LineRemark::of(Column::DeskbellEndUserId, "names no end user; leave it empty");
            return self.within(organization, Column::DeskbellEndUserId, place.ok_or_else(fault)?).map(Some);
        }
        if let Some(place) = said.external_id.as_ref().and_then(|id| self.by_external_id.get(id)) {
            return self.within(organization, Column::EndUserExternalId, *place).map(Some);
        }
        if let Some(place) = self.find_by_email(organization.id, said)? {
            return self.unless_another_is_named(place, said, Column::EndUserEmail).map(Some);
        }
        if let Some(place) = self.find_by_login(organization.id, said)? {
            return self.unless_another_is_named(place, said, Column::OsLogin).map(Some);
        }
        self.find_by_name(organization.id, said)
    }

    fn within(&self, organization: &KnownOrganization, column: Column, place: usize) -> Result<usize, LineRemark> {
        let row = self.book.at(place);
        if row.organization == organization.id {
            return Ok(place);
        }
        let detail = format!("is that of {}, who is not of {}", row.name, organization.name);
        Err(LineRemark::of(column, detail))
    }

    /// Whoever is found, unless the line has the name of somebody else who is there.
    fn unless_another_is_named(&self, place: usize, said: &SaidEndUser, column: Column) -> Result<usize, LineRemark> {
        let row = self.book.at(place);
        let Some(name) = &said.name else { return Ok(place) };
        let key = search_key(&[name]);
        let mut others = self.by_name.get(&(row.organization, key.clone())).iter();
        let is_theirs = |other: &usize| self.book.before(*other).is_some_and(|row| search_key(&[&row.name]) == key);
        if search_key(&[&row.name]) == key || !others.any(is_theirs) {
            return Ok(place);
        }
        Err(LineRemark::of(column, format!("is that of {}, but end_user names somebody else who is there", row.name)))
    }

    /// Whether a line can mean this end user: not where both have external ids, which differ then.
    fn can_be(&self, place: usize, said: &SaidEndUser) -> bool {
        said.external_id.is_none() || self.book.at(place).external_id.is_none()
    }

    fn find_by_email(&self, organization: OrganizationId, said: &SaidEndUser) -> Result<Option<usize>, LineRemark> {
        let Some(key) = said.email.as_ref().map(|email| email_key(email)) else { return Ok(None) };
        let has_it = |place: usize| self.book.at(place).email.as_ref().is_some_and(|email| email_key(email) == key);
        let places = self.by_email.get(&(organization, key.clone())).iter().copied();
        let places: Vec<_> = places.filter(|place| has_it(*place) && self.can_be(*place, said)).collect();
        if let [] | [_] = places.as_slice() {
            return Ok(places.first().copied());
        }
        let name = said.name.as_ref().map(|name| search_key(&[name]));
        let named = places.iter().filter(|place| Some(search_key(&[&self.book.at(**place).name])) == name);
        if let [place] = named.collect::<Vec<_>>().as_slice() {
            return Ok(Some(**place));
        }
        let detail = format!(
            "is the address of {} end users: name one by deskbell_end_user_id, end_user_external_id or end_user",
            places.len()
        );
        Err(LineRemark::of(Column::EndUserEmail, detail))
    }

    fn find_by_login(&self, organization: OrganizationId, said: &SaidEndUser) -> Result<Option<usize>, LineRemark> {
        let Some(login) = &said.login else { return Ok(None) };
        let Some(login) = self.by_login.get(&(organization, login.key())) else { return Ok(None) };
        let Some(place) = self.by_id.get(&self.logins.at(*login).end_user) else { return Ok(None) };
        if self.can_be(*place, said) {
            return Ok(Some(*place));
        }
        Err(LineRemark::of(Column::OsLogin, format!("stands for {}", self.book.at(*place).name)))
    }

    /// Whoever has another address than the line says is somebody else.
    fn find_by_name(&self, organization: OrganizationId, said: &SaidEndUser) -> Result<Option<usize>, LineRemark> {
        let Some(name) = &said.name else { return Ok(None) };
        let fits =
            |place: &usize| self.can_be(*place, said) && (said.email.is_none() || self.book.at(*place).email.is_none());
        let places: Vec<_> = self.named(organization, name).into_iter().filter(fits).collect();
        match places.as_slice() {
            [] => Ok(None),
            [place] => Ok(Some(*place)),
            several => {
                let detail = format!(
                    "is the name of {} end users: name one by deskbell_end_user_id, end_user_external_id or end_user_email",
                    several.len()
                );
                Err(LineRemark::of(Column::EndUser, detail))
            }
        }
    }

    fn named(&self, organization: OrganizationId, name: &str) -> Vec<usize> {
        let key = search_key(&[name]);
        let places = self.by_name.get(&(organization, key.clone())).iter().copied();
        places.filter(|place| search_key(&[&self.book.at(*place).name]) == key).collect()
    }

    /// What a line says of an end user. A name that was all that told who it is stays as it was written.
    pub(super) fn tell(&mut self, place: usize, said: &SaidEndUser, line: usize) -> Result<(), LineRemark> {
        self.tell_external_id(place, said.external_id.as_ref())?;
        let entry = self.book.entry(place);
        let organization = entry.now.organization;
        if let Some(name) = &said.name {
            let is_new = entry.say(Column::EndUser, name, line, |name| search_key(&[name]))?;
            if is_new && said.has_key() {
                entry.now.name.clone_from(name);
                self.by_name.add((organization, search_key(&[name])), place);
            }
        }
        if let Some(email) = &said.email
            && entry.say(Column::EndUserEmail, email, line, email_key)?
        {
            entry.now.email = Some(email.clone());
            self.by_email.add((organization, email_key(email)), place);
        }
        if let Some(phone) = &said.phone
            && entry.say(Column::EndUserPhone, phone, line, str::to_owned)?
        {
            entry.now.phone = Some(phone.clone());
        }
        if let Some(language) = said.language
            && entry.say(Column::EndUserLanguage, language.name(), line, str::to_owned)?
        {
            entry.now.language = Some(language);
        }
        Ok(())
    }

    fn tell_external_id(&mut self, place: usize, said: Option<&String>) -> Result<(), LineRemark> {
        let Some(id) = said else { return Ok(()) };
        let column = Column::EndUserExternalId;
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

    /// Where an end user works.
    pub(super) fn put_at(&mut self, place: usize, site: &KnownSite, line: usize) -> Result<(), LineRemark> {
        let entry = self.book.entry(place);
        if entry.say(Column::Site, &site.name, line, |name| search_key(&[name]))? {
            entry.now.site = Some(site.id);
        }
        Ok(())
    }

    /// Says that a login stands for an end user, and gives its place.
    pub(super) fn name_by_login(
        &mut self,
        place: usize,
        said: &SaidLogin,
        new_id: &mut dyn FnMut() -> Uuid,
    ) -> Result<usize, LineRemark> {
        let (end_user, organization) = (self.book.at(place).id, self.book.at(place).organization);
        let key = (organization, said.key());
        if let Some(login) = self.by_login.get(&key) {
            let known = self.logins.at(*login).end_user;
            if known == end_user {
                return Ok(*login);
            }
            let name = self.by_id.get(&known).map_or("somebody else", |place| &self.book.at(*place).name);
            return Err(LineRemark::of(Column::OsLogin, format!("stands for {name}; remove it there first")));
        }
        let SaidLogin { name, domain, os_id } = said.clone();
        let login =
            self.logins.make(KnownLogin { id: OsLoginId(new_id()), organization, end_user, name, domain, os_id });
        self.by_login.insert(key, login);
        Ok(login)
    }
}

fn email_key(email: &str) -> String {
    email.to_lowercase()
}
