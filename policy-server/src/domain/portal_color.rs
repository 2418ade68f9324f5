//! Colors that stay legible, whichever pair an MSP chooses: WCAG 2.2, contrast of text (4.5 to 1) and of controls (3 to 1).

/// The least contrast of text.
pub const TEXT: f64 = 4.5;
/// The least contrast of what can be chosen, and of the ring around what has the focus.
pub const CONTROL: f64 = 3.0;

/// A color as red, green and blue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub [u8; 3]);

impl Rgb {
    /// Black.
    pub const BLACK: Self = Self([0; 3]);
    /// White.
    pub const WHITE: Self = Self([255; 3]);

    /// Of `#rrggbb`; black where it is something else.
    pub fn of(color: &str) -> Self {
        let channel = |at: usize| color.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
        Self([channel(1), channel(3), channel(5)].map(Option::unwrap_or_default))
    }

    /// As `#rrggbb`.
    pub fn hex(self) -> String {
        let Self([red, green, blue]) = self;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// Black or white, whichever has the greater contrast on this: at least 4.58 on any color.
    #[must_use]
    pub fn readable(self) -> Self {
        if contrast(self, Self::BLACK) > contrast(self, Self::WHITE) { Self::BLACK } else { Self::WHITE }
    }

    /// This color, made as much lighter or darker as it takes for `least` contrast on each of `grounds`, which are all light or
    /// all dark.
    #[must_use]
    pub fn legible_on(self, grounds: &[Self], least: f64) -> Self {
        let fits = |color: Self| grounds.iter().all(|ground| contrast(color, *ground) >= least);
        let end = grounds.first().map_or(Self::BLACK, |ground| ground.readable());
        let steps = (0..=20).map(|step| self.mixed(end, f64::from(step) / 20.0));
        steps.into_iter().find(|color| fits(*color)).unwrap_or(end)
    }

    fn mixed(self, other: Self, part: f64) -> Self {
        let channel = |at: usize| {
            let (from, to) = (f64::from(self.0[at]), f64::from(other.0[at]));
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between two bytes")]
            let value = (to - from).mul_add(part, from).round() as u8;
            value
        };
        Self([channel(0), channel(1), channel(2)])
    }

    /// WCAG 2.2, "relative luminance".
    fn luminance(self) -> f64 {
        let [red, green, blue] = self.0.map(|value| {
            let value = f64::from(value) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.0722f64.mul_add(blue, 0.2126f64.mul_add(red, 0.7152 * green))
    }
}

/// WCAG 2.2, "contrast ratio": from 1 to 21.
pub fn contrast(one: Rgb, other: Rgb) -> f64 {
    let (one, other) = (one.luminance() + 0.05, other.luminance() + 0.05);
    one.max(other) / one.min(other)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_on_a_color_is_black_or_white_whichever_is_easier_to_read() {
        for (color, text) in
            [("#ffffff", "#000000"), ("#000000", "#ffffff"), ("#1f4e79", "#ffffff"), ("#ffd400", "#000000")]
        {
            assert_eq!(Rgb::of(color).readable().hex(), text, "{color}");
        }
    }

    #[test]
    fn a_color_that_can_be_read_stays_as_it_is() {
        let (blue, white) = (Rgb::of("#0b5cad"), [Rgb::WHITE]);
        assert_eq!(blue.legible_on(&white, TEXT), blue);
        assert_ne!(Rgb::of("#ffe000").legible_on(&white, TEXT), Rgb::of("#ffe000"));
        assert!((contrast(Rgb::BLACK, Rgb::WHITE) - 21.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn every_color_is_legible_on_light_and_on_dark(color: [u8; 3]) {
            for grounds in [["#f5f7f9", "#ffffff"], ["#14181d", "#1d232a"]] {
                let grounds = grounds.map(Rgb::of);
                for least in [TEXT, CONTROL] {
                    let made = Rgb(color).legible_on(&grounds, least);
                    prop_assert!(grounds.iter().all(|ground| contrast(made, *ground) >= least), "{}", made.hex());
                }
            }
            prop_assert!(contrast(Rgb(color), Rgb(color).readable()) >= TEXT);
        }
    }
}
