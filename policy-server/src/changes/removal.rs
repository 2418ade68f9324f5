//! Removing what nothing needs any more. What something else names stays.

use deskbell_protocol::ProblemKind;

use crate::{problems::Refused, store::StoreError};

/// Why something was not removed.
#[derive(Debug)]
pub(super) enum NotRemoved {
    /// Something else names it.
    Needed,
    /// Anything else.
    Refused(Refused),
}

impl NotRemoved {
    /// The answer, with what may need the thing.
    pub(super) fn because(self, needed: &str) -> Refused {
        match self {
            Self::Needed => Refused::new(ProblemKind::Conflict, needed),
            Self::Refused(refused) => refused,
        }
    }
}

impl From<StoreError> for NotRemoved {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSuchReference => Self::Needed,
            StoreError::Taken | StoreError::TooManyFiles | StoreError::LastAdministrator | StoreError::Database(_) => {
                Self::Refused(error.into())
            }
        }
    }
}

impl From<Refused> for NotRemoved {
    fn from(refused: Refused) -> Self {
        Self::Refused(refused)
    }
}
