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

/// Decodes markup, which says itself what it is in: XML, and JSON.
///
/// In this order: a byte order mark, UTF-16 and UTF-32 told by their NULs, the charset that came with
/// the bytes, the XML declaration (XML 1.0, appendix F). Either is believed as far as the bytes agree:
/// what is valid UTF-8 with characters beyond ASCII is that, whatever it is said to be in, and what
/// does not fit what it is said to be in is guessed as any [`text`] is.
pub fn markup<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    said(bytes, [charset, declared(bytes)])
}

/// Decodes a web page: as [`markup`], with the charset that a `<meta>` near its beginning names.
pub fn page<'a>(bytes: &'a [u8], charset: Option<&str>) -> Cow<'a, str> {
    said(bytes, [charset, in_meta(bytes)])
}

/// Decodes what is said to be in one of these charsets.
fn said<'a>(bytes: &'a [u8], said: [Option<&str>; 2]) -> Cow<'a, str> {
    if let Some(text) = utf_32(bytes) {
        return Cow::Owned(text);
    }
    if is_wide(bytes) {
        return text(bytes, true);
    }
    if let Ok(text) = std::str::from_utf8(bytes)
        && (!bytes.is_ascii() || !bytes.contains(&0x1B))
    {
        return without_c1(text);
    }
    let said = said.into_iter().flatten();
    for encoding in said.filter_map(|it| Encoding::for_label(it.trim().as_bytes())) {
        // Who can read that this is UTF-16 does not read UTF-16 (HTML, 13.2.3.2).
        if encoding == UTF_16LE || encoding == UTF_16BE {
            continue;
        }
        if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
            return text;
        }
    }
    text(bytes, true)
}

/// The charset that a page names in a `<meta>` (HTML, 13.2.3.2), also in a declaration of XML.
fn in_meta(bytes: &[u8]) -> Option<&str> {
    const NEAR: usize = 4 * 1024;
    let opening = bytes.get(..bytes.len().min(NEAR))?;
    let word = b"charset";
    let mut at = 0;
    while let Some(found) = opening
        .get(at..)?
        .windows(word.len())
        .position(|it| it.eq_ignore_ascii_case(word))
    {
        at += found + word.len();
        let rest = opening.get(at..)?.trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else {
            continue;
        };
        let rest = rest.trim_ascii_start();
        let rest = rest
            .strip_prefix(b"\"")
            .or(rest.strip_prefix(b"'"))
            .unwrap_or(rest);
        let is_name = |it: &&u8| it.is_ascii_alphanumeric() || b"-_:.".contains(it);
        let length = rest.iter().take_while(is_name).count();
        let name = std::str::from_utf8(rest.get(..length)?).ok()?;
        if Encoding::for_label(name.as_bytes()).is_some() {
            return Some(name);
        }
    }
    declared(bytes)
}

/// Control characters that stand where windows-1252 has quotes and dashes, as these: somebody took that
/// for Latin-1, and wrote what came out in UTF-8.
fn without_c1(text: &str) -> Cow<'_, str> {
    let c1 = |c: char| ('\u{80}'..='\u{9f}').contains(&c);
    if text.is_ascii() || !text.contains(c1) {
        return Cow::Borrowed(text);
    }
    let meant = |c: char| match u8::try_from(u32::from(c)) {
        Ok(byte) if c1(c) => windows_1252(byte),
        _ => c,
    };
    Cow::Owned(text.chars().map(meant).collect())
}

/// The character that windows-1252 has for a byte.
pub fn windows_1252(byte: u8) -> char {
    let bytes = [byte];
    let (text, _) = encoding_rs::WINDOWS_1252.decode_without_bom_handling(&bytes);
    text.chars().next().unwrap_or('\u{fffd}')
}

