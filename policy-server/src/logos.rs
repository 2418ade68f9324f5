//! A portal's logo on its way in (NAB-05 to NAB-07): PNG or JPEG by its content, whatever it is called; what is kept was written by
//! this server, small enough for the first view of a page.

use axum::body::Bytes;
use deskbell_protocol::IconHash;

use crate::{
    app::App,
    pictures::{Format, Picture, PictureError},
    secrets,
    store::Icon,
};

/// The largest upload, in bytes.
pub const MAX_UPLOAD_BYTES: usize = 1 << 20;
/// From this size on, staff are told that a smaller file would do.
pub const WARN_FROM_BYTES: usize = 100 * 1024;
/// The largest side of an upload, in pixels.
const MAX_SIDE: usize = 4096;
/// The most bytes that are given out.
const MAX_BYTES: usize = 20 * 1024;
/// The space of a logo on a page, in pixels of twice its density.
const SPACE: (usize, usize) = (384, 96);

/// Why an upload becomes no logo, for whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum LogoError {
    /// It is something else, whatever it is called.
    #[error("is neither PNG nor JPEG; other formats, such as SVG or GIF, are not taken")]
    OtherFormat,
    /// It has more than [`MAX_UPLOAD_BYTES`].
    #[error("has more than 1 MB")]
    TooLarge,
    /// It says of itself that it is too large; nothing of it was decoded.
    #[error("is {0} × {1} pixels; a logo has at most 4096 on each side")]
    Size(usize, usize),
    /// It cannot be decoded.
    #[error("{0}")]
    Damaged(String),
    /// The server is at fault.
    #[error(transparent)]
    Failed(anyhow::Error),
}

/// A logo that was kept.
#[derive(Debug)]
pub struct KeptLogo {
    /// Its name.
    pub name: IconHash,
    /// What is given out, in bytes.
    pub size: usize,
    /// Whether a smaller file would have done.
    pub was_large: bool,
}

/// An upload as it is given out: a PNG of at most 20 KB that fits its space, with nothing but its pixels.
fn logo(upload: &[u8]) -> Result<Vec<u8>, LogoError> {
    if upload.len() > MAX_UPLOAD_BYTES {
        return Err(LogoError::TooLarge);
    }
    let format = Format::of(upload).ok_or(LogoError::OtherFormat)?;
    let fits = |width, height| (1..=MAX_SIDE).contains(&width) && (1..=MAX_SIDE).contains(&height);
    let picture = Picture::decoded(upload, format, fits).map_err(|error| match error {
        PictureError::Size(width, height) => LogoError::Size(width, height),
        PictureError::Damaged(detail) => LogoError::Damaged(detail),
    })?;
    let (mut width, mut height) = fitted(picture.width, picture.height);
    loop {
        let png = picture.scaled(width, height).png().map_err(LogoError::Failed)?;
        if png.len() <= MAX_BYTES {
            return Ok(png);
        }
        (width, height) = ((width * 4 / 5).max(1), (height * 4 / 5).max(1));
    }
}

/// The size in which a picture fits its space, in the same proportion; a small one stays as it is.
fn fitted(width: usize, height: usize) -> (usize, usize) {
    let (most_wide, most_high) = SPACE;
    if width <= most_wide && height <= most_high {
        (width, height)
    } else if width * most_high >= height * most_wide {
        (most_wide, (height * most_wide / width).max(1))
    } else {
        ((width * most_high / height).max(1), most_high)
    }
}

/// Makes an upload a logo and keeps it. The same pixels have the same name.
pub async fn keep(app: &App, upload: Bytes) -> Result<KeptLogo, LogoError> {
    let failed = LogoError::Failed;
    let was_large = upload.len() > WARN_FROM_BYTES;
    let made = tokio::task::spawn_blocking(move || logo(&upload)).await;
    let png = made.map_err(|error| failed(error.into()))??;
    let (sha256, size) = (secrets::sha256(&png), png.len());
    let name = sha256.parse().map_err(|_| failed(anyhow::anyhow!("{sha256} names no logo")))?;
    let kept = app.store.keep_icon(Icon { sha256, png, created_at: app.now() }).await;
    kept.map_err(|error| failed(error.into()))?;
    Ok(KeptLogo { name, size, was_large })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(width: usize, height: usize) -> Picture {
        let mut state = 1u32;
        let pixels = (0..width * height * 4).map(|_| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (state >> 24) as u8
        });
        Picture { width, height, pixels: pixels.collect() }
    }

    /// NAB-07: what is given out has at most 20 KB, whatever is in it.
    #[test]
    fn a_logo_that_cannot_be_packed_well_is_made_smaller() {
        let made = logo(&noise(400, 300).png().expect("a PNG")).expect("a logo");
        assert!(made.len() <= MAX_BYTES, "{} bytes", made.len());
        let back = Picture::decoded(&made, Format::Png, |_, _| true).expect("readable");
        assert!(
            (back.width * 3).abs_diff(back.height * 4) <= 8,
            "the same proportion: {} × {}",
            back.width,
            back.height
        );
    }

    #[test]
    fn a_logo_fits_its_space_and_a_small_one_stays() {
        assert_eq!(fitted(100, 50), (100, 50));
        assert_eq!(fitted(4096, 1024), (384, 96));
        assert_eq!(fitted(1000, 4000), (24, 96));
        assert_eq!(fitted(4096, 1), (384, 1));
    }
}
