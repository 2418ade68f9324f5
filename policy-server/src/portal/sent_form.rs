//! The new-ticket form as it comes back: what was typed, and files, which go to the disk piece by piece.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    BoxError, Form,
    body::{Body, Bytes, to_bytes},
    extract::{FromRequest as _, Request},
    http::header,
};
use futures_util::{Stream, StreamExt as _};
use multer::{Field, Multipart};
use serde::Deserialize;

use crate::{
    app::App,
    attachments::{folder::AttachmentFolder, upload::ReceivedFile},
    domain::{
        attachment::{FilesError, MAX_FILE_BYTES, file_names, one_more},
        ids::AssetId,
        ticket::TypedTicket,
    },
};

/// The most that may be typed, in bytes: the longest description, each character four bytes, percent-encoded.
pub const MAX_FORM_BYTES: usize = 192 * 1024;
/// The largest request. More than the files that are taken: what is over a limit is read to its end and forgotten, since
/// browsers show no page to a request that was cut off.
const MAX_REQUEST_BYTES: usize = 512 * 1024 * 1024;
/// The most that is held in memory while a part of the form begins; multer has no limit of its own for a part's head.
const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;
/// How long the next piece may take.
const PIECE_TIME_LIMIT: Duration = Duration::from_secs(30);

/// The form. What it says about asset and person is only compared: both are the session's.
#[derive(Debug, Default)]
pub struct SentForm {
    /// Which form it is (invariant 21).
    pub form_id: String,
    /// For whom it was shown.
    pub form_for: String,
    /// What was typed.
    pub typed: TypedTicket,
    /// What was chosen.
    pub files: SentFiles,
}

/// The files of a form.
#[derive(Debug, Default)]
pub struct SentFiles {
    /// Each with the name that the browser gave.
    pub received: Vec<(String, ReceivedFile)>,
    /// Why there are none.
    pub error: Option<FilesError>,
    /// Whether any were chosen.
    pub chosen: bool,
}

/// What becomes of files.
#[derive(Clone, Copy)]
pub enum FileRule<'a> {
    /// There will be no ticket: they are read and forgotten.
    Forget,
    /// They are received, as many as the asset may still send within the hour.
    Receive {
        /// Where to.
        app: &'a App,
        /// By whom.
        asset: AssetId,
    },
}

/// Why a form could not be read.
#[derive(Debug)]
pub enum FormError {
    /// More than [`MAX_FORM_BYTES`] were typed, or the request is larger than any form.
    TooLarge,
    /// It is no form, or it was cut off.
    Unreadable,
    /// The disk.
    Failed(anyhow::Error),
}

/// The fields of text. Pages from before there were files send them alone, URL-encoded.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields {
    form_id: String,
    form_for: String,
    description: String,
    urgency: String,
    phone: String,
    unverified_name: String,
}

