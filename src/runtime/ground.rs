//! What the terminal's page and text look like: asked for, and waited for by nobody. Until it
//! answers, colours are those that show on any page.

use crate::view::Background;

/// The colours of text and page (OSC 10 and 11, xterm's "Operating System Commands"). Ended by BEL:
/// rxvt answers a question that is ended otherwise with half an end.
pub(super) const QUESTIONS: &str = "\x1b]10;?\x07\x1b]11;?\x07";

/// Have it told when the scheme changes (DEC private mode 2031), and no longer.
pub(super) const FOLLOW: &str = "\x1b[?2031h";
pub(super) const FOLLOW_NO_MORE: &str = "\x1b[?2031l";

/// Something that the terminal said of its colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Red, green and blue of its page.
    Page([u8; 3]),
    /// Of the text on it.
    Text([u8; 3]),
    /// It has another scheme now, a dark one or a light one.
    Scheme {
        /// Whether light text stands on dark.
        dark: bool,
    },
}

/// What was said so far.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ground {
    page: Option<[u8; 3]>,
    text: Option<[u8; 3]>,
}

impl Ground {
    /// Takes what was said; gives what the text stands on now.
    pub fn take(&mut self, told: Told) -> Background {
        match told {
            Told::Page(page) => self.page = Some(page),
            Told::Text(text) => self.text = Some(text),
            Told::Scheme { dark } => {
                *self = Ground::default();
                return match dark {
                    true => Background::Dark,
                    false => Background::Light,
                };
            }
        }
        match self.page {
            Some(page) => Background::Told {
                page,
                text: self.text,
            },
            None => Background::Unknown,
        }
    }
}

/// What an answer to one of the questions says, from behind `ESC ]` to its end.
pub(super) fn told(answer: &str) -> Option<Told> {
    let (number, said) = answer.split_once(';')?;
    // Of one that answers for several at once the first is meant.
    let rgb = colour(said.split(';').next()?)?;
    match number {
        "10" => Some(Told::Text(rgb)),
        "11" => Some(Told::Page(rgb)),
        _ => None,
    }
}

/// A colour as X writes it (XParseColor(3)): `rgb:` and one to four hexadecimal digits for each of
/// the three, `rgba:` with a fourth, or all digits in a row behind `#`.
fn colour(said: &str) -> Option<[u8; 3]> {
    if let Some(digits) = said.strip_prefix('#') {
        let each = digits.len() / 3;
        if each * 3 != digits.len() {
            return None;
        }
        let part = |at: usize| level(digits.get(at * each..(at + 1) * each)?);
        return Some([part(0)?, part(1)?, part(2)?]);
    }
    let (parts, count) = match said.strip_prefix("rgba:") {
        Some(parts) => (parts, 4),
        None => (said.strip_prefix("rgb:")?, 3),
    };
    let parts: Vec<u8> = parts.split('/').map(level).collect::<Option<_>>()?;
    match parts[..] {
        [r, g, b, ..] if parts.len() == count => Some([r, g, b]),
        _ => None,
    }
}

/// One to four hexadecimal digits, as part of the most that they can say.
fn level(digits: &str) -> Option<u8> {
    let most = match digits.len() {
        1 => 0xF,
        2 => 0xFF,
        3 => 0xFFF,
        4 => 0xFFFF,
        _ => return None,
    };
    if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let level = u32::from_str_radix(digits, 16).ok()?;
    u8::try_from((level * 255 + most / 2) / most).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_read_in_every_form() {
        for (answer, wanted) in [
            ("11;rgb:ffff/ffff/ffff", Some(Told::Page([255; 3]))),
            ("11;rgb:0000/2b2b/3636", Some(Told::Page([0, 0x2B, 0x36]))),
            ("10;rgb:83/94/96", Some(Told::Text([0x83, 0x94, 0x96]))),
            ("11;rgb:f/0/8", Some(Told::Page([255, 0, 136]))),
            ("11;rgb:fff/000/800", Some(Told::Page([255, 0, 128]))),
            (
                "11;rgba:1e1e/1e1e/2e2e/cccc",
                Some(Told::Page([0x1E, 0x1E, 0x2E])),
            ),
            ("11;#fff", Some(Told::Page([255; 3]))),
            ("11;#FDF6E3", Some(Told::Page([0xFD, 0xF6, 0xE3]))),
            ("11;#fdfdf6f6e3e3", Some(Told::Page([0xFD, 0xF6, 0xE3]))),
            ("10;rgb:0/0/0;rgb:f/f/f", Some(Told::Text([0; 3]))),
            ("12;rgb:0/0/0", None),
            ("11;rgb:0/0", None),
            ("11;rgb:0/0/0/0", None),
            ("11;rgb:00000/0/0", None),
            ("11;rgb:+f/0/0", None),
            ("11;rgb://", None),
            ("11;#", None),
            ("11;#ffff", None),
            ("11;#ééé", None),
            ("11;white", None),
            ("11", None),
            ("", None),
        ] {
            assert_eq!(told(answer), wanted, "{answer:?}");
        }
    }

    #[test]
    fn a_new_scheme_makes_what_was_said_before_worthless() {
        let mut ground = Ground::default();
        assert_eq!(ground.take(Told::Text([1; 3])), Background::Unknown);
        let page = [9; 3];
        let told = |text| Background::Told { page, text };
        assert_eq!(ground.take(Told::Page(page)), told(Some([1; 3])));
        let scheme = Told::Scheme { dark: false };
        assert_eq!(ground.take(scheme), Background::Light);
        assert_eq!(ground.take(Told::Page(page)), told(None));
    }
}
