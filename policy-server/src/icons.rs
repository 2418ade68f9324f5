//! The MSP's icons on their way in (AGT-19): whatever is uploaded, what is kept and given out was written by this server.

mod scale;

use std::io::Cursor;

use anyhow::Context as _;
use axum::{
    body::Bytes,
    http::header,
    response::{IntoResponse as _, Response},
};
use deskbell_protocol::{IconHash, icon::ICON_PIXELS};
use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};

use crate::{app::App, json_body::MAX_JSON_BYTES, problems::Refused, secrets, store::Icon};

/// The largest upload, in bytes.
pub const MAX_UPLOAD_BYTES: usize = MAX_JSON_BYTES;
const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// The smallest and the largest side of an upload, in pixels.
const SIDES: std::ops::RangeInclusive<u32> = 16..=1024;
/// The most memory that decoding may take beside the pixels, in bytes.
const DECODING_BYTES: usize = 8 * 1024 * 1024;

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
    Size(u32, u32),
    /// It cannot be decoded.
    #[error("is a damaged PNG: {0}")]
    Damaged(#[from] png::DecodingError),
    /// The server is at fault.
    #[error(transparent)]
    Failed(anyhow::Error),
}

/// An upload as it is kept: a PNG of [`ICON_PIXELS`] with nothing but its pixels.
pub fn icon(upload: &[u8]) -> Result<Vec<u8>, IconError> {
    let (pixels, side) = decoded(upload)?;
    encoded(&scale::scaled(&pixels, side)).map_err(IconError::Failed)
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

/// The pixels as red, green, blue and opacity, and how many there are on each side.
fn decoded(upload: &[u8]) -> Result<(Vec<u8>, usize), IconError> {
    if !upload.starts_with(SIGNATURE) {
        return Err(IconError::NotPng);
    }
    let mut decoder = Decoder::new_with_limits(Cursor::new(upload), Limits { bytes: DECODING_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let (width, height) = decoder.read_header_info()?.size();
    if width != height || !SIDES.contains(&width) {
        return Err(IconError::Size(width, height));
    }
    let mut reader = decoder.read_info()?;
    let size = reader.output_buffer_size().context("an icon's size").map_err(IconError::Failed)?;
    let mut pixels = vec![0; size];
    let frame = reader.next_frame(&mut pixels)?;
    pixels.truncate(frame.buffer_size());
    // The last chunks too, so that a file that was cut off is not taken.
    reader.finish()?;
    if frame.color_type == ColorType::GrayscaleAlpha {
        pixels = pixels.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect();
    }
    Ok((pixels, frame.width as usize))
}

fn encoded(pixels: &[u8]) -> anyhow::Result<Vec<u8>> {
    let mut png = Vec::new();
    let mut encoder = Encoder::new(&mut png, ICON_PIXELS, ICON_PIXELS);
    encoder.set_color(ColorType::Rgba);
    encoder.set_depth(BitDepth::Eight);
    encoder.write_header()?.write_image_data(pixels)?;
    Ok(png)
}

#[cfg(test)]
mod tests {
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
                let (pixels, kept_side) = decoded(&kept).expect("a PNG");
                assert_eq!(kept_side, 64);
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
            assert!(matches!(icon(&upload), Err(IconError::Size(w, h)) if (w, h) == (width, height)));
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
        for length in SIGNATURE.len()..whole.len() {
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
