//! Pictures brought to an icon's size: each pixel is the mean of the area that it covers.

use deskbell_protocol::icon::ICON_PIXELS;

const PIXELS: usize = ICON_PIXELS as usize;

/// A square of `side` pixels (red, green, blue, opacity) as one of [`ICON_PIXELS`].
pub(super) fn scaled(picture: &[u8], side: usize) -> Vec<u8> {
    (0..PIXELS * PIXELS).flat_map(|pixel| mean(picture, side, pixel % PIXELS, pixel / PIXELS)).collect()
}

/// The mean color, in which a pixel that cannot be seen does not count.
fn mean(picture: &[u8], side: usize, column: usize, row: usize) -> [u8; 4] {
    let (mut color, mut opacity) = ([0; 3], 0);
    for (y, height) in covered(row, side) {
        for (x, width) in covered(column, side) {
            let pixel = &picture[4 * (y * side + x)..][..4];
            let weight = width * height * usize::from(pixel[3]);
            opacity += weight;
            for (sum, part) in color.iter_mut().zip(pixel) {
                *sum += weight * usize::from(*part);
            }
        }
    }
    let [red, green, blue] = color.map(|sum| rounded(sum, opacity));
    [red, green, blue, rounded(opacity, side * side)]
}

/// The source's pixels below one of the target's, each with how much of it that covers, in 64ths.
fn covered(index: usize, side: usize) -> impl Iterator<Item = (usize, usize)> {
    let (begin, end) = (index * side, (index + 1) * side);
    (begin / PIXELS..end.div_ceil(PIXELS))
        .map(move |pixel| (pixel, end.min((pixel + 1) * PIXELS) - begin.max(pixel * PIXELS)))
}

fn rounded(sum: usize, parts: usize) -> u8 {
    u8::try_from((sum + parts / 2).checked_div(parts).unwrap_or_default()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_that_size_stays_as_it_is() {
        let picture: Vec<u8> =
            (0..=255).cycle().take(PIXELS * PIXELS).flat_map(|part| [part, part / 2, 7, 255]).collect();
        assert_eq!(scaled(&picture, PIXELS), picture);
    }

    #[test]
    fn a_clear_pixel_lends_its_neighbor_no_color() {
        // Columns of red and of clear white, in turn: half as opaque, and still red.
        let row: Vec<u8> = [[255, 0, 0, 255], [255, 255, 255, 0]].repeat(PIXELS).concat();
        let picture = row.repeat(2 * PIXELS);
        assert!(scaled(&picture, 2 * PIXELS).chunks_exact(4).all(|pixel| pixel == [255, 0, 0, 128]));
    }

    #[test]
    fn an_edge_between_two_pixels_is_blended_by_area() {
        // 96 columns, the left half black: target column 31 ends where the black does, 32 begins white.
        let side = 96;
        let row: Vec<u8> = (0..side).flat_map(|x| if x < 48 { [0, 0, 0, 255] } else { [255; 4] }).collect();
        let target = scaled(&row.repeat(side), side);
        let column = |x: usize| target[4 * x];
        assert_eq!((column(31), column(32)), (0, 255));
        // 64 of 80: column 31 covers 38.75 to 40 of the source, 32 begins at 40.
        let row: Vec<u8> = (0..80).flat_map(|x| if x < 39 { [0, 0, 0, 255] } else { [255; 4] }).collect();
        let target = scaled(&row.repeat(80), 80);
        assert_eq!(target[4 * 31], 204);
    }
}
