//! Bytes to text, whatever encoding they are in.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// How much of a file the guess of its encoding looks at.
const SAMPLE: usize = 64 * 1024;
/// Where a file's nature shows: NULs there make it binary, or UTF-16.
const OPENING: usize = 8 * 1024;

/// Decodes bytes; never fails, since what fits no encoding becomes U+FFFD.
///
/// In this order: a byte order mark (UTF-8, UTF-16; it is dropped), UTF-16 told by the NULs of its
/// ASCII, valid UTF-8, UTF-8 with a few errors, and else what [`chardetng`] makes of it, as
/// browsers do (windows-1252 where nothing speaks for another). `whole` says whether the bytes are
/// all there are: a character cut off at the end of a part is left out without a sign.
pub fn text(bytes: &[u8], whole: bool) -> Cow<'_, str> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let bytes = bytes.get(mark..).unwrap_or_default();
        return if encoding == encoding_rs::UTF_8 {
            utf_8(bytes, whole).unwrap_or_else(|| String::from_utf8_lossy(bytes))
        } else {
            utf_16(encoding, bytes)
        };
    }
    if let Some(encoding) = utf_16_by_nuls(bytes) {
        return utf_16(encoding, bytes);
    }
    utf_8(bytes, whole).unwrap_or_else(|| guess(bytes))
}

/// The same of bytes that may be given away: those that are a text already are not copied.
pub fn owned(bytes: Cow<'_, [u8]>, whole: bool) -> Cow<'_, str> {
    match bytes {
        Cow::Borrowed(bytes) => text(bytes, whole),
        Cow::Owned(bytes) => {
            let decoded = match text(&bytes, whole) {
                Cow::Borrowed(same) if same.len() == bytes.len() => None,
                other => Some(other.into_owned()),
            };
            let same = |bytes| String::from_utf8(bytes).unwrap_or_default();
            Cow::Owned(decoded.unwrap_or_else(|| same(bytes)))
        }
    }
}

/// What these bytes are, in words, when they are no text: told by how known formats begin, and by
/// NULs near the beginning, which text has in UTF-16 only.
pub fn binary(bytes: &[u8]) -> Option<&'static str> {
    known(bytes).or_else(|| (!is_wide(bytes) && opening(bytes).contains(&0)).then_some(BINARY))
}

/// The same for bytes whose name says that they are a text: a few NULs or control characters are
/// damage, and what begins with the letters of a format may be a text about it.
pub fn surely_binary(bytes: &[u8]) -> Option<&'static str> {
    if is_wide(bytes) {
        return None;
    }
    let opening = opening(bytes);
    // Escape, bell and backspace are what recordings of terminals are full of.
    let strange = |byte: &u8| {
        let control = (*byte < 0x20) | (*byte == 0x7F);
        u8::from(control & !(7..=13).contains(byte) & (*byte != 0x1B))
    };
    // No sum of so few is too large for a byte: the processor adds many at a time.
    let parts = opening.chunks(usize::from(u8::MAX));
    let sums = parts.map(|part| part.iter().map(strange).sum::<u8>());
    let strange: usize = sums.map(usize::from).sum();
    let letters = |byte: &u8| (b' '..=b'~').contains(byte);
    let begins_as_text = opening.iter().take(4).all(letters);
    match known(bytes) {
        Some(what) if !begins_as_text || strange > 0 || guessed(opening) => Some(what),
        // In compressed data every tenth byte is such a one.
        _ => (strange > 8 && strange * 16 > opening.len()).then_some(BINARY),
    }
}

const BINARY: &str = "this is binary data";

fn opening(bytes: &[u8]) -> &[u8] {
    bytes.get(..bytes.len().min(OPENING)).unwrap_or_default()
}

/// Whether a mark or NULs say that each character has two bytes or more.
fn is_wide(bytes: &[u8]) -> bool {
    Encoding::for_bom(bytes).is_some() || utf_16_by_nuls(bytes).is_some()
}

/// Whether bytes are in no encoding that can be told without guessing.
fn guessed(bytes: &[u8]) -> bool {
    utf_8(bytes, false).is_none()
}

/// What begins as these bytes do.
fn known(bytes: &[u8]) -> Option<&'static str> {
    const KNOWN: [(&[u8], &str); 11] = [
        (b"%PDF-", "this is a PDF document"),
        (
            b"PK\x03\x04",
            "this is a ZIP archive (an EPUB, perhaps, or an office document)",
        ),
        (b"\x1f\x8b", "this is compressed by gzip"),
        (b"\x28\xb5\x2f\xfd", "this is compressed by zstd"),
        (b"BZh", "this is compressed by bzip2"),
        (b"\xfd7zXZ", "this is compressed by xz"),
        (b"\x89PNG", "this is a PNG picture"),
        (b"\xff\xd8\xff", "this is a JPEG picture"),
        (b"GIF8", "this is a GIF picture"),
        (b"\x7fELF", "this is a program"),
        (b"SQLite format 3", "this is an SQLite database"),
    ];
    let known = KNOWN.iter().find(|(magic, _)| bytes.starts_with(magic));
    known.map(|(_, what)| *what)
}

