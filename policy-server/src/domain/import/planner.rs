//! From lines and what there is to a plan. Lines are taken kind by kind, and within a kind in rounds: first those that name a
//! thing by an id, last those that name it by something that other lines may change. So a file that was imported says nothing
//! new.

mod assets;
mod end_users;
mod organizations;
mod sites;
mod summary;

use std::collections::HashMap;

use uuid::Uuid;

use self::{assets::Assets, end_users::EndUsers, organizations::Organizations, sites::Sites};
use super::{
    column::Column,
    known::{Known, KnownOrganization},
    plan::{Kind, LineRemark, Plan},
    said::Said,
    sheet::Row,
};
use crate::domain::ids::OrganizationId;

/// What `rows` change of what is known. `new_id` gives an id to each thing that is made.
pub fn plan(rows: &[Row], known: Known, new_id: &mut dyn FnMut() -> Uuid) -> Plan {
    let mut planner = Planner {
        organizations: Organizations::of(known.organizations),
        sites: Sites::of(known.sites),
        end_users: EndUsers::of(known.end_users, known.logins),
        assets: Assets::of(known.assets, known.folders),
        new_id,
    };
    let mut lines: Vec<_> = rows.iter().map(Line::read).collect();
    planner.take_organizations(&mut lines);
    planner.take_sites(&mut lines);
    planner.take_end_users(&mut lines);
    planner.take_assets(&mut lines);
    refuse_duplicates(&mut lines, &planner.assets);
    planner.settle_owners(&lines);
    planner.into_plan(lines)
}

struct Planner<'a> {
    organizations: Organizations,
    sites: Sites,
    end_users: EndUsers,
    assets: Assets,
    new_id: &'a mut dyn FnMut() -> Uuid,
}

/// A line, and where the things stand that it names.
#[derive(Default)]
struct Line {
    number: usize,
    said: Said,
    faults: Vec<LineRemark>,
    notes: Vec<LineRemark>,
    organization: Option<usize>,
    site: Option<usize>,
    end_user: Option<usize>,
    login: Option<usize>,
    asset: Option<usize>,
    not_enrolled: bool,
}

impl Line {
    fn read(row: &Row) -> Self {
        let (said, faults) = Said::read(row);
        Self { number: row.line, said, faults, ..Self::default() }
    }

    /// What the line is about: the most special thing that it names.
    fn subject(&self) -> Option<(Kind, usize)> {
        let about = |kind, place: Option<usize>| place.map(|place| (kind, place));
        if self.said.asset.is_named() {
            return about(Kind::Asset, self.asset);
        }
        about(Kind::OsLogin, self.login)
            .or(about(Kind::EndUser, self.end_user))
            .or(about(Kind::Site, self.site))
            .or(about(Kind::Organization, self.organization))
    }

    fn refuse(&mut self, fault: LineRemark) {
        self.faults.push(fault);
    }
}

