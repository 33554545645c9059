//! The names of files on the shelf: made of titles and of the addresses of pictures, and fit for any disk whatever those
//! hold.

use std::hash::Hasher;

use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::Timestamp;
use siphasher::sip::SipHasher13;
use unicode_width::UnicodeWidthChar;

use super::{before::AS_OF, pictures::Gotten};
use crate::{
    ingest,
    story::{Published, Story, clean, link},
};

/// Bytes of a title's part of a name: with the date, an ending and a number it stays far below the 255 that
/// file systems take.
const LONGEST: usize = 120;

/// A title as a part of a file's name: letters and digits in small letters, with dashes between words. Never
/// empty.
pub(super) fn slug(title: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(title);
    let lower = composed.to_lowercase();
    let mut slug = String::new();
    let mut gap = false;
    for c in lower.chars() {
        if !belongs(c) {
            // Not within "don't", nor before the first word.
            gap |= !matches!(c, '\'' | '’') && !slug.is_empty();
            continue;
        }
        let dash = usize::from(gap);
        if slug.len() + dash + c.len_utf8() > LONGEST {
            break;
        }
        if std::mem::take(&mut gap) {
            slug.push('-');
        }
        slug.push(c);
    }
    // The last word was cut where there is another one.
    if lower.len() > LONGEST
        && slug.len() > LONGEST - 8
        && let Some(end) = slug.rfind('-')
    {
        slug.truncate(end);
    }
    match slug.is_empty() {
        true => "story".to_owned(),
        false => slug,
    }
}

/// Whether a character may stand in a name: letters, digits, and what is written over them.
fn belongs(c: char) -> bool {
    let is_mark = || c.width() == Some(0) && !is_format(c);
    c.is_alphanumeric() || (!c.is_ascii() && !c.is_control() && is_mark())
}

/// Characters that take no room and are no marks: joiners, signs of direction, selectors, tags.
fn is_format(c: char) -> bool {
    matches!(
        u32::from(c),
        0xAD | 0x34F | 0x61C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F
            | 0x2028..=0x202E | 0x2060..=0x206F | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0
            | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCAF | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
    )
}

/// Names as those file systems compare them that take two for one: without case, and composed.
pub(super) fn folded(name: &str) -> String {
    let composed = ComposingNormalizerBorrowed::new_nfc().normalize(name);
    composed.to_lowercase()
}

/// The name of a story's file without its ending: `2026-11-20-the-knot`.
pub(super) fn stem(story: &Story, day: Option<Published>, now: Timestamp) -> String {
    let day = match story.published.or(day) {
        Some(Published::Day(day)) => day.to_string(),
        Some(Published::At(at)) => at.strftime("%Y-%m-%d").to_string(),
        Some(Published::Written(at)) => at.date().to_string(),
        None => now.strftime("%Y-%m-%d").to_string(),
    };
    let title = story.title.split(AS_OF).next().unwrap_or_default();
    format!("{day}-{}", slug(title))
}

/// How a picture's file is called: by the name that it had, and its content.
pub(super) fn picture_name(picture: &Gotten) -> String {
    let mut hasher = SipHasher13::new();
    hasher.write(&picture.bytes);
    let print = hasher.finish() as u32;
    let print = match picture.name {
        // By this they are told from stories: a letter may bring texts, pages, books.
        Some(_) => format!("{}{print:08x}", ingest::CAME_WITH),
        None => format!("-{print:08x}"),
    };
    let given = picture.name.as_deref().unwrap_or(&picture.src);
    let name = called(given, &print);
    format!("{name}{print}.{}", picture.ending)
}

/// The name that a picture has in its address, without what tells its content if it ends with that.
pub(super) fn called(src: &str, print: &str) -> String {
    let path = src.split(['?', '#']).next().unwrap_or_default();
    let last = match src.starts_with("data:") {
        true => "picture",
        false => path.rsplit('/').next().unwrap_or_default(),
    };
    let last = link::decode_percent(last);
    let last = last.rsplit_once('.').map_or(&*last, |(start, _)| start);
    let plain = match print {
        "" => last,
        // One that recto kept before has the number already.
        print => last.strip_suffix(print).unwrap_or(last),
    };
    let mut name = slug(&clean::line(plain));
    let mut end = name.len().min(40);
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    name.truncate(end);
    name.trim_end_matches('-').to_owned()
}

/// How a picture was called before a number that tells its content was added, by the name of its file.
pub(super) fn name_of(file: &str) -> Option<&str> {
    let (name, _) = file.rsplit_once('.')?;
    let (name, print) = name.rsplit_once('-')?;
    let is_print = print.len() == 8 && print.bytes().all(|it| it.is_ascii_hexdigit());
    (is_print && !file.contains('/')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_title_holds_its_name_is_plain() {
        let long = "word ".repeat(1000);
        let wide = "ß".repeat(300);
        for (title, want) in [
            ("The Knot: a Survivor's Story", "the-knot-a-survivors-story"),
            ("../../x", "x"),
            ("/etc/x", "etc-x"),
            ("..", "story"),
            ("", "story"),
            ("a\0b\nc", "a-b-c"),
            ("CON", "con"),
            ("-rf", "rf"),
            (".hidden", "hidden"),
            ("Ä\u{200d}b \u{202e}c", "ä-b-c"),
            ("e\u{301}te\u{301}", "été"),
            ("नमस्ते दुनिया", "नमस्ते-दुनिया"),
            ("👩‍🚀 🇺🇦", "story"),
            ("日本語 の 題", "日本語-の-題"),
        ] {
            assert_eq!(slug(title), want, "{title:?}");
        }
        assert!(slug(&long).ends_with("word") && slug(&long).len() <= LONGEST);
        assert!(slug(&wide).len() <= LONGEST);
        assert_eq!(folded("Caf\u{e9}.md"), folded("cafe\u{301}.MD"));
    }
}
