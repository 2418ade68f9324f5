//! Pictures that somebody uploads: decoded within limits, brought to a size, and written anew with nothing but their pixels.

mod scale;

use std::io::Cursor;

use anyhow::Context as _;
use png::{BitDepth, ColorType, Decoder, Encoder, Limits, Transformations};
use zune_jpeg::{
    JpegDecoder,
    zune_core::{bytestream::ZCursor, colorspace::ColorSpace, options::DecoderOptions},
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Start of image, and the begin of the next marker (ITU-T T.81, B.1.1.3).
const JPEG: &[u8] = b"\xff\xd8\xff";
/// The most memory that decoding may take beside the pixels, in bytes.
const DECODING_BYTES: usize = 8 * 1024 * 1024;

/// Red, green, blue and opacity of each pixel, row by row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// In pixels.
    pub width: usize,
    /// In pixels.
    pub height: usize,
    /// Four bytes each.
    pub pixels: Vec<u8>,
}

/// What a picture's first bytes say it is, whatever it is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// PNG.
    Png,
    /// JPEG.
    Jpeg,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum PictureError {
    /// So wide and so high, which `fits` refused; nothing of it was decoded.
    #[error("is {0} × {1} pixels")]
    Size(usize, usize),
    /// It cannot be decoded.
    #[error("{0}")]
    Damaged(String),
}

impl Format {
    /// Of an upload; absent: something else.
    pub fn of(upload: &[u8]) -> Option<Self> {
        if upload.starts_with(PNG) {
            Some(Self::Png)
        } else if upload.starts_with(JPEG) {
            Some(Self::Jpeg)
        } else {
            None
        }
    }
}

impl Picture {
    /// Of a PNG or a JPEG whose width and height `fits`.
    pub fn decoded(upload: &[u8], format: Format, fits: impl Fn(usize, usize) -> bool) -> Result<Self, PictureError> {
        match format {
            Format::Png => decoded_png(upload, fits),
            Format::Jpeg => decoded_jpeg(upload, fits),
        }
    }

    /// The same in another size: each pixel is the mean of the area that it covers.
    #[must_use]
    pub fn scaled(&self, width: usize, height: usize) -> Self {
        Self { width, height, pixels: scale::scaled(self, width, height) }
    }

    /// As a PNG.
    pub fn png(&self) -> anyhow::Result<Vec<u8>> {
        let mut png = Vec::new();
        let mut encoder = Encoder::new(&mut png, u32::try_from(self.width)?, u32::try_from(self.height)?);
        encoder.set_color(ColorType::Rgba);
        encoder.set_depth(BitDepth::Eight);
        encoder.set_compression(png::Compression::High);
        encoder.write_header()?.write_image_data(&self.pixels)?;
        Ok(png)
    }
}

fn decoded_png(upload: &[u8], fits: impl Fn(usize, usize) -> bool) -> Result<Picture, PictureError> {
    let damaged = |error: png::DecodingError| PictureError::Damaged(format!("is a damaged PNG: {error}"));
    let mut decoder = Decoder::new_with_limits(Cursor::new(upload), Limits { bytes: DECODING_BYTES });
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    decoder.set_transformations(Transformations::normalize_to_color8() | Transformations::ALPHA);
    let (width, height) = decoder.read_header_info().map_err(damaged)?.size();
    let (width, height) = (width as usize, height as usize);
    if !fits(width, height) {
        return Err(PictureError::Size(width, height));
    }
    let mut reader = decoder.read_info().map_err(damaged)?;
    let size = reader.output_buffer_size().context("a PNG's size");
    let mut pixels = vec![0; size.map_err(|error| PictureError::Damaged(error.to_string()))?];
    let frame = reader.next_frame(&mut pixels).map_err(damaged)?;
    pixels.truncate(frame.buffer_size());
    // The last chunks too, so that a file that was cut off is not taken.
    reader.finish().map_err(damaged)?;
    if frame.color_type == ColorType::GrayscaleAlpha {
        pixels = pixels.chunks_exact(2).flat_map(|pixel| [pixel[0], pixel[0], pixel[0], pixel[1]]).collect();
    }
    Ok(Picture { width, height, pixels })
}

fn decoded_jpeg(upload: &[u8], fits: impl Fn(usize, usize) -> bool) -> Result<Picture, PictureError> {
    let damaged = |error: zune_jpeg::errors::DecodeErrors| PictureError::Damaged(format!("is a damaged JPEG: {error}"));
    let options = DecoderOptions::new_safe().set_strict_mode(true).jpeg_set_out_colorspace(ColorSpace::RGBA);
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(upload), options);
    decoder.decode_headers().map_err(damaged)?;
    let (width, height) = decoder.dimensions().ok_or_else(|| PictureError::Damaged("is a damaged JPEG".into()))?;
    if !fits(width, height) {
        return Err(PictureError::Size(width, height));
    }
    let pixels = decoder.decode().map_err(damaged)?;
    if pixels.len() == width * height * 4 {
        Ok(Picture { width, height, pixels })
    } else {
        Err(PictureError::Damaged("is a JPEG of colors that are not taken; save it as RGB".into()))
    }
}
