//! The file as a browser sends it.

use axum::{extract::Request, http::header};
use multer::{Field, Multipart};

use crate::domain::{
    import::{self, MAX_BYTES},
    plain_line::plain_line,
};

/// What is read and forgotten of a file that is too large, since browsers show no page to a request that was cut off.
const MAX_READ: usize = 256 * 1024 * 1024;

/// A file that was chosen, and that can be read as a sheet.
pub(super) struct SentFile {
    /// What it is called.
    pub(super) name: String,
    /// What it says.
    pub(super) content: Vec<u8>,
}

impl SentFile {
    /// Reads it from a form; fails with a sentence.
    pub(super) async fn read(request: Request) -> Result<Self, String> {
        let missing = || "Choose a file.".to_owned();
        let unreadable = |_| "The file did not arrive whole. Send it again.".to_owned();
        let content_type = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let boundary = content_type.and_then(|value| multer::parse_boundary(value).ok()).ok_or_else(missing)?;
        let mut parts = Multipart::new(request.into_body().into_data_stream(), boundary);
        while let Some(field) = parts.next_field().await.map_err(unreadable)? {
            if field.name() != Some("file") {
                continue;
            }
            let name = plain_line(field.file_name().unwrap_or_default()).chars().take(200).collect::<String>();
            let content = content(field).await.map_err(unreadable)?;
            return match content {
                Some(content) if content.is_empty() && name.is_empty() => Err(missing()),
                Some(content) => match import::read(&content) {
                    Ok(_) => Ok(Self { name, content }),
                    Err(why) => Err(format!("The file {why}.")),
                },
                None => Err(format!("The file is larger than {} MB; import it in parts.", MAX_BYTES >> 20)),
            };
        }
        Err(missing())
    }
}

/// Nothing when it is too large.
async fn content(mut field: Field<'_>) -> multer::Result<Option<Vec<u8>>> {
    let (mut content, mut size) = (Vec::new(), 0);
    while let Some(piece) = field.chunk().await? {
        size += piece.len();
        if size <= MAX_BYTES {
            content.extend_from_slice(&piece);
        } else if size > MAX_READ {
            break;
        }
    }
    Ok((size <= MAX_BYTES).then_some(content))
}
