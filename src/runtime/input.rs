//! What the terminal sends, taken apart: keys, pasted text, and its answers to questions.
//!
//! Answers come between keys and whenever they like, so whoever reads the keys has to know them: an
//! answer that is taken for keys would do something.

use std::time::Duration;

use super::ground::{self, Told};
use crate::{
    app::key::{Code, Key},
    story::clean,
};

/// What a terminal sends for one key comes together; what follows later is something else.
const TOGETHER: Duration = Duration::from_millis(25);

/// What has begun as no key does is an answer: its rest may be on its way through a slow network.
const REST: Duration = Duration::from_secs(1);

/// An answer that goes on for longer is none.
const LONGEST_ANSWER: usize = 4096;

/// Ends what is pasted.
const PASTE_END: &[u8] = b"\x1b[201~";

/// Something that the terminal sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Input {
    Key(Key),
    Paste(String),
    Answer(Answer),
}

/// An answer to a question of [`graphics`](super::graphics) or [`ground`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Answer {
    /// The terminal's name and version.
    Name(String),
    /// It knows kitty's protocol for pictures.
    Kitty,
    /// Width and height of a cell in pixels.
    Cell(u16, u16),
    /// What it can do, every terminal answers this; whether sixel is part of it.
    Attributes { sixel: bool },
    /// What it says of its colours.
    Colour(Told),
}

/// Bytes that are not understood yet.
#[derive(Debug, Default)]
pub(super) struct Decoder {
    bytes: Vec<u8>,
}

/// What the first bytes are.
enum First {
    /// The beginning of something.
    Part,
    /// So many bytes, with what they say, if anything.
    Whole(usize, Option<Input>),
}

impl Decoder {
    /// Takes bytes, gives what they say.
    pub fn push(&mut self, bytes: &[u8]) -> Vec<Input> {
        self.bytes.extend_from_slice(bytes);
        let mut all = Vec::new();
        while let First::Whole(count, input) = first(&self.bytes) {
            self.bytes.drain(..count.min(self.bytes.len()));
            all.extend(input);
        }
        all
    }

    /// Whether something was begun: nothing may follow, for Escape begins the codes of other keys.
    fn waits(&self) -> bool {
        !self.bytes.is_empty() && !self.bytes.starts_with(b"\x1b[200~")
    }

    /// How long the rest of what was begun may take, if anything was.
    pub fn patience(&self) -> Option<Duration> {
        let patience = match is_answer(&self.bytes) {
            true => REST,
            false => TOGETHER,
        };
        self.waits().then_some(patience)
    }

    /// Nothing follows: what was begun was keys.
    pub fn end(&mut self) -> Vec<Input> {
        let mut all = Vec::new();
        while self.waits() {
            let bytes = std::mem::take(&mut self.bytes);
            let (count, input) = match bytes[..] {
                // Of an answer that was broken off nothing is a key.
                _ if is_answer(&bytes) => (bytes.len(), None),
                [0x1B] => (1, Some(plain(Code::Esc))),
                [0x1B, letter, ..] => (2, Some(alt(control_or_letter(letter)))),
                _ => (1, None),
            };
            all.extend(input);
            all.extend(self.push(&bytes[count..]));
        }
        all
    }
}

/// Whether bytes begin as answers do and nothing does that comes from the keyboard in one piece.
fn is_answer(bytes: &[u8]) -> bool {
    match bytes {
        [0x1B, b'[', first, ..] => matches!(first, b'?' | b'>' | b'0'..=b'9'),
        [0x1B, b']', first, ..] => first.is_ascii_digit(),
        [0x1B, b'P', first, ..] => matches!(first, b'>' | b'!' | b'0'..=b'9'),
        [0x1B, b'_', first, ..] => *first == b'G',
        _ => false,
    }
}

fn plain(code: Code) -> Input {
    Input::Key(Key {
        code,
        ctrl: false,
        alt: false,
    })
}

fn alt(input: Input) -> Input {
    match input {
        Input::Key(key) => Input::Key(Key { alt: true, ..key }),
        other => other,
    }
}

fn ctrl(letter: u8) -> Input {
    Input::Key(Key {
        code: Code::Char(letter.into()),
        ctrl: true,
        alt: false,
    })
}

fn control_or_letter(byte: u8) -> Input {
    match byte {
        b'\r' => plain(Code::Enter),
        b'\t' => plain(Code::Tab),
        0x7F => plain(Code::Backspace),
        0x1B => plain(Code::Esc),
        0 => ctrl(b' '),
        0x01..=0x1A => ctrl(byte - 1 + b'a'),
        0x1C..=0x1F => ctrl(byte - 0x1C + b'4'),
        letter => plain(Code::Char(letter.into())),
    }
}

