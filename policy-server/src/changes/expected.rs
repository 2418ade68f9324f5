//! On which state of a thing a change was decided, so that nobody's change is overwritten unseen.

use deskbell_protocol::ProblemKind;

use crate::{problems::Refused, store::Revised};

/// What whoever changes something has seen of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Expected {
    /// Whatever there is.
    #[default]
    Anything,
    /// One of these revisions.
    OneOf(Vec<String>),
}

/// The version that was seen, of a thing that has versions.
impl From<Option<i64>> for Expected {
    fn from(version: Option<i64>) -> Self {
        version.map_or(Self::Anything, |version| Self::OneOf(vec![version.to_string()]))
    }
}

/// Which thing, and what whoever changes it has seen of it. An id alone: whatever it is.
#[derive(Debug, Clone)]
pub struct Seen<Id> {
    /// Which one.
    pub id: Id,
    /// What was seen.
    pub expected: Expected,
}

impl<Id> From<Id> for Seen<Id> {
    fn from(id: Id) -> Self {
        Self { id, expected: Expected::Anything }
    }
}

impl Expected {
    /// With which thing it was.
    pub fn of<Id>(self, id: Id) -> Seen<Id> {
        Seen { id, expected: self }
    }

    /// Refuses a change of something that has another revision by now.
    pub fn check(&self, thing: &impl Revised) -> Result<(), Refused> {
        match self {
            Self::OneOf(seen) if !seen.contains(&thing.revision()) => {
                Err(Refused::new(ProblemKind::OutOfDate, "It was changed since it was read. Read it again."))
            }
            Self::Anything | Self::OneOf(_) => Ok(()),
        }
    }
}