/// The encoding that an XML declaration names.
fn declared(bytes: &[u8]) -> Option<&str> {
    let opening = bytes.get(..bytes.len().min(512))?;
    let start = opening.windows(5).position(|it| it == b"<?xml")?;
    let opening = opening.get(start..)?;
    let end = opening.windows(2).position(|it| it == b"?>")?;
    let declaration = std::str::from_utf8(opening.get(..end)?).ok()?;
    let (_, after) = declaration.split_once("encoding")?;
    let after = after.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    after.get(1..)?.split(quote).next()
}

/// UTF-32, told by its mark or by the NULs around the first characters.
fn utf_32(bytes: &[u8]) -> Option<String> {
    let (big, skip) = match bytes.get(..4)? {
        [0, 0, 0xFE, 0xFF] => (true, 4),
        [0xFF, 0xFE, 0, 0] if bytes.get(4..8).is_some_and(|it| it.ends_with(&[0, 0])) => (false, 4),
        [0, 0, 0, 1..=0x7F] => (true, 0),
        [1..=0x7F, 0, 0, 0] => (false, 0),
        _ => return None,
    };
    let (units, _) = bytes.get(skip..)?.as_chunks();
    let character = |unit: &[u8; 4]| {
        let code = if big {
            u32::from_be_bytes(*unit)
        } else {
            u32::from_le_bytes(*unit)
        };
        char::from_u32(code).unwrap_or('\u{fffd}')
    };
    Some(units.iter().map(character).collect())
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
        // In compressed data every tenth byte is such a one, and it is no UTF-8; what is UTF-8 is a text
        // that came to harm, unless there is hardly anything else in it.
        _ => {
            let bearable = if guessed(opening) { 16 } else { 2 };
            (strange > 8 && strange * bearable > opening.len()).then_some(BINARY)
        }
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
            "this is a ZIP archive (an office document, perhaps)",
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
    fn markup_is_believed_as_far_as_its_bytes_agree() {
        let of = |encoding: &'static Encoding, name: &str, words: &str| {
            let text = format!("<?xml version='1.0' encoding=\"{name}\"?><a>{words}</a>");
            let bytes = encoding.encode(&text).0.into_owned();
            (bytes, text)
        };
        use encoding_rs::{EUC_KR, ISO_8859_2, SHIFT_JIS, UTF_8, WINDOWS_1252};
        for (encoding, name, words) in [
            (EUC_KR, "euc-kr", "한국어"),
            (SHIFT_JIS, "Shift_JIS", "日本語"),
            (ISO_8859_2, "ISO-8859-2", "Łódź"),
            (WINDOWS_1252, "iso-8859-1", "naïve – “x”"),
            // What it says is not true.
            (UTF_8, "iso-8859-1", "naïve"),
            (WINDOWS_1252, "utf-8", "Ein Märchen für alle"),
            (UTF_8, "no-such-thing", "naïve"),
        ] {
            let (bytes, text) = of(encoding, name, words);
            assert_eq!(markup(&bytes, None), text, "{name}");
        }
        let (bytes, text) = of(ISO_8859_2, "x", "Łódź");
        assert_eq!(markup(&bytes, Some("iso-8859-2")), text);
        let wide = |big: bool, mark: &str| -> Vec<u8> {
            let bytes = |c: char| {
                let code = u32::from(c);
                if big {
                    code.to_be_bytes()
                } else {
                    code.to_le_bytes()
                }
            };
            format!("{mark}<a>日</a>").chars().flat_map(bytes).collect()
        };
        for (big, mark) in [
            (true, ""),
            (false, ""),
            (true, "\u{feff}"),
            (false, "\u{feff}"),
        ] {
            assert_eq!(markup(&wide(big, mark), None), "<a>日</a>");
        }
        for cut in 0..40 {
            let bytes = wide(false, "\u{feff}");
            let _ = markup(bytes.get(..cut).unwrap_or_default(), Some("utf-16"));
        }
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
            &b"---\ntitle: a\0b\x01\x02\n---\n".repeat(20),
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
