//! The console's forms: read from `application/x-www-form-urlencoded`, with what is wrong beside each field.

use axum::{
    Form,
    extract::{DefaultBodyLimit, FromRequest, Request, rejection::FormRejection},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use deskbell_protocol::Fault;
use serde::de::DeserializeOwned;

use crate::{
    app::SharedApp,
    json_body::MAX_JSON_BYTES,
    portal::pages::PageFailed,
    problems::{Refused, meaning},
};

const MARKED: &str = "Look at what is marked below.";

/// What a form of at most so many bytes said.
pub(super) struct Sent<T, const MOST: usize = MAX_JSON_BYTES>(pub(super) T);

impl<T: DeserializeOwned, const MOST: usize> FromRequest<SharedApp> for Sent<T, MOST> {
    type Rejection = FormRejection;

    async fn from_request(mut request: Request, state: &SharedApp) -> Result<Self, FormRejection> {
        DefaultBodyLimit::max(MOST).apply(&mut request);
        Form::from_request(request, state).await.map(|Form(sent)| Self(sent))
    }
}

/// What is wrong with a form that was sent.
#[derive(Debug, Default)]
pub(super) struct FormErrors {
    /// About the form as a whole.
    pub(super) summary: Option<String>,
    fields: Vec<(String, String)>,
}

impl FormErrors {
    /// One field that is wrong.
    pub(super) fn field(name: &str, detail: &str) -> Self {
        Self { summary: Some(MARKED.into()), fields: vec![(format!("/{name}"), detail.into())] }
    }

    /// For a form whose fields begin with `prefix`, beside others on its page.
    pub(super) fn under(self, prefix: &str) -> Self {
        let fields = self.fields.into_iter();
        let fields = fields.map(|(pointer, detail)| (pointer.replacen('/', &format!("/{prefix}"), 1), detail));
        Self { fields: fields.collect(), ..self }
    }

    /// The same, with `detail` after what is wrong with a field.
    pub(super) fn beside(mut self, name: &str, detail: &str) -> Self {
        let pointer = format!("/{name}");
        match self.fields.iter_mut().find(|(known, _)| *known == pointer) {
            Some((_, wrong)) => *wrong = format!("{wrong} {detail}"),
            None => self.fields.push((pointer, detail.into())),
        }
        self
    }

    /// The same, with all that is wrong with what the field stands for beside it: a field of lines is a list to programs.
    pub(super) fn of_lines(self, name: &str) -> Self {
        let details: Vec<_> = self.fields.iter().map(|(_, detail)| detail.as_str()).collect();
        if details.is_empty() { self } else { Self::field(name, &details.join(" ")) }
    }

    /// What is wrong with the field whose JSON pointer is `/name`.
    pub(super) fn of(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(pointer, _)| pointer.strip_prefix('/') == Some(name));
        found.map(|(_, detail)| detail.as_str())
    }
}

impl From<Vec<Fault>> for FormErrors {
    fn from(faults: Vec<Fault>) -> Self {
        let summary = (!faults.is_empty()).then(|| "Look at what is marked below.".into());
        let fields = faults.into_iter().map(|fault| (fault.pointer, sentence(&fault.detail)));
        Self { summary, fields: fields.collect() }
    }
}

/// What came of a change.
pub(super) enum Outcome<T> {
    /// It was made.
    Done(T),
    /// It was refused: the form is shown again, with this status.
    Again(StatusCode, FormErrors),
}

impl<T> Outcome<T> {
    /// Of what `changes/` answered; what the server failed at fails the page.
    pub(super) fn of(result: Result<T, Refused>) -> Result<Self, PageFailed> {
        match result {
            Ok(done) => Ok(Self::Done(done)),
            Err(Refused::Failed(cause)) => Err(cause.into()),
            Err(Refused::Problem(problem)) => {
                let (status, _) = meaning(problem.kind);
                let fields: Vec<_> =
                    problem.errors.into_iter().map(|error| (error.pointer, sentence(&error.detail))).collect();
                let summary = if fields.is_empty() { problem.detail } else { MARKED.into() };
                Ok(Self::Again(status, FormErrors { summary: Some(summary), fields }))
            }
        }
    }
}

/// To another page after something was done; `done` names the note that stands there.
pub(super) fn see(path: &str, done: &str) -> Response {
    Redirect::to(&format!("{path}?done={done}")).into_response()
}

/// A detail of a field as a sentence of its own: "must not be empty" becomes "Must not be empty."
fn sentence(detail: &str) -> String {
    let mut letters = detail.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
