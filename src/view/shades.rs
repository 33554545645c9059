//! Colours as numbers: how well one is legible on another, and what of that a terminal can show.

use ratatui::style::Color;

/// How many colours the terminal has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// None: attributes alone (`NO_COLOR`, <https://no-color.org>).
    None,
    /// The sixteen that every terminal's own scheme defines.
    Sixteen,
    /// 256.
    Many,
    /// Every colour there is.
    True,
}

/// Red, green and blue.
pub(super) type Rgb = [u8; 3];

/// On a page that is lighter than this black has more contrast than white.
const MIDDLE: f64 = 0.179;

/// Parts of the way from a wish to black or white that are tried.
const PARTS: u8 = 16;

/// Luminance, from 0 to 1 (WCAG 2.2, "relative luminance").
pub(super) fn luminance(rgb: Rgb) -> f64 {
    let [r, g, b] = rgb.map(|it| {
        let it = f64::from(it) / 255.0;
        if it <= 0.04045 {
            it / 12.92
        } else {
            ((it + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// From 1 to 21 (WCAG 2.2, "contrast ratio").
pub(super) fn contrast(a: Rgb, b: Rgb) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

/// Whether light text is the one that is legible on it.
pub(super) fn is_dark(page: Rgb) -> bool {
    luminance(page) < MIDDLE
}

/// `part` of 16 parts of the way from one colour to another.
pub(super) fn mixed(from: Rgb, to: Rgb, part: u8) -> Rgb {
    std::array::from_fn(|at| {
        let (from, to) = (u16::from(from[at]), u16::from(to[at]));
        let (part, parts) = (u16::from(part.min(PARTS)), u16::from(PARTS));
        ((from * (parts - part) + to * part) / parts) as u8
    })
}

/// `wish` on a page, or the first one on the way from it to white or black that has this contrast.
/// One of the two has a contrast of 4.5 on every page.
pub(super) fn legible(wish: Rgb, page: Rgb, least: f64, depth: Depth) -> Color {
    let end = if is_dark(page) { [255; 3] } else { [0; 3] };
    let mut way = (0..=PARTS).map(|part| nearest(mixed(wish, end, part), depth));
    let found = way.find(|(_, rgb)| contrast(*rgb, page) >= least);
    found.unwrap_or_else(|| nearest(end, depth)).0
}

/// Text that is faded towards its page, by so many sixteenths of the way or as few as it takes to keep
/// this contrast. What has not that much itself stays as it is: dim text must not stand out.
pub(super) fn faded(text: Rgb, page: Rgb, least: f64, most: u8, depth: Depth) -> Color {
    let mut way = (0..=most)
        .rev()
        .map(|part| nearest(mixed(text, page, part), depth));
    let found = way.find(|(_, rgb)| contrast(*rgb, page) >= least);
    found.unwrap_or_else(|| nearest(text, depth)).0
}

/// A colour as the terminal can show it: itself, or the nearest of the 256 that terminals have, which
/// are a cube of six by six by six, and 24 greys. With what it is then.
fn nearest(rgb: Rgb, depth: Depth) -> (Color, Rgb) {
    let [r, g, b] = rgb;
    if depth == Depth::True {
        return (Color::Rgb(r, g, b), rgb);
    }
    let found = (16..=255_u8).min_by_key(|index| {
        let there = indexed(*index);
        let apart = |a: u8, b: u8| u32::from(a.abs_diff(b)).pow(2);
        apart(r, there[0]) + apart(g, there[1]) + apart(b, there[2])
    });
    let index = found.unwrap_or(16);
    (Color::Indexed(index), indexed(index))
}

/// A colour by its number `0xRRGGBB`, as the terminal can show it.
pub(super) fn painted(rgb: u32, depth: Depth) -> Color {
    let [_, r, g, b] = rgb.to_be_bytes();
    nearest([r, g, b], depth).0
}

/// Red, green and blue of one of the 256 colours, from the 16th on.
pub(super) fn indexed(index: u8) -> Rgb {
    if index >= 232 {
        return [8 + 10 * (index - 232); 3];
    }
    let index = index.saturating_sub(16);
    let level = |it: u8| if it == 0 { 0 } else { 55 + 40 * it };
    [index / 36, index / 6 % 6, index % 6].map(level)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contrast_is_measured_as_the_guidelines_say() {
        for (a, b, wanted) in [
            ([0; 3], [255; 3], 21.0),
            ([255; 3], [255; 3], 1.0),
            // Two examples that everybody cites: just enough, and just not.
            ([0x76; 3], [255; 3], 4.54),
            ([0x77; 3], [255; 3], 4.48),
        ] {
            assert!((contrast(a, b) - wanted).abs() < 0.01, "{a:?} {b:?}");
        }
    }

    #[test]
    fn what_is_legible_is_found_on_every_grey() {
        for grey in 0..=255 {
            for depth in [Depth::True, Depth::Many] {
                for wish in [[grey; 3], [200, 40, 40], [90, 170, 250]] {
                    let (found, page) = (legible(wish, [grey; 3], 4.5, depth), [grey; 3]);
                    let rgb = match found {
                        Color::Rgb(r, g, b) => [r, g, b],
                        Color::Indexed(index) => indexed(index),
                        other => panic!("{other:?}"),
                    };
                    assert!(contrast(rgb, page) >= 4.5, "{wish:?} on {grey}: {rgb:?}");
                }
            }
        }
    }

    #[test]
    fn a_wish_that_is_legible_is_granted() {
        let wish = [0x86, 0xB4, 0xE8];
        assert_eq!(
            legible(wish, [0x1B; 3], 4.5, Depth::True),
            Color::Rgb(0x86, 0xB4, 0xE8)
        );
    }
}
