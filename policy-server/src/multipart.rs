//! Forms with files (`multipart/form-data`), read part by part. Whatever could grow without end is limited here, but for the
//! content of files, which whoever reads them limits.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    BoxError,
    body::{Body, Bytes},
    http::{HeaderMap, header},
};
use futures_util::{Stream, StreamExt as _};
use multer::{Field, Multipart};

/// The largest request. More than the files that are taken: what is over a limit is read to its end and forgotten, since
/// browsers show no page to a request that was cut off.
const MAX_REQUEST_BYTES: usize = 512 * 1024 * 1024;
/// The most that is held in memory while a part of the form begins; multer has no limit of its own for a part's head.
const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;
/// How long the next piece may take.
const PIECE_TIME_LIMIT: Duration = Duration::from_secs(30);

/// Why a form could not be read.
#[derive(Debug)]
pub enum FormError {
    /// More was typed than may be, or the request is larger than any form.
    TooLarge,
    /// It is no form, or it was cut off.
    Unreadable,
    /// The disk.
    Failed(anyhow::Error),
}

/// The parts of a form.
pub struct Parts {
    form: Multipart<'static>,
    waiting: Arc<AtomicUsize>,
    /// How much may still be typed; nothing when it was too much.
    text_left: Option<usize>,
}

/// A part of a form that is being read.
pub struct Part<'a> {
    field: Field<'static>,
    waiting: &'a AtomicUsize,
    text_left: &'a mut Option<usize>,
}

/// What stands between the parts of a request's body; nothing when it is in another encoding.
pub fn boundary(headers: &HeaderMap) -> Option<String> {
    let content_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    multer::parse_boundary(content_type).ok()
}

impl Parts {
    /// The parts of a body. All texts together may have `max_text` bytes.
    pub fn of(body: Body, boundary: String, max_text: usize) -> Self {
        let waiting = Arc::new(AtomicUsize::new(0));
        let form = Multipart::new(limited(body, Arc::clone(&waiting)), boundary);
        Self { form, waiting, text_left: Some(max_text) }
    }

    /// The next part. Too much text is an error at the end alone, so that the browser gets to send everything.
    pub async fn next(&mut self) -> Result<Option<Part<'_>>, FormError> {
        let Some(field) = in_time(self.form.next_field()).await? else {
            return self.text_left.map(|_| None).ok_or(FormError::TooLarge);
        };
        Ok(Some(Part { field, waiting: &self.waiting, text_left: &mut self.text_left }))
    }
}

impl Part<'_> {
    /// The field's name.
    pub fn name(&self) -> String {
        self.field.name().unwrap_or_default().to_owned()
    }

    /// The name of the file, if it is one.
    pub fn file_name(&self) -> Option<String> {
        self.field.file_name().map(str::to_owned)
    }

    /// The next piece, which is never empty.
    pub async fn next(&mut self) -> Result<Option<Bytes>, FormError> {
        loop {
            self.waiting.store(0, Ordering::Relaxed);
            let piece = in_time(self.field.chunk()).await?;
            if piece.as_ref().is_none_or(|piece| !piece.is_empty()) {
                return Ok(piece);
            }
        }
    }

    /// All of it as text, as far as there may be more.
    pub async fn text(mut self) -> Result<String, FormError> {
        let mut bytes = Vec::new();
        while let Some(piece) = self.next().await? {
            *self.text_left = self.text_left.and_then(|left| left.checked_sub(piece.len()));
            if self.text_left.is_some() {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    }

    /// All of it, read to its end; nothing when it has more than `max` bytes.
    pub async fn content(mut self, max: usize) -> Result<Option<Vec<u8>>, FormError> {
        let mut bytes = Some(Vec::new());
        while let Some(piece) = self.next().await? {
            bytes = bytes.filter(|bytes| bytes.len() + piece.len() <= max);
            if let Some(bytes) = &mut bytes {
                bytes.extend_from_slice(&piece);
            }
        }
        Ok(bytes)
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
