//! What every form that makes a ticket asks: what is wrong, how urgent, where to call, and files; with what is wrong about it.

use super::look::Look;
use crate::domain::{
    attachment::{FilesError, MAX_FILE_BYTES, MAX_FILES, MAX_FILES_IN_SPAN},
    contact::MAX_NAME,
    department::DepartmentFacts,
    ticket::{DescriptionError, MAX_DESCRIPTION, MAX_PHONE, TypedErrors, TypedTicket},
};

/// The fields as a page shows them.
pub(super) struct TicketFields {
    pub(super) typed: TypedTicket,
    /// Whom it can be for; none where there is no choice.
    pub(super) departments: Vec<DepartmentFacts>,
    /// The sentence that goes with the description.
    pub(super) hint: &'static str,
    pub(super) description_error: Option<String>,
    pub(super) phone_error: Option<String>,
    pub(super) name_error: Option<String>,
    pub(super) email_error: Option<String>,
    pub(super) files_error: Option<String>,
    pub(super) files_limit: String,
    pub(super) megabytes_limit: String,
}

/// What is wrong with files, and that they are to be chosen again: browsers fill no file field.
pub(super) fn files_error(look: &Look, files: Option<FilesError>, chosen: bool) -> Option<String> {
    let words = look.words;
    let refused = files.map(|error| match error {
        FilesError::TooMany => words.say1("error-files-too-many", "limit", &MAX_FILES.to_string()),
        FilesError::TooLarge(name) => {
            let megabytes = (MAX_FILE_BYTES >> 20).to_string();
            words.say_with("error-file-too-large", &[("name", &name), ("megabytes", &megabytes)])
        }
        FilesError::TooManyThisHour => words.say1("error-files-hour", "limit", &MAX_FILES_IN_SPAN.to_string()),
    });
    let again = chosen.then(|| words.say("error-files-choose-again"));
    [refused, again].into_iter().flatten().reduce(|all, more| format!("{all} {more}"))
}

impl TicketFields {
    /// What was typed, with nothing wrong about it.
    pub(super) fn new(look: &Look, typed: TypedTicket, hint: &'static str) -> Self {
        Self {
            typed,
            departments: look.departments.offered().to_vec(),
            hint,
            description_error: None,
            phone_error: None,
            name_error: None,
            email_error: None,
            files_error: None,
            files_limit: MAX_FILES.to_string(),
            megabytes_limit: (MAX_FILE_BYTES >> 20).to_string(),
        }
    }

    /// The same with what is wrong beside each field.
    pub(super) fn with_errors(
        self,
        look: &Look,
        errors: TypedErrors,
        files: Option<FilesError>,
        files_chosen: bool,
    ) -> Self {
        let words = look.words;
        let too_long = |limit: usize| words.say1("error-too-long", "limit", &limit.to_string());
        let description_error = errors.description.map(|error| match error {
            DescriptionError::Missing => words.say("error-description-missing"),
            DescriptionError::TooLong => too_long(MAX_DESCRIPTION),
        });
        Self {
            description_error,
            phone_error: errors.phone_too_long.then(|| too_long(MAX_PHONE)),
            name_error: errors.name_too_long.then(|| too_long(MAX_NAME)),
            email_error: errors.email_wrong.then(|| words.say("error-email")),
            files_error: files_error(look, files, files_chosen),
            ..self
        }
    }

    /// Whether a department is the one that was chosen, or else the default.
    pub(super) fn is_chosen(&self, department: &DepartmentFacts) -> bool {
        let chosen = self.departments.iter().find(|one| one.id.to_string() == self.typed.department);
        chosen.map_or(department.is_default, |one| one.id == department.id)
    }

    pub(super) fn has_errors(&self) -> bool {
        let errors =
            [&self.description_error, &self.phone_error, &self.name_error, &self.email_error, &self.files_error];
        errors.iter().any(|error| error.is_some())
    }
}