fn first(bytes: &[u8]) -> First {
    match bytes {
        [] | [0x1B] => First::Part,
        [0x1B, b'[', rest @ ..] => control(rest),
        [0x1B, b'O', rest @ ..] => match rest {
            [] => First::Part,
            [last, ..] => First::Whole(3, named(*last).map(plain)),
        },
        [0x1B, kind @ (b'P' | b']' | b'_' | b'^' | b'X'), rest @ ..] => text(*kind, rest),
        [0x1B, 0x1B, ..] => First::Whole(1, Some(plain(Code::Esc))),
        [0x1B, rest @ ..] => match first(rest) {
            First::Whole(count, input) => First::Whole(count + 1, input.map(alt)),
            First::Part => First::Part,
        },
        [byte, ..] if byte.is_ascii() => First::Whole(1, Some(control_or_letter(*byte))),
        [lead, ..] => {
            let length = match lead {
                0xC2..=0xDF => 2,
                0xE0..=0xEF => 3,
                0xF0..=0xF4 => 4,
                _ => return First::Whole(1, None),
            };
            match bytes.get(..length).map(std::str::from_utf8) {
                None => First::Part,
                Some(Ok(letter)) => {
                    First::Whole(length, letter.chars().next().map(|c| plain(Code::Char(c))))
                }
                Some(Err(_)) => First::Whole(1, None),
            }
        }
    }
}

/// The key with this letter at the end of its code.
fn named(last: u8) -> Option<Code> {
    Some(match last {
        b'A' => Code::Up,
        b'B' => Code::Down,
        b'C' => Code::Right,
        b'D' => Code::Left,
        b'H' => Code::Home,
        b'F' => Code::End,
        b'Z' => Code::BackTab,
        b'M' => Code::Enter,
        _ => return None,
    })
}

/// What stands behind `ESC [` (ECMA-48, 5.4).
fn control(rest: &[u8]) -> First {
    let Some(length) = rest.iter().position(|byte| !(0x20..=0x3F).contains(byte)) else {
        return match rest.len() {
            0..LONGEST_ANSWER => First::Part,
            more => First::Whole(more + 2, None),
        };
    };
    let (given, last) = (&rest[..length], rest[length]);
    let whole = length + 3;
    let Ok(given) = std::str::from_utf8(given) else {
        return First::Whole(whole, None);
    };
    let numbers: Vec<u16> = given
        .trim_start_matches('?')
        .split(';')
        .map(|number| number.parse().unwrap_or(0))
        .collect();
    let number = |index: usize| numbers.get(index).copied().unwrap_or(0);
    let with_modifiers = |code: Code| {
        let held = number(1).saturating_sub(1);
        Some(Input::Key(Key {
            code,
            ctrl: held & 4 != 0,
            alt: held & 2 != 0,
        }))
    };
    let input = match (last, number(0)) {
        (b'~', 200) => {
            let text = &rest[length + 1..];
            let end = text.windows(PASTE_END.len()).position(|it| it == PASTE_END);
            return match end {
                None => First::Part,
                Some(end) => {
                    let pasted = String::from_utf8_lossy(&text[..end]).into_owned();
                    First::Whole(whole + end + PASTE_END.len(), Some(Input::Paste(pasted)))
                }
            };
        }
        (b'~', 1 | 7) => with_modifiers(Code::Home),
        (b'~', 4 | 8) => with_modifiers(Code::End),
        (b'~', 3) => with_modifiers(Code::Delete),
        (b'~', 5) => with_modifiers(Code::PageUp),
        (b'~', 6) => with_modifiers(Code::PageDown),
        (b't', 6) => Some(Input::Answer(Answer::Cell(number(2), number(1)))),
        (b'c', _) if given.starts_with('?') => Some(Input::Answer(Answer::Attributes {
            sixel: numbers.iter().skip(1).any(|number| *number == 4),
        })),
        (b'n', 997) if given.starts_with('?') => {
            let dark = number(1) == 1;
            Some(Input::Answer(Answer::Colour(Told::Scheme { dark })))
        }
        // Linux' own console has its function keys so.
        (b'[', _) => {
            return if rest.len() > 1 {
                First::Whole(4, None)
            } else {
                First::Part
            };
        }
        (b'A'..=b'Z', _) if given.is_empty() || given.starts_with("1;") => {
            named(last).and_then(with_modifiers)
        }
        (0x40..=0x7E, _) => None,
        // This is no part of a code: what was begun is given up.
        _ => return First::Whole(whole - 1, None),
    };
    First::Whole(whole, input)
}

