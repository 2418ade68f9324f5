//! A comment as it is sent with files: by the console's form, and by programs.

use axum::{
    Form,
    extract::{FromRequest as _, Request},
};

use crate::{
    app::App,
    attachments::sent_files::{FileRule, SentFiles},
    changes::tickets::{NewComment, author},
    domain::{attachment::FileSender, audit::Actor, comment::CommentKind},
    multipart::{FormError, Parts, boundary},
};

/// The most that may be typed, in bytes: more than a text may have, so that a long one comes back with what is wrong.
const MAX_TEXT_BYTES: usize = 192 * 1024;

/// What was typed, and what was chosen.
#[derive(Debug)]
pub struct SentComment {
    /// For whom, and what.
    pub new: NewComment,
    /// The files.
    pub files: SentFiles,
}

/// Reads a form with the fields `kind`, `text` and `files`. Its author is known before it is read, so that files are
/// received from nobody who may not send them.
pub async fn read(app: &App, actor: &Actor, request: Request) -> Result<SentComment, FormError> {
    let sender = author(actor).map(|(_, id)| FileSender::Author(id));
    let rule = sender.map_or(FileRule::Forget, |sender| FileRule::Receive { app, sender });
    let Some(boundary) = boundary(request.headers()) else { return url_encoded(request).await };
    let mut parts = Parts::of(request.into_body(), boundary, MAX_TEXT_BYTES);
    let (mut kind, mut text, mut files) = (String::new(), String::new(), SentFiles::default());
    while let Some(part) = parts.next().await? {
        match (part.file_name(), part.name().as_str()) {
            (Some(name), _) => files.take(name, part, rule).await?,
            (None, "kind") => kind = part.text().await?,
            (None, "text") => text = part.text().await?,
            (None, _) => drop(part.text().await?),
        }
    }
    let kind: CommentKind = kind.parse().map_err(|_| FormError::Unreadable)?;
    Ok(SentComment { new: NewComment { kind, text }, files })
}

/// Without files, a form may come as short forms do.
async fn url_encoded(request: Request) -> Result<SentComment, FormError> {
    let form = Form::<NewComment>::from_request(request, &()).await;
    form.map(|Form(new)| SentComment { new, files: SentFiles::default() }).map_err(|_| FormError::Unreadable)
}
