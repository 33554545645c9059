//! Encoded words in headers (RFC 2047) that are broken: made whole where they can be, else as plain as they are.

use std::borrow::Cow;

use base64::{
    Engine as _,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};

/// The name of a character set is no longer.
const LONGEST_NAME: usize = 40;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// An encoded word, or the beginning of one.
struct Word<'a> {
    /// `=?utf-8?b?`
    opening: &'a str,
    is_utf8: bool,
    is_base64: bool,
    payload: &'a str,
    closed: bool,
}

/// Headers in which no encoded word is broken.
pub(super) fn mended(headers: &str) -> Cow<'_, str> {
    let mut rest = headers;
    let mut out = String::new();
    while let Some(at) = rest.find("=?") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let Some(word) = word(from) else {
            out.push_str("=?");
            rest = &from[2..];
            continue;
        };
        let end = if word.closed { "?=" } else { "" };
        let length = word.opening.len() + word.payload.len() + end.len();
        if word.is_sound() {
            // One that was cut off before its end.
            out.push_str(word.opening);
            out.push_str(word.payload);
            out.push_str("?=");
        } else {
            out.push_str(&word.payload.replace('_', " "));
        }
        rest = &from[length..];
    }
    if out.is_empty() {
        return Cow::Borrowed(headers);
    }
    out.push_str(rest);
    Cow::Owned(out)
}

/// The encoded word that a text begins with.
fn word(text: &str) -> Option<Word<'_>> {
    let inside = text.strip_prefix("=?")?;
    let (charset, after) = inside.split_once('?')?;
    let (encoding, payload) = after.split_once('?')?;
    let is_name = !charset.is_empty()
        && charset.len() <= LONGEST_NAME
        && charset.bytes().all(|it| it.is_ascii_graphic());
    let is_base64 = encoding.eq_ignore_ascii_case("b");
    if !is_name || !(is_base64 || encoding.eq_ignore_ascii_case("q")) {
        return None;
    }
    // Where it is not closed, it ends with the line, and one in words with the word.
    let line = payload.find(['\r', '\n']).unwrap_or(payload.len());
    let closing = payload[..line].find("?=");
    let open_end = payload.find(char::is_whitespace).unwrap_or(payload.len());
    let end = closing.unwrap_or(open_end);
    Some(Word {
        opening: &text[..text.len() - payload.len()],
        is_utf8: charset.to_ascii_lowercase().starts_with("utf-8"),
        is_base64,
        payload: &payload[..end],
        closed: closing.is_some(),
    })
}

impl Word<'_> {
    /// Whether it says something.
    fn is_sound(&self) -> bool {
        let bytes = match self.is_base64 {
            true => LENIENT.decode(self.payload).ok(),
            false => quoted(self.payload),
        };
        bytes.is_some_and(|it| !self.is_utf8 || is_part_of_utf8(&it))
    }
}

/// What is written byte by byte where it is no plain letter; none where a byte is none.
fn quoted(payload: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut rest = payload.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if *first != b'=' {
            bytes.push(*first);
            continue;
        }
        let digits = std::str::from_utf8(rest.get(..2)?).ok()?;
        bytes.push(u8::from_str_radix(digits, 16).ok()?);
        rest = &rest[2..];
    }
    Some(bytes)
}

/// Whether bytes are UTF-8: its first and its last letter may be parted between two words.
fn is_part_of_utf8(bytes: &[u8]) -> bool {
    let inside = bytes.iter().take(3).take_while(|it| **it & 0xc0 == 0x80);
    match std::str::from_utf8(&bytes[inside.count()..]) {
        Ok(_) => true,
        Err(error) => error.error_len().is_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn broken_words_become_whole_or_plain() {
        for (header, want) in [
            ("=?utf-8?b?broken", "broken"),
            ("=?utf-8?b?broken?= tide", "broken tide"),
            ("=?utf-8?b?!no base64!?= tide", "!no base64! tide"),
            ("=?utf-8?q?A_b=ZZ?=", "A b=ZZ"),
            ("=?utf-8?q?M=C3=B6we", "=?utf-8?q?M=C3=B6we?="),
            ("=?utf-8?q?M=C3=B6we?= =?x", "=?utf-8?q?M=C3=B6we?= =?x"),
            // A letter in two words, and what is in another character set.
            (
                "=?utf-8?q?M=C3?= =?utf-8?q?=B6we?=",
                "=?utf-8?q?M=C3?= =?utf-8?q?=B6we?=",
            ),
            ("=?iso-8859-1?q?M=F6we?=", "=?iso-8859-1?q?M=F6we?="),
            ("what=?", "what=?"),
            ("plain", "plain"),
        ] {
            assert_eq!(mended(header), want, "{header}");
        }
    }
}
