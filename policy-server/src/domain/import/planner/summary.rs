//! What was planned, line by line.

use std::collections::HashMap;

use uuid::Uuid;

use super::{Line, Planner};
use crate::domain::{
    ids::{EndUserId, FolderId, OrganizationId, SiteId},
    import::{
        column::Column,
        known::{KnownAsset, KnownEndUser, KnownLogin, KnownOrganization, KnownSite},
        plan::{ChangeAction, FieldChange, Kind, Outcome, Plan, PlannedChange, PlannedLine, Tally, Totals, Written},
    },
};

/// What ids are called once everything is written.
struct Names {
    organizations: HashMap<OrganizationId, String>,
    sites: HashMap<SiteId, String>,
    end_users: HashMap<EndUserId, String>,
    folders: HashMap<FolderId, String>,
}

/// Something that can be told of in a plan.
trait Told {
    const KIND: Kind;

    fn id(&self) -> Uuid;

    fn name(&self) -> String;

    /// What stands in which column.
    fn fields(&self, names: &Names) -> Vec<(Column, Option<String>)>;
}

impl Planner<'_> {
    /// What comes of it all.
    pub(super) fn into_plan(self, lines: Vec<Line>) -> Plan {
        let names = Names::of(&self);
        let not_enrolled = lines.iter().filter(|line| line.not_enrolled).count();
        let mut lines: Vec<_> = lines.into_iter().map(begun).collect();
        let organizations = told(self.organizations.book.written(), &names, &mut lines);
        let sites = told(self.sites.book.written(), &names, &mut lines);
        let end_users = told(self.end_users.book.written(), &names, &mut lines);
        let logins = told(self.end_users.logins.written(), &names, &mut lines);
        let assets = told(self.assets.book.written(), &names, &mut lines);
        for line in &mut lines {
            line.outcome = outcome(line);
            if line.outcome == Outcome::Refused {
                line.changes.clear();
            }
        }
        let count = |outcome| lines.iter().filter(|line| line.outcome == outcome).count();
        let totals = Totals {
            made: count(Outcome::Made),
            changed: count(Outcome::Changed),
            unchanged: count(Outcome::Unchanged),
            refused: count(Outcome::Refused),
            not_enrolled,
            organizations: Tally::of(&organizations),
            sites: Tally::of(&sites),
            end_users: Tally::of(&end_users),
            os_logins: Tally::of(&logins),
            assets: Tally::of(&assets),
            assignments: assets.iter().filter(|asset| asset.is_reassigned()).count(),
        };
        Plan { lines, totals, organizations, sites, end_users, logins, assets }
    }
}

fn begun(line: Line) -> PlannedLine {
    let Line { number, mut faults, notes, .. } = line;
    faults.sort_by_key(|fault| fault.column);
    PlannedLine { line: number, outcome: Outcome::Unchanged, changes: Vec::new(), faults, notes }
}

fn outcome(line: &PlannedLine) -> Outcome {
    if !line.faults.is_empty() {
        Outcome::Refused
    } else if line.changes.iter().any(|change| change.action == ChangeAction::Make) {
        Outcome::Made
    } else if line.changes.is_empty() {
        Outcome::Unchanged
    } else {
        Outcome::Changed
    }
}

/// Tells of each thing at its line, and gives what is to be written.
fn told<T: Told>(
    written: impl Iterator<Item = (usize, Written<T>)>,
    names: &Names,
    lines: &mut [PlannedLine],
) -> Vec<Written<T>> {
    let told = written.map(|(line, written)| {
        lines[line].changes.push(change(&written, names));
        written
    });
    told.collect()
}

