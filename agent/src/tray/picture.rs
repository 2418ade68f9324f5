//! The MSP's own picture: a PNG as the service hands it on, decoded here, where no privilege is at stake.

use std::io::Cursor;

use anyhow::{Context as _, ensure};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use deskbell_protocol::icon::{ICON_PIXELS, MAX_ICON_BYTES};
use png::{BitDepth, ColorType, Decoder, Limits};

/// The pixels of `picture` (a PNG in base64): [`ICON_PIXELS`] wide and high, red, green, blue and opacity.
pub(super) fn pixels(picture: &str) -> anyhow::Result<Vec<u8>> {
    let png = STANDARD.decode(picture).context("reading base64")?;
    let limits = Limits { bytes: 8 * MAX_ICON_BYTES };
    let mut reader = Decoder::new_with_limits(Cursor::new(png), limits).read_info().context("reading a PNG's head")?;
    let is_square = reader.info().size() == (ICON_PIXELS, ICON_PIXELS);
    ensure!(is_square && reader.output_color_type() == (ColorType::Rgba, BitDepth::Eight), "it is of another kind");
    let mut pixels = vec![0; reader.output_buffer_size().context("an icon's size")?];
    reader.next_frame(&mut pixels).context("decoding a PNG")?;
    Ok(pixels)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn picture(side: u32, color_type: ColorType) -> String {
        let mut png = Vec::new();
        let mut encoder = png::Encoder::new(&mut png, side, side);
        encoder.set_color(color_type);
        let pixels = vec![7; side as usize * side as usize * color_type.samples()];
        encoder.write_header().expect("a header").write_image_data(&pixels).expect("pixels");
        STANDARD.encode(png)
    }

    #[test]
    fn a_picture_of_the_one_kind_is_drawn_and_no_other() {
        assert_eq!(pixels(&picture(64, ColorType::Rgba)).expect("pixels"), vec![7; 64 * 64 * 4]);
        let good = picture(64, ColorType::Rgba);
        for bad in
            [&picture(32, ColorType::Rgba), &picture(64, ColorType::Rgb), &good[..good.len() / 2], "PHN2Zz4=", "%"]
        {
            assert!(pixels(bad).is_err(), "{bad:.20}");
        }
    }
}