impl Planner<'_> {
    fn take_organizations(&mut self, lines: &mut [Line]) {
        let order = in_rounds(lines, |line| match &line.said.organization {
            said if said.id.is_some() => Some(0),
            said if self.organizations.knows(said.external_id.as_deref()) => Some(1),
            said if said.external_id.is_some() && said.name.is_some() => Some(2),
            said if said.external_id.is_some() => Some(3),
            said if said.name.is_some() => Some(4),
            _ => (!line.said.is_empty()).then_some(5),
        });
        for at in order {
            let line = &mut lines[at];
            let found = if line.said.organization.is_named() {
                self.organizations.resolve(&line.said.organization, line.number, self.new_id).map(Some)
            } else {
                self.organization_of(&line.said)
            };
            match found {
                Ok(Some(place)) => {
                    line.organization = Some(place);
                    self.organizations.book.entry(place).mention(at);
                }
                Ok(None) => line.wait_for_computer(None),
                Err(fault) => line.refuse(fault),
            }
        }
    }

    /// The organization of a line that does not name it: that of its asset, or of its end user where it has no asset. Nothing
    /// where the line is about a computer that has not enrolled.
    fn organization_of(&self, said: &Said) -> Result<Option<usize>, LineRemark> {
        if said.asset.has_key() {
            let found = self.assets.organization_of(&said.asset)?;
            return Ok(found.and_then(|id| self.organizations.place(id)));
        }
        let found = self.end_users.organization_of(&said.end_user).and_then(|id| self.organizations.place(id));
        found.map(Some).ok_or_else(|| LineRemark::of(Column::Organization, "must say whose this is"))
    }

    fn take_sites(&mut self, lines: &mut [Line]) {
        for at in in_rounds(lines, |line| line.said.site.name.as_ref().map(|_| 0)) {
            let line = &mut lines[at];
            let Some(organization) = line.organization else { continue };
            let organization = self.organizations.book.at(organization).id;
            match self.sites.resolve(organization, &line.said.site, line.number, self.new_id) {
                Ok(place) => {
                    line.site = Some(place);
                    self.sites.book.entry(place).mention(at);
                }
                Err(fault) => line.refuse(fault),
            }
        }
    }

    fn take_end_users(&mut self, lines: &mut [Line]) {
        let order = in_rounds(lines, |line| {
            line.organization?;
            match &line.said.end_user {
                said if said.id.is_some() => Some(0),
                said if self.end_users.knows(said.external_id.as_deref()) => Some(1),
                // Whoever is made needs a name, so those who have one come first.
                said if said.external_id.is_some() => Some(2 + u8::from(said.name.is_none())),
                said if said.email.is_some() => Some(4 + u8::from(said.name.is_none())),
                said if said.login.is_some() => Some(6 + u8::from(said.name.is_none())),
                said => said.name.as_ref().map(|_| 8),
            }
        });
        for at in order {
            if let Err(fault) = self.take_end_user(at, &mut lines[at]) {
                lines[at].refuse(fault);
            }
        }
    }

    fn take_end_user(&mut self, at: usize, line: &mut Line) -> Result<(), LineRemark> {
        let Some(organization) = line.organization.map(|place| self.organizations.book.at(place)) else {
            return Ok(());
        };
        let said = &line.said.end_user;
        let (place, note) = self.end_users.resolve(organization, said, self.new_id)?;
        line.notes.extend(note);
        line.end_user = Some(place);
        self.end_users.book.entry(place).mention(at);
        self.end_users.tell(place, said, line.number)?;
        if let Some(site) = line.site.filter(|_| !line.said.asset.is_named()) {
            let site = self.sites.book.at(site);
            self.end_users.put_at(place, site, line.number)?;
        }
        if let Some(login) = &said.login {
            let login = self.end_users.name_by_login(place, login, self.new_id)?;
            line.login = Some(login);
            self.end_users.logins.entry(login).mention(at);
        }
        Ok(())
    }

    fn take_assets(&mut self, lines: &mut [Line]) {
        let order = in_rounds(lines, |line| {
            line.organization?;
            match &line.said.asset {
                said if said.id.is_some() || said.serial_key.is_some() => Some(0),
                said if self.assets.knows(said.external_id.as_deref()) => Some(0),
                said => said.is_named().then_some(1),
            }
        });
        for at in order {
            if let Err(fault) = self.take_asset(at, &mut lines[at]) {
                lines[at].refuse(fault);
            }
        }
    }

    fn take_asset(&mut self, at: usize, line: &mut Line) -> Result<(), LineRemark> {
        let Some(organization) = line.organization.map(|place| self.organizations.book.at(place)) else {
            return Ok(());
        };
        let name_of = |id: OrganizationId| self.organizations.name_of(id);
        let Some(place) = self.assets.find(organization, &line.said.asset, name_of)? else {
            line.wait_for_computer(Some(organization));
            return Ok(());
        };
        line.asset = Some(place);
        self.assets.book.entry(place).mention(at);
        self.assets.tell(place, &line.said.asset)?;
        if let Some(site) = line.site {
            self.assets.put_at(place, self.sites.book.at(site).id);
        }
        if let Some(end_user) = line.end_user {
            self.assets.assign(place, self.end_users.book.at(end_user).id);
        }
        Ok(())
    }
}

