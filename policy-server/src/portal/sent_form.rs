//! The new-ticket form as it comes back: what was typed, and files.

use axum::{
    Form,
    body::{Body, to_bytes},
    extract::{FromRequest as _, Request},
};
use serde::Deserialize;

use crate::{
    attachments::sent_files::{FileRule, SentFiles},
    domain::ticket::TypedTicket,
    multipart::{FormError, Part, Parts, boundary},
};

/// The most that may be typed, in bytes: the longest description, each character four bytes, percent-encoded.
pub const MAX_FORM_BYTES: usize = 192 * 1024;

/// The form. What it says about asset and person is only compared: both are the session's.
#[derive(Debug, Default)]
pub struct SentForm {
    /// Which form it is (invariant 21).
    pub form_id: String,
    /// For whom it was shown.
    pub form_for: String,
    /// What was typed.
    pub typed: TypedTicket,
    /// What else the portal's own form says.
    pub choices: Choices,
    /// What was chosen.
    pub files: SentFiles,
}

/// What somebody who is in the portal says beside what is wrong.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// Which of one's own computers; empty: none.
    pub asset: String,
    /// The name or address of the colleague on whose behalf; empty: oneself.
    pub requester: String,
    /// Whether the rest of the organization does not see it.
    pub confidential: bool,
    /// Names or addresses of colleagues who may see it, one a line.
    pub people: String,
}

/// The fields of text. Pages from before there were files send them alone, URL-encoded.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    form_id: String,
    form_for: String,
    description: String,
    urgency: String,
    department: String,
    phone: String,
    unverified_name: String,
    unverified_email: String,
    asset: String,
    requester: String,
    confidential: String,
    people: String,
}

/// Reads a form of either encoding.
pub async fn read(request: Request, rule: FileRule<'_>) -> Result<SentForm, FormError> {
    match boundary(request.headers()) {
        Some(boundary) => multipart(request.into_body(), boundary, rule).await,
        None => url_encoded(request).await,
    }
}

async fn url_encoded(request: Request) -> Result<SentForm, FormError> {
    let (parts, body) = request.into_parts();
    let bytes = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| FormError::TooLarge)?;
    let form = Form::<Fields>::from_request(Request::from_parts(parts, bytes.into()), &()).await;
    form.map(|Form(fields)| fields.with(SentFiles::default())).map_err(|_| FormError::Unreadable)
}

async fn multipart(body: Body, boundary: String, rule: FileRule<'_>) -> Result<SentForm, FormError> {
    let mut parts = Parts::of(body, boundary, MAX_FORM_BYTES);
    let (mut fields, mut files) = (Fields::default(), SentFiles::default());
    while let Some(part) = parts.next().await? {
        match part.file_name() {
            Some(name) => files.take(name, part, rule).await?,
            None => fields.take(part).await?,
        }
    }
    Ok(fields.with(files))
}

impl Fields {
    async fn take(&mut self, part: Part<'_>) -> Result<(), FormError> {
        let name = part.name();
        let text = part.text().await?;
        match name.as_str() {
            "form_id" => self.form_id = text,
            "form_for" => self.form_for = text,
            "description" => self.description = text,
            "urgency" => self.urgency = text,
            "department" => self.department = text,
            "phone" => self.phone = text,
            "unverified_name" => self.unverified_name = text,
            "unverified_email" => self.unverified_email = text,
            "asset" => self.asset = text,
            "requester" => self.requester = text,
            "confidential" => self.confidential = text,
            "people" => self.people = text,
            _ => {}
        }
        Ok(())
    }

    fn with(self, files: SentFiles) -> SentForm {
        let Self { form_id, form_for, description, urgency, department, phone, .. } = self;
        let Self { unverified_name, unverified_email, asset, requester, people, .. } = self;
        SentForm {
            form_id,
            form_for,
            typed: TypedTicket { description, urgency, department, phone, unverified_name, unverified_email },
            choices: Choices { asset, requester, confidential: !self.confidential.is_empty(), people },
            files,
        }
    }
}
