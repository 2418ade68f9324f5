//! Pictures brought to another size: each pixel is the mean of the area that it covers.

use super::Picture;

/// The pixels of `picture` as `width` × `height`.
pub(super) fn scaled(picture: &Picture, width: usize, height: usize) -> Vec<u8> {
    (0..width * height).flat_map(|pixel| mean(picture, (width, height), pixel % width, pixel / width)).collect()
}

/// The mean color, in which a pixel that cannot be seen does not count.
fn mean(picture: &Picture, (width, height): (usize, usize), column: usize, row: usize) -> [u8; 4] {
    let (mut color, mut opacity) = ([0; 3], 0);
    for (y, part_of_row) in covered(row, picture.height, height) {
        for (x, part_of_column) in covered(column, picture.width, width) {
            let pixel = &picture.pixels[4 * (y * picture.width + x)..][..4];
            let weight = part_of_row * part_of_column * usize::from(pixel[3]);
            opacity += weight;
            for (sum, part) in color.iter_mut().zip(pixel) {
                *sum += weight * usize::from(*part);
            }
        }
    }
    let [red, green, blue] = color.map(|sum| rounded(sum, opacity));
    [red, green, blue, rounded(opacity, picture.width * picture.height)]
}

/// Which of the source's `side` pixels are below one of the target's `target`, each with how much of it that covers, in parts of
/// `target`.
fn covered(index: usize, side: usize, target: usize) -> impl Iterator<Item = (usize, usize)> {
    let (begin, end) = (index * side, (index + 1) * side);
    (begin / target..end.div_ceil(target))
        .map(move |pixel| (pixel, end.min((pixel + 1) * target) - begin.max(pixel * target)))
}

fn rounded(sum: usize, parts: usize) -> u8 {
    u8::try_from((sum + parts / 2).checked_div(parts).unwrap_or_default()).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PIXELS: usize = 64;

    fn scaled(picture: &[u8], side: usize) -> Vec<u8> {
        super::scaled(&Picture { width: side, height: side, pixels: picture.to_vec() }, PIXELS, PIXELS)
    }

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
