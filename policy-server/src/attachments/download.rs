//! The answer that gives a file out: to be stored, never to be shown or run in the portal's name.

use std::fmt::Write as _;

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use tokio_util::io::ReaderStream;

use super::folder::AttachmentFolder;
use crate::store::Attachment;

/// A file, as a download.
pub async fn download(folder: &AttachmentFolder, attachment: &Attachment) -> anyhow::Result<Response> {
    let content = folder.content(&attachment.sha256).await?;
    let mut response = Body::from_stream(ReaderStream::new(content)).into_response();
    response.headers_mut().extend([
        (header::CONTENT_TYPE, HeaderValue::from_str(&attachment.media_type)?),
        (header::CONTENT_LENGTH, HeaderValue::from(attachment.size)),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition(&attachment.name))?),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox")),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    ]);
    Ok(response)
}

/// `Content-Disposition` with the name twice: in ASCII for old clients, and as it is (RFC 6266, section 5).
fn disposition(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_graphic() && !"\"\\%".contains(c) || c == ' ' { c } else { '_' };
    let ascii: String = name.chars().map(plain).collect();
    let mut text = format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''");
    for byte in name.bytes() {
        // The characters that need no encoding in an extended value (RFC 8187, section 3.2.1).
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(disposition("a b.png"), "attachment; filename=\"a b.png\"; filename*=UTF-8''a%20b.png");
        assert_eq!(
            disposition("Zoë\"; x=\\y%41"),
            "attachment; filename=\"Zo__; x=_y_41\"; filename*=UTF-8''Zo%C3%AB%22%3B%20x%3D%5Cy%2541"
        );
    }
}