/// What stands behind the beginning of a text (ECMA-48, 5.6).
fn text(kind: u8, rest: &[u8]) -> First {
    let end = rest.iter().position(|byte| matches!(byte, 0x07 | 0x1B));
    let (end, whole) = match end {
        None if rest.len() < LONGEST_ANSWER => return First::Part,
        Some(end) if rest[end] == 0x07 => (end, end + 3),
        Some(end) => match rest.get(end + 1) {
            None => return First::Part,
            Some(b'\\') => (end, end + 4),
            Some(_) => return First::Whole(2, Some(alt(control_or_letter(kind)))),
        },
        None => return First::Whole(2, Some(alt(control_or_letter(kind)))),
    };
    let said = String::from_utf8_lossy(&rest[..end]);
    let answer = match kind {
        b'P' => said
            .strip_prefix(">|")
            .map(|name| Answer::Name(clean::line(name))),
        b'_' if said.starts_with("Gi=31;OK") => Some(Answer::Kitty),
        b']' => ground::told(&said).map(Answer::Colour),
        _ => None,
    };
    First::Whole(whole, answer.map(Input::Answer))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(bytes: &[u8]) -> Vec<String> {
        let mut decoder = Decoder::default();
        let mut all = decoder.push(bytes);
        all.extend(decoder.end());
        all.into_iter()
            .map(|input| match input {
                Input::Key(key) => key.to_string(),
                other => format!("{other:?}"),
            })
            .collect()
    }

    #[test]
    fn keys_are_known_by_their_codes() {
        for (bytes, names) in [
            (&b"jG "[..], "j G space"),
            (b"\r\t\x7f\x03\x1c", "enter tab backspace ctrl-c ctrl-4"),
            (b"\x1b[A\x1bOB\x1b[C\x1b[D", "up down right left"),
            (
                b"\x1b[H\x1b[4~\x1b[5~\x1b[6~\x1b[3~",
                "home end pgup pgdn del",
            ),
            (
                b"\x1b[1;3C\x1b[1;5A\x1b[Z\x1bx",
                "alt-right ctrl-up shift-tab alt-x",
            ),
            ("日ß".as_bytes(), "日 ß"),
            (b"\x1b", "esc"),
            (b"\x1b\x1b[B", "esc down"),
            (b"\x1b_", "alt-_"),
            (b"\x1bPjk", "alt-P j k"),
            (b"\x1b[M", "enter"),
            // The beginning of an answer whose end is lost, and what is typed after it.
            (b"\x1b]11;rgb:ff", ""),
            (b"\x1b[?62;4", ""),
            (b"\x1b]j", "alt-] j"),
            // Nothing that recto knows, and nothing that is left over.
            (b"\x1b[[Aj\x1b[15~k\x1b[?1;2$yl\xff\xc3", "j k l"),
        ] {
            let found: Vec<_> = keys(bytes)
                .into_iter()
                .map(|it| it.to_lowercase())
                .collect();
            let names = names.to_lowercase();
            let wanted: Vec<_> = names.split(' ').filter(|it| !it.is_empty()).collect();
            assert_eq!(found, wanted, "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn answers_are_no_keys_however_they_are_cut() {
        let sent = b"j\x1bP>|kitty(0.35)\x1b\\\x1b_Gi=31;OK\x1b\\k\x1b[6;20;10t\x1b]10;rgb:0/0/0\x07\x1b]11;rgb:ffff/ffff/eeee\x1b\\\x1b[?62;4;22cG\x1b[?997;2n\x1b[200~a\nb\x1b[201~l";
        let key = |c| plain(Code::Char(c));
        let wanted = vec![
            key('j'),
            Input::Answer(Answer::Name("kitty(0.35)".to_owned())),
            Input::Answer(Answer::Kitty),
            key('k'),
            Input::Answer(Answer::Cell(10, 20)),
            Input::Answer(Answer::Colour(Told::Text([0; 3]))),
            Input::Answer(Answer::Colour(Told::Page([255, 255, 238]))),
            Input::Answer(Answer::Attributes { sixel: true }),
            key('G'),
            Input::Answer(Answer::Colour(Told::Scheme { dark: false })),
            Input::Paste("a\nb".to_owned()),
            key('l'),
        ];
        for size in 1..sent.len() {
            let mut decoder = Decoder::default();
            let found: Vec<_> = sent
                .chunks(size)
                .flat_map(|part| decoder.push(part))
                .collect();
            assert_eq!(found, wanted, "in parts of {size}");
        }
    }

    #[test]
    fn answers_may_take_their_time_and_keys_may_not() {
        for (begun, patience) in [
            (&b""[..], None),
            (b"j", None),
            (b"\x1b", Some(TOGETHER)),
            (b"\x1b]", Some(TOGETHER)),
            (b"\x1b]1", Some(REST)),
            (b"\x1b]11;rgb:ff/ff", Some(REST)),
            (b"\x1b[?62", Some(REST)),
            (b"\x1bP>|xter", Some(REST)),
            (b"\x1b_Gi=3", Some(REST)),
            (b"\x1b]j", Some(TOGETHER)),
        ] {
            let mut decoder = Decoder::default();
            decoder.push(begun);
            assert_eq!(decoder.patience(), patience, "{begun:?}");
        }
    }
}