/// Reads a form of either encoding.
pub async fn read(request: Request, rule: FileRule<'_>) -> Result<SentForm, FormError> {
    let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    match content_type.and_then(|content_type| multer::parse_boundary(content_type).ok()) {
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
    let waiting = Arc::new(AtomicUsize::new(0));
    let mut parts = Multipart::new(limited(body, Arc::clone(&waiting)), boundary);
    let (mut fields, mut files) = (Fields::default(), SentFiles::default());
    let mut text_left = Some(MAX_FORM_BYTES);
    while let Some(part) = in_time(parts.next_field()).await? {
        let part = Part { field: part, waiting: &waiting };
        match part.field.file_name().map(str::to_owned) {
            Some(name) => files.take(name, part, rule).await?,
            None => text_left = fields.take(part, text_left).await?,
        }
    }
    text_left.map(|_| fields.with(files)).ok_or(FormError::TooLarge)
}

impl Fields {
    /// Reads one field and gives how much may still be typed; nothing when it was too much.
    async fn take(&mut self, mut part: Part<'_>, left: Option<usize>) -> Result<Option<usize>, FormError> {
        let name = part.field.name().unwrap_or_default().to_owned();
        let (mut bytes, mut left) = (Vec::new(), left);
        while let Some(piece) = part.next().await? {
            left = left.and_then(|left| left.checked_sub(piece.len()));
            if left.is_some() {
                bytes.extend_from_slice(&piece);
            }
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "form_id" => self.form_id = text,
            "form_for" => self.form_for = text,
            "description" => self.description = text,
            "urgency" => self.urgency = text,
            "phone" => self.phone = text,
            "unverified_name" => self.unverified_name = text,
            _ => {}
        }
        Ok(left)
    }

    fn with(self, files: SentFiles) -> SentForm {
        let Self { form_id, form_for, description, urgency, phone, unverified_name } = self;
        SentForm { form_id, form_for, typed: TypedTicket { description, urgency, phone, unverified_name }, files }
    }
}

impl SentFiles {
    async fn take(&mut self, name: String, mut part: Part<'_>, rule: FileRule<'_>) -> Result<(), FormError> {
        let mut piece = part.next().await?;
        // Where no file is chosen, browsers send one without name and content (HTML, "constructing the entry list").
        if name.is_empty() && piece.is_none() {
            return Ok(());
        }
        self.chosen = true;
        let mut upload = match self.place_for_one_more(rule).await? {
            Some(folder) => Some(folder.begin().await.map_err(FormError::Failed)?),
            None => None,
        };
        while let Some(bytes) = piece {
            if let Some(open) = &mut upload {
                if open.size() + bytes.len() as u64 > MAX_FILE_BYTES {
                    self.refuse(FilesError::TooLarge(file_names([name.as_str()]).concat()));
                    upload = None;
                } else {
                    open.write(&bytes).await.map_err(FormError::Failed)?;
                }
            }
            piece = part.next().await?;
        }
        if let Some(upload) = upload {
            self.received.push((name, upload.finish().await.map_err(FormError::Failed)?));
        }
        Ok(())
    }

    async fn place_for_one_more<'a>(&mut self, rule: FileRule<'a>) -> Result<Option<&'a AttachmentFolder>, FormError> {
        let FileRule::Receive { app, asset } = rule else { return Ok(None) };
        if self.error.is_some() {
            return Ok(None);
        }
        let sent = app.store.files_of_hour(asset, app.now()).await.map_err(|error| FormError::Failed(error.into()))?;
        match one_more(self.received.len(), sent) {
            Ok(()) => Ok(Some(&app.attachments)),
            Err(error) => {
                self.refuse(error);
                Ok(None)
            }
        }
    }

    fn refuse(&mut self, error: FilesError) {
        self.error = Some(error);
        self.received.clear();
    }
}

/// A part of the form that is being read.
struct Part<'a> {
    field: Field<'static>,
    waiting: &'a AtomicUsize,
}

impl Part<'_> {
    /// The next piece, which is never empty.
    async fn next(&mut self) -> Result<Option<Bytes>, FormError> {
        loop {
            self.waiting.store(0, Ordering::Relaxed);
            let piece = in_time(self.field.chunk()).await?;
            if piece.as_ref().is_none_or(|piece| !piece.is_empty()) {
                return Ok(piece);
            }
        }
    }
}

/// The body, as far as it may go. `waiting` counts what was read since a part gave something out.
fn limited(body: Body, waiting: Arc<AtomicUsize>) -> impl Stream<Item = Result<Bytes, BoxError>> + Send + 'static {
    let mut left = MAX_REQUEST_BYTES;
    body.into_data_stream().map(move |piece| {
        let piece = piece?;
        left = left.checked_sub(piece.len()).ok_or(BeyondLimit)?;
        let waiting = waiting.fetch_add(piece.len(), Ordering::Relaxed) + piece.len();
        if waiting <= MAX_WAITING_BYTES { Ok(piece) } else { Err(BeyondLimit.into()) }
    })
}

#[derive(Debug, thiserror::Error)]
#[error("the request is larger than any form")]
struct BeyondLimit;

async fn in_time<T>(next: impl Future<Output = multer::Result<Option<T>>>) -> Result<Option<T>, FormError> {
    match tokio::time::timeout(PIECE_TIME_LIMIT, next).await {
        Ok(Ok(next)) => Ok(next),
        Ok(Err(multer::Error::StreamReadFailed(cause))) if cause.is::<BeyondLimit>() => Err(FormError::TooLarge),
        Ok(Err(_)) | Err(_) => Err(FormError::Unreadable),
    }
}
