//! The MSP's icons on their way in (AGT-19): whatever is uploaded, what is kept and given out was written by this server.

use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse as _, Response},
};
use deskbell_protocol::{IconHash, icon::ICON_PIXELS};

use crate::{
    app::App,
    json_body::MAX_JSON_BYTES,
    pictures::{Format, Picture, PictureError},
    problems::Refused,
    secrets,
    store::Icon,
};

/// The largest upload, in bytes.
pub const MAX_UPLOAD_BYTES: usize = MAX_JSON_BYTES;
/// The smallest and the largest side of an upload, in pixels.
const SIDES: std::ops::RangeInclusive<usize> = 16..=1024;

/// Why an upload becomes no icon, for whoever sent it.
#[derive(Debug, thiserror::Error)]
pub enum IconError {
    /// It is something else, whatever it is called.
    #[error("is no PNG; other formats, such as SVG or ICO, are not taken")]
    NotPng,
    /// It has more than [`MAX_UPLOAD_BYTES`].
    #[error("has more than {} KB", MAX_UPLOAD_BYTES / 1024)]
    TooLarge,
    /// It says of itself that it is too small, too large or not square; nothing of it was decoded.
    #[error("is {0} × {1} pixels; an icon is square, with 16 to 1024 on each side")]
    Size(usize, usize),
    /// It cannot be decoded.
    #[error("{0}")]
    Damaged(String),
    /// The server is at fault.
    #[error(transparent)]
    Failed(anyhow::Error),
}

/// An upload as it is kept: a PNG of [`ICON_PIXELS`] with nothing but its pixels.
pub fn icon(upload: &[u8]) -> Result<Vec<u8>, IconError> {
    let format = Format::of(upload).filter(|format| *format == Format::Png).ok_or(IconError::NotPng)?;
    let square = |width, height| width == height && SIDES.contains(&width);
    let picture = Picture::decoded(upload, format, square).map_err(|error| match error {
        PictureError::Size(width, height) => IconError::Size(width, height),
        PictureError::Damaged(detail) => IconError::Damaged(detail),
    })?;
    let side = ICON_PIXELS as usize;
    picture.scaled(side, side).png().map_err(IconError::Failed)
}

/// Makes an upload an icon, keeps it, and gives its name and how many bytes it has. The same pixels have the same name.
pub async fn keep(app: &App, upload: Bytes) -> Result<(IconHash, usize), IconError> {
    let failed = IconError::Failed;
    let decoded = tokio::task::spawn_blocking(move || icon(&upload)).await;
    let png = decoded.map_err(|error| failed(error.into()))??;
    let (sha256, size) = (secrets::sha256(&png), png.len());
    let hash = sha256.parse().map_err(|_| failed(anyhow::anyhow!("{sha256} names no icon")))?;
    let kept = app.store.keep_icon(Icon { sha256, png, created_at: app.now() }).await;
    kept.map_err(|error| failed(error.into()))?;
    Ok((hash, size))
}

/// The kept icon with this name. What has a name by its content never changes.
pub async fn answer(app: &App, hash: &str) -> Result<Response, Refused> {
    let absent = || Refused::not_found("icon");
    let hash = hash.parse().map_err(|_| absent())?;
    let icon = app.store.icon(&hash).await?.ok_or_else(absent)?;
    let headers = [
        (header::CONTENT_TYPE, "image/png"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::CACHE_CONTROL, "private, max-age=31536000, immutable"),
    ];
    Ok((headers, icon.png).into_response())
}

#[cfg(test)]
mod tests {
    use png::{BitDepth, ColorType, Encoder};

    use super::*;

    /// A PNG of one color, with a text inside.
    fn png(width: u32, height: u32, color_type: ColorType, depth: BitDepth, pixel: &[u8]) -> Vec<u8> {
        let mut png = Vec::new();
        let mut encoder = Encoder::new(&mut png, width, height);
        encoder.set_color(color_type);
        encoder.set_depth(depth);
        encoder.add_text_chunk("Comment".into(), "<script>".into()).expect("a text");
        let mut writer = encoder.write_header().expect("a header");
        writer.write_image_data(&pixel.repeat((width * height) as usize)).expect("pixels");
        drop(writer);
        png
    }

    fn red(side: u32) -> Vec<u8> {
        png(side, side, ColorType::Rgb, BitDepth::Eight, &[255, 0, 0])
    }

    #[test]
    fn what_is_kept_was_written_here_and_has_nothing_but_64_by_64_pixels() {
        let gray = (ColorType::Grayscale, BitDepth::Eight, vec![7], [7, 7, 7, 255]);
        let clear = (ColorType::GrayscaleAlpha, BitDepth::Eight, vec![9, 128], [9, 9, 9, 128]);
        let deep = (ColorType::Rgba, BitDepth::Sixteen, vec![1, 0, 2, 0, 3, 0, 255, 255], [1, 2, 3, 255]);
        for (color_type, depth, pixel, expected) in [gray, clear, deep] {
            for side in [16, 64, 100, 1024] {
                let kept = icon(&png(side, side, color_type, depth, &pixel)).expect("an icon");
                let Picture { width, height, pixels } =
                    Picture::decoded(&kept, Format::Png, |_, _| true).expect("a PNG");
                assert_eq!((width, height), (64, 64));
                assert!(pixels.chunks_exact(4).all(|pixel| pixel == expected), "{color_type:?} {side}");
                assert!(!kept.windows(8).any(|part| part == b"<script>"));
            }
        }
    }

    #[test]
    fn another_format_is_no_icon_whatever_it_is_called() {
        for other in [&b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], b"GIF89a", b"MZ", b"", b"\x89PNG"] {
            assert!(matches!(icon(other), Err(IconError::NotPng)), "{other:?}");
        }
    }

    #[test]
    fn a_size_is_refused_before_anything_is_decoded() {
        for (width, height) in [(15, 15), (1025, 1025), (64, 65)] {
            let upload = png(width, height, ColorType::Grayscale, BitDepth::Eight, &[0]);
            let refused = icon(&upload);
            let (width, height) = (width as usize, height as usize);
            assert!(matches!(refused, Err(IconError::Size(w, h)) if (w, h) == (width, height)));
        }
        // A header alone, which claims 100,000 × 100,000 pixels: 40 GB.
        let mut bomb = red(64)[..33].to_vec();
        bomb[16..24].copy_from_slice(&[0, 1, 0x86, 0xa0, 0, 1, 0x86, 0xa0]);
        let checksum = crc(&bomb[12..29]);
        bomb[29..33].copy_from_slice(&checksum.to_be_bytes());
        assert!(matches!(icon(&bomb), Err(IconError::Size(100_000, 100_000))));
    }

    #[test]
    fn a_cut_or_changed_file_is_refused_at_every_length() {
        let whole = red(64);
        for length in 8..whole.len() {
            assert!(matches!(icon(&whole[..length]), Err(IconError::Damaged(_))), "{length} of {}", whole.len());
        }
        let mut changed = whole;
        let middle = changed.len() / 2;
        changed[middle] ^= 1;
        assert!(matches!(icon(&changed), Err(IconError::Damaged(_))));
    }

    /// CRC-32 as PNG has it (ISO 3309).
    fn crc(bytes: &[u8]) -> u32 {
        !bytes.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg()))
        })
    }
}
