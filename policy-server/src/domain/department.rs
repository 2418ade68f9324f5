//! Departments: which one a ticket is for, and whether a new contact is invited there.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use crate::domain::ids::DepartmentId;

/// Which departments invite whoever becomes an end user by a request there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, EnumString, IntoStaticStr, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AutoInvite {
    /// Those that are switched on.
    Chosen,
    /// Every active one, those that come later, too (ZOH-18).
    AllActive,
}

/// What rules need to know of a department.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepartmentFacts {
    /// Which one.
    pub id: DepartmentId,
    /// As people call it.
    pub name: String,
    /// Whether it gets what goes to no other.
    pub is_default: bool,
    /// Whether whoever becomes an end user by a request there is invited.
    pub auto_invite: bool,
    /// Where it gets mail, as it is compared.
    pub address_key: Option<String>,
}

/// The active departments, by name. Nothing goes to any other.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Departments(pub Vec<DepartmentFacts>);

impl Departments {
    /// Those between whom end users choose: with one there is no choice.
    pub fn offered(&self) -> &[DepartmentFacts] {
        if self.0.len() > 1 { &self.0 } else { &[] }
    }

    /// The one that was chosen, if it is there; else the default one.
    pub fn of_ticket(&self, chosen: Option<DepartmentId>) -> Option<DepartmentId> {
        let chosen = self.0.iter().find(|one| Some(one.id) == chosen);
        chosen.or_else(|| self.default_one()).map(|one| one.id)
    }

    /// The one that gets mail at the first of these addresses which is anybody's; else the default one.
    pub fn of_addresses<'a>(&self, keys: impl IntoIterator<Item = &'a str>) -> Option<&DepartmentFacts> {
        let mut keys = keys.into_iter();
        let at = keys.find_map(|key| self.0.iter().find(|one| one.address_key.as_deref() == Some(key)));
        at.or_else(|| self.default_one())
    }

    fn default_one(&self) -> Option<&DepartmentFacts> {
        self.0.iter().find(|one| one.is_default)
    }
}

/// Whether somebody who has just become an end user by a request is invited (invariant 12): in an active department, where it
/// invites by itself (ZOH-16) or all do (ZOH-18).
pub fn invites(department: Option<&DepartmentFacts>, which: AutoInvite) -> bool {
    department.is_some_and(|one| one.auto_invite || which == AutoInvite::AllActive)
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn department(n: u128, is_default: bool, address: Option<&str>) -> DepartmentFacts {
        DepartmentFacts {
            id: DepartmentId(Uuid::from_u128(n)),
            name: format!("Department {n}"),
            is_default,
            auto_invite: false,
            address_key: address.map(str::to_owned),
        }
    }

    #[test]
    fn a_ticket_goes_where_it_was_sent_to_and_else_to_the_default() {
        let all = Departments(vec![
            department(1, false, Some("sales@msp.example")),
            department(2, true, None),
            department(3, false, Some("help@msp.example")),
        ]);
        let chosen = |n| Some(DepartmentId(Uuid::from_u128(n)));
        assert_eq!([all.of_ticket(chosen(1)), all.of_ticket(chosen(9)), all.of_ticket(None)], [1, 2, 2].map(chosen));
        let at = |keys: &[&str]| all.of_addresses(keys.iter().copied()).map(|one| one.id);
        assert_eq!(at(&["x@y.example", "help@msp.example", "sales@msp.example"]), chosen(3));
        assert_eq!(at(&["x@y.example"]), chosen(2));
        assert_eq!(Departments::default().of_ticket(chosen(1)), None);
    }

    #[test]
    fn one_department_is_no_choice() {
        let mut all = Departments(vec![department(1, false, None)]);
        assert!(all.offered().is_empty());
        all.0.push(department(2, false, None));
        assert_eq!(all.offered().len(), 2);
    }

    #[test]
    fn an_active_department_invites_by_itself_or_when_all_do() {
        let (quiet, inviting) =
            (department(1, true, None), DepartmentFacts { auto_invite: true, ..department(2, false, None) });
        let on = [&quiet, &inviting].map(|one| invites(Some(one), AutoInvite::Chosen));
        let all = [&quiet, &inviting].map(|one| invites(Some(one), AutoInvite::AllActive));
        assert_eq!((on, all), ([false, true], [true, true]));
        assert!(!invites(None, AutoInvite::AllActive), "a request that goes to no department");
    }
}