fn change<T: Told>(written: &Written<T>, names: &Names) -> PlannedChange {
    let before: HashMap<_, _> = written.before.iter().flat_map(|thing| thing.fields(names)).collect();
    let after = written.now.fields(names).into_iter();
    let fields = after.filter_map(|(column, after)| {
        let before = before.get(&column).cloned().flatten();
        after.filter(|after| before.as_ref() != Some(after)).map(|after| FieldChange { column, before, after })
    });
    PlannedChange {
        kind: T::KIND,
        action: if written.before.is_some() { ChangeAction::Change } else { ChangeAction::Make },
        id: written.before.as_ref().map(Told::id),
        name: written.before.as_ref().unwrap_or(&written.now).name(),
        fields: fields.collect(),
    }
}

impl Names {
    fn of(planner: &Planner<'_>) -> Self {
        let organizations = planner.organizations.book.iter();
        let sites = planner.sites.book.iter();
        let end_users = planner.end_users.book.iter();
        let folders = planner.assets.folders.iter();
        Self {
            organizations: organizations.map(|(_, row)| (row.id, row.name.clone())).collect(),
            sites: sites.map(|(_, row)| (row.id, row.name.clone())).collect(),
            end_users: end_users.map(|(_, row)| (row.id, row.name.clone())).collect(),
            folders: folders.map(|row| (row.id, row.path.clone())).collect(),
        }
    }

    fn organization(&self, id: OrganizationId) -> Option<String> {
        self.organizations.get(&id).cloned()
    }

    fn site(&self, id: Option<SiteId>) -> Option<String> {
        self.sites.get(&id?).cloned()
    }

    fn end_user(&self, id: Option<EndUserId>) -> Option<String> {
        self.end_users.get(&id?).cloned()
    }

    fn folder(&self, id: Option<FolderId>) -> Option<String> {
        self.folders.get(&id?).cloned()
    }
}

impl Told for KnownOrganization {
    const KIND: Kind = Kind::Organization;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fields(&self, _: &Names) -> Vec<(Column, Option<String>)> {
        vec![
            (Column::OrganizationExternalId, self.external_id.clone()),
            (Column::Organization, Some(self.name.clone())),
            (Column::OrganizationEmail, self.email.clone()),
        ]
    }
}

impl Told for KnownSite {
    const KIND: Kind = Kind::Site;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fields(&self, names: &Names) -> Vec<(Column, Option<String>)> {
        vec![
            (Column::Organization, names.organization(self.organization)),
            (Column::Site, Some(self.name.clone())),
            (Column::SiteAddress, Some(self.address.clone()).filter(|address| !address.is_empty())),
        ]
    }
}

impl Told for KnownEndUser {
    const KIND: Kind = Kind::EndUser;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fields(&self, names: &Names) -> Vec<(Column, Option<String>)> {
        vec![
            (Column::Organization, names.organization(self.organization)),
            (Column::Site, names.site(self.site)),
            (Column::EndUserExternalId, self.external_id.clone()),
            (Column::EndUser, Some(self.name.clone())),
            (Column::EndUserEmail, self.email.clone()),
            (Column::EndUserPhone, self.phone.clone()),
            (Column::EndUserLanguage, self.language.map(|language| language.name().to_owned())),
        ]
    }
}

impl Told for KnownLogin {
    const KIND: Kind = Kind::OsLogin;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        if self.domain.is_empty() { self.name.clone() } else { format!("{}\\{}", self.domain, self.name) }
    }

    fn fields(&self, names: &Names) -> Vec<(Column, Option<String>)> {
        vec![
            (Column::EndUser, names.end_user(Some(self.end_user))),
            (Column::OsId, Some(self.os_id.clone()).filter(|os_id| !os_id.is_empty())),
        ]
    }
}

impl Told for KnownAsset {
    const KIND: Kind = Kind::Asset;

    fn id(&self) -> Uuid {
        self.id.0
    }

    fn name(&self) -> String {
        self.name.clone()
    }

    fn fields(&self, names: &Names) -> Vec<(Column, Option<String>)> {
        vec![
            (Column::Site, names.site(self.site)),
            (Column::EndUser, names.end_user(self.end_user)),
            (Column::AssetExternalId, self.external_id.clone()),
            (Column::Asset, Some(self.name.clone())),
            (Column::Folder, names.folder(self.folder)),
        ]
    }
}