impl Planner<'_> {
    /// Tells of each thing at the line that is about it.
    fn settle_owners(&mut self, lines: &[Line]) {
        for (at, line) in lines.iter().enumerate().rev() {
            match line.subject() {
                Some((Kind::Organization, place)) => self.organizations.book.entry(place).line = Some(at),
                Some((Kind::Site, place)) => self.sites.book.entry(place).line = Some(at),
                Some((Kind::EndUser, place)) => self.end_users.book.entry(place).line = Some(at),
                Some((Kind::OsLogin, place)) => self.end_users.logins.entry(place).line = Some(at),
                Some((Kind::Asset, place)) => self.assets.book.entry(place).line = Some(at),
                None => {}
            }
        }
    }
}

impl Line {
    /// Leaves the asset out of it: nobody but the computer itself can make one.
    fn wait_for_computer(&mut self, organization: Option<&KnownOrganization>) {
        let said = &self.said.asset;
        let (column, by) = match (&said.serial_key, &said.external_id) {
            (Some(_), _) => (Column::SerialNumber, "this serial number"),
            (None, Some(_)) => (Column::AssetExternalId, "this external id"),
            (None, None) => (Column::Asset, "this name"),
        };
        let of = organization.map(|row| format!(" of {}", row.name)).unwrap_or_default();
        let detail = format!("no computer{of} with {by} has enrolled; import the line again when it has");
        self.notes.push(LineRemark::of(column, detail));
        self.not_enrolled = true;
    }
}

/// The places of the lines that are in order so far, by their rounds; what is in no round is left out.
fn in_rounds(lines: &[Line], round: impl Fn(&Line) -> Option<u8>) -> Vec<usize> {
    let sound = lines.iter().enumerate().filter(|(_, line)| line.faults.is_empty() && !line.waits_whole());
    let mut order: Vec<_> = sound.filter_map(|(at, line)| Some((round(line)?, at))).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, at)| at).collect()
}

impl Line {
    /// Whether nothing of it can be done, since whose it is only the computer will tell.
    fn waits_whole(&self) -> bool {
        self.not_enrolled && self.organization.is_none()
    }
}

/// Refuses lines that are about the same thing: each names the other.
fn refuse_duplicates(lines: &mut [Line], assets: &Assets) {
    let mut first_about: HashMap<Subject, usize> = HashMap::new();
    let mut pairs = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let Some((subject, kind)) = line.subject_or_computer(assets) else { continue };
        match first_about.get(&subject) {
            Some(first) => pairs.push((*first, at, kind)),
            None => {
                first_about.insert(subject, at);
            }
        }
    }
    for (first, second, kind) in pairs {
        for (at, other) in [(first, second), (second, first)] {
            let detail = format!("line {} is about the same {}; leave one of them", lines[other].number, kind.title());
            if lines[at].faults.iter().all(|fault| fault.column.is_some()) {
                lines[at].refuse(LineRemark { column: None, detail });
            }
        }
    }
}

/// What two lines cannot both be about.
#[derive(PartialEq, Eq, Hash)]
enum Subject {
    Thing(Kind, usize),
    NotEnrolled(String),
}

impl Line {
    /// What it is about, be it a computer that has not enrolled, or one that another line has told the external id of.
    fn subject_or_computer(&self, assets: &Assets) -> Option<(Subject, Kind)> {
        if let Some((kind, place)) = self.subject() {
            return Some((Subject::Thing(kind, place), kind));
        }
        let said = Some(&self.said.asset).filter(|_| self.not_enrolled)?;
        if let Some(place) = said.external_id.as_ref().and_then(|id| assets.with_external_id(id)) {
            return Some((Subject::Thing(Kind::Asset, place), Kind::Asset));
        }
        let key = said.serial_key.as_ref().or(said.external_id.as_ref()).or(said.name.as_ref())?;
        Some((Subject::NotEnrolled(key.clone()), Kind::Asset))
    }
}

#[cfg(test)]
mod tests;