/// Whether these are UTF-16 without a byte order mark: mostly ASCII, so that every other byte of
/// the beginning is NUL.
fn utf_16_by_nuls(bytes: &[u8]) -> Option<&'static Encoding> {
    // Hardly any file has one.
    if !opening(bytes).contains(&0) {
        return None;
    }
    let pairs = bytes
        .get(..bytes.len().min(OPENING))
        .unwrap_or_default()
        .chunks_exact(2);
    let (mut first, mut second, mut all) = (0, 0, 0);
    for pair in pairs {
        all += 1;
        first += usize::from(pair.first() == Some(&0));
        second += usize::from(pair.get(1) == Some(&0));
    }
    // Half of the pairs: enough for a text in a Latin alphabet, far more than stray NULs make.
    match (2 * first > all, 2 * second > all) {
        (false, true) if first * 20 <= all => Some(UTF_16LE),
        (true, false) if second * 20 <= all => Some(UTF_16BE),
        _ => None,
    }
}

fn utf_16(encoding: &'static Encoding, bytes: &[u8]) -> Cow<'static, str> {
    Cow::Owned(encoding.decode_without_bom_handling(bytes).0.into_owned())
}

/// UTF-8, when it is that for the most part.
fn utf_8(bytes: &[u8], whole: bool) -> Option<Cow<'_, str>> {
    let error = match std::str::from_utf8(bytes) {
        Ok(text) => return Some(Cow::Borrowed(text)),
        Err(error) => error,
    };
    if !whole && error.error_len().is_none() {
        let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
        return std::str::from_utf8(valid).ok().map(Cow::Borrowed);
    }
    // Legacy encodings hardly ever make a valid sequence of several bytes by chance; so a text
    // where those outweigh the errors is UTF-8 that something damaged.
    let (mut good, mut bad) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    (good > bad).then(|| String::from_utf8_lossy(bytes))
}

fn guess(bytes: &[u8]) -> Cow<'_, str> {
    let first = std::str::from_utf8(bytes)
        .err()
        .map_or(0, |error| error.valid_up_to());
    // Some ASCII before the first foreign byte tells the detector what word it stands in.
    let start = first.saturating_sub(64);
    let sample = bytes
        .get(start..(start + SAMPLE).min(bytes.len()))
        .unwrap_or_default();
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(sample, true);
    let encoding = detector.guess(None, Utf8Detection::Deny);
    encoding.decode_without_bom_handling(bytes).0
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utf_16_bytes(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn encodings_are_told_apart() {
        let text_ = "Ein Märchen – für “alle”.\nZweite Zeile.";
        assert_eq!(text(text_.as_bytes(), true), text_);
        assert_eq!(
            text(&[b"\xef\xbb\xbf", text_.as_bytes()].concat(), true),
            text_
        );
        for big in [false, true] {
            let bytes = utf_16_bytes(text_, big);
            assert_eq!(text(&bytes, true), text_, "no mark");
            assert_eq!(
                text(&utf_16_bytes(&format!("\u{feff}{text_}"), big), true),
                text_
            );
        }
        let (latin, _, _) = encoding_rs::WINDOWS_1252.encode(text_);
        assert_eq!(text(&latin, true), text_);
        let (cyrillic, _, _) =
            encoding_rs::WINDOWS_1251.encode("Все счастливые семьи похожи друг на друга");
        assert_eq!(
            text(&cyrillic, true),
            "Все счастливые семьи похожи друг на друга"
        );
    }

    #[test]
    fn a_name_does_not_make_a_text_of_binary_data() {
        let program = [b"\x7fELF\x02\x01\x01".as_slice(), &[0; 64]].concat();
        // Like compressed data: each byte as often as any other.
        let noise: Vec<u8> = (0..2048_u32).map(|n| (n * 197 % 256) as u8).collect();
        for bytes in [
            &program[..],
            &noise,
            &[0; 1000],
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            b"PK\x03\x04\x14",
            b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj",
        ] {
            assert!(surely_binary(bytes).is_some(), "{bytes:?}");
        }
        for text in [
            b"".as_slice(),
            b"a\0b",
            b"a\0b\x01\x02 and a few words more",
            b"%PDF- is how documents begin.",
            "GIF89a war ein Format für Bilder.".as_bytes(),
            b"\x1b[31mred\x1b[0m\x07\x08",
            b"na\xefve caf\xe9, in Latin-1",
            &utf_16_bytes("In sixteen bits, without a mark", false),
            &[b'\t'; 500],
        ] {
            assert_eq!(surely_binary(text), None, "{text:?}");
        }
    }

    #[test]
    fn damage_is_shown_and_not_spread() {
        assert_eq!(
            text(b"na\xc3\xafve \xff caf\xc3\xa9", true),
            "na\u{ef}ve \u{fffd} caf\u{e9}"
        );
        assert_eq!(
            text(
                b"\xed\xa0\x80 \xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9\xc3\xa9",
                true
            ),
            "\u{fffd}\u{fffd}\u{fffd} ééééé"
        );
        assert_eq!(text(b"a\0b and more text", true), "a\0b and more text");
    }

    #[test]
    fn a_character_cut_in_two_is_no_damage() {
        assert_eq!(text(b"plain caf\xc3", false), "plain caf");
        assert_ne!(text(b"plain caf\xc3", true), "plain caf");
    }

    proptest! {
        #[test]
        fn text_comes_back(given in "[^\u{0}\u{feff}]*") {
            prop_assert_eq!(text(given.as_bytes(), true), given.as_str());
        }

        #[test]
        fn anything_decodes(given in proptest::collection::vec(any::<u8>(), 0..200), whole: bool) {
            text(&given, whole);
        }
    }
}
