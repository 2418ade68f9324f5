//! The default icon: a blue bell with a white rim, legible on dark and on light panels.

/// Points along each side of a pixel that are looked at, for smooth edges.
const SAMPLES: usize = 4;
/// Width of the white rim, as a part of the icon's.
const RIM: f32 = 0.05;
const BLUE: [f32; 3] = [37.0, 99.0, 235.0];
const WHITE: [f32; 3] = [255.0, 255.0, 255.0];

/// The icon's pixels, row by row, red, green, blue and opacity, `size` pixels wide and high.
pub(super) fn bell(size: usize) -> Vec<u8> {
    (0..size * size).flat_map(|pixel| color(pixel % size, pixel / size, size)).collect()
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "an icon has few pixels, and colors stay within a byte"
)]
fn color(column: usize, row: usize, size: usize) -> [u8; 4] {
    let at = |pixel: usize, sample: usize| (pixel as f32 + (sample as f32 + 0.5) / SAMPLES as f32) / size as f32;
    let mut sum = [0.0_f32; 3];
    let mut covered = 0.0_f32;
    for sample in 0..SAMPLES * SAMPLES {
        if let Some(color) = paint(at(column, sample % SAMPLES), at(row, sample / SAMPLES)) {
            covered += 1.0;
            for (sum, part) in sum.iter_mut().zip(color) {
                *sum += part;
            }
        }
    }
    let mean = |part: f32| if covered > 0.0 { (part / covered).round() as u8 } else { 0 };
    let opacity = (covered / (SAMPLES * SAMPLES) as f32 * 255.0).round() as u8;
    [mean(sum[0]), mean(sum[1]), mean(sum[2]), opacity]
}

fn paint(x: f32, y: f32) -> Option<[f32; 3]> {
    if is_bell(x, y) {
        return Some(BLUE);
    }
    let diagonal = RIM * std::f32::consts::FRAC_1_SQRT_2;
    let around = [
        (RIM, 0.0),
        (-RIM, 0.0),
        (0.0, RIM),
        (0.0, -RIM),
        (diagonal, diagonal),
        (diagonal, -diagonal),
        (-diagonal, diagonal),
        (-diagonal, -diagonal),
    ];
    around.iter().any(|(dx, dy)| is_bell(x + dx, y + dy)).then_some(WHITE)
}

/// Knob, dome, skirt, lip and clapper, in a square from 0 to 1.
fn is_bell(x: f32, y: f32) -> bool {
    let from_middle = (x - 0.5).abs();
    let in_circle = |center: f32, radius: f32| from_middle.hypot(y - center) <= radius;
    let half_width = match y {
        0.16..0.44 => 0.26 * (1.0 - ((0.44 - y) / 0.28).powi(2)).max(0.0).sqrt(),
        0.44..0.70 => 0.26 + 0.10 * ((y - 0.44) / 0.26).powi(2),
        0.70..0.77 => 0.42,
        _ => 0.0,
    };
    from_middle < half_width || in_circle(0.13, 0.07) || (y > 0.81 && in_circle(0.81, 0.12))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_has_a_blue_middle_a_white_rim_and_transparent_corners() {
        let pixels = bell(32);
        let pixel = |column: usize, row: usize| &pixels[(row * 32 + column) * 4..][..4];
        assert_eq!(pixels.len(), 32 * 32 * 4);
        assert_eq!(pixel(16, 16), [37, 99, 235, 255]);
        assert_eq!(pixel(0, 0)[3], 0);
        assert!(pixels.chunks(4).any(|pixel| pixel == [255, 255, 255, 255]));
    }
}
